package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Placement;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.txn.RelationRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An index with entries of its own. An entry's key is the indexed columns and, unless the entry
/// alone makes the key unique, the row's key; its value says where the row is: the length of the
/// row's partition bytes (two bytes), those bytes, the row's key. Immutable and thread-safe.
public final class StoredIndex {
  /// PostgreSQL's own limit on the size of a B-tree entry.
  static final int MAX_KEY_BYTES = 2704;

  private final StoredTable table;
  private final IndexDescriptor descriptor;
  private final RelationRef relation;
  private final KeyCodec key;
  private final Placement placement;
  private final PartitionColumns partitionColumns;
  private final InvertedTerms[] terms;

  StoredIndex(StoredTable table, IndexDescriptor descriptor) {
    this.table = table;
    this.descriptor = descriptor;
    this.relation =
        new RelationRef(descriptor.relationId(), table.descriptor().version(), descriptor.name());
    this.key = table.keyCodec(descriptor.relationId(), descriptor.parts());
    this.placement = PlacementFactory.of(descriptor.placement());
    this.partitionColumns = table.partitionColumns(descriptor.placement());
    this.terms = descriptor.inverted() ? new InvertedTerms[descriptor.parts().size()] : null;
    for (int part = 0; terms != null && part < terms.length; part++) {
      KeyPart indexed = descriptor.parts().get(part);
      PgType type =
          Types.byOid(
              indexed.expression() != null
                  ? indexed.expression().typeOid()
                  : table.column(table.place(indexed.column())).typeOid());
      terms[part] =
          InvertedTerms.of(
              indexed.operatorClass(),
              type.baseType().isArray() ? type.baseType().elementType().codec() : null);
    }
  }

  /// Whether it has an entry for each term of a value.
  boolean inverted() {
    return terms != null;
  }

  /// The terms of one of its columns.
  InvertedTerms terms(int part) {
    return terms[part];
  }

  /// What all entries with a term begin with.
  ///
  /// @param term empty for all terms of the column
  byte[] termKey(int part, byte[] term) {
    return key.begin().putRaw(new byte[] {(byte) part}).putRaw(term).toByteArray();
  }

  /// The keys of a row's entries in an inverted index, in order. Nulls have none: no search finds
  /// them.
  List<byte[]> entryKeys(Object[] row, byte[] rowKey) {
    List<byte[]> keys = new ArrayList<>();
    for (int part = 0; part < terms.length; part++) {
      Object value = row[key.columns()[part]];
      if (value == null) {
        continue;
      }
      for (byte[] term : terms[part].of(value)) {
        byte[] begin = termKey(part, term);
        requireSize(begin.length);
        byte[] entry = Arrays.copyOf(begin, begin.length + rowKey.length);
        System.arraycopy(rowKey, 0, entry, begin.length, rowKey.length);
        keys.add(entry);
      }
    }
    return keys;
  }

  private void requireSize(int length) {
    if (length > MAX_KEY_BYTES) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "index row size "
              + length
              + " exceeds maximum "
              + MAX_KEY_BYTES
              + " for index \""
              + descriptor.name()
              + "\"");
    }
  }

  int tableOid() {
    return table.descriptor().oid();
  }

  public IndexDescriptor descriptor() {
    return descriptor;
  }

  public RelationRef relation() {
    return relation;
  }

  public KeyCodec key() {
    return key;
  }

  public Placement placement() {
    return placement;
  }

  public PartitionColumns partitionColumns() {
    return partitionColumns;
  }

  /// Whether the entry of this row is kept from being there twice.
  boolean enforcesUniqueness(Object[] row) {
    return !descriptor.deferrable() && keepsUnique(row);
  }

  /// What the entries of all rows begin with that an exclusion constraint may compare with this
  /// one.
  byte[] equalKey(Object[] row) {
    KeyWriter out = key.begin();
    for (int part = 0; part < descriptor.equalParts(); part++) {
      key.put(out, part, row[key.columns()[part]]);
    }
    return out.toByteArray();
  }

  /// Whether no other row may have the same key, at the latest when the transaction ends.
  boolean keepsUnique(Object[] row) {
    return descriptor.unique() && (descriptor.nullsNotDistinct() || !key.hasNull(row));
  }

  byte[] entryKey(Object[] row, byte[] rowKey) {
    byte[] columns = key.keyOf(row);
    if (columns.length > MAX_KEY_BYTES) {
      throw new SqlException(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              "index row size "
                  + columns.length
                  + " exceeds btree version 4 maximum "
                  + MAX_KEY_BYTES
                  + " for index \""
                  + descriptor.name()
                  + "\"")
          .hint(
              "Values larger than 1/3 of a buffer page cannot be indexed.\n"
                  + "Consider a function index of an MD5 hash of the value, or use full text indexing.");
    }
    if (enforcesUniqueness(row)) {
      return columns;
    }
    byte[] entry = Arrays.copyOf(columns, columns.length + rowKey.length);
    System.arraycopy(rowKey, 0, entry, columns.length, rowKey.length);
    return entry;
  }

  static byte[] entryValue(byte[] partitionBytes, byte[] rowKey) {
    return new ByteWriter(2 + partitionBytes.length + rowKey.length)
        .putShort(partitionBytes.length)
        .putBytes(partitionBytes)
        .putBytes(rowKey)
        .toByteArray();
  }

  /// The key of the row that an entry points to.
  static byte[] rowKey(byte[] entryValue) {
    return Arrays.copyOfRange(entryValue, 2 + partitionLength(entryValue), entryValue.length);
  }

  /// The shard of the row that an entry points to.
  int rowShard(byte[] entryValue) {
    int length = partitionLength(entryValue);
    return table.placement().shardOf(Arrays.copyOfRange(entryValue, 2, 2 + length));
  }

  private static int partitionLength(byte[] entryValue) {
    return ((entryValue[0] & 0xff) << 8) | (entryValue[1] & 0xff);
  }

  /// The shard of an entry: its row's, where the index is partitioned like its table.
  int shardOf(Object[] row, byte[] rowPartitionBytes) {
    if (descriptor.placement() instanceof PlacementDescriptor.Single single) {
      return single.shard();
    }
    return partitionColumns.width() == 0
        ? placement.shardOf(rowPartitionBytes)
        : placement.shardOf(partitionColumns.bytesOf(row));
  }
}
