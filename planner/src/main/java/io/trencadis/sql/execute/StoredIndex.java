package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Placement;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.txn.RelationRef;
import java.util.Arrays;

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

  StoredIndex(StoredTable table, IndexDescriptor descriptor) {
    this.table = table;
    this.descriptor = descriptor;
    this.relation =
        new RelationRef(descriptor.relationId(), table.descriptor().version(), descriptor.name());
    this.key = table.keyCodec(descriptor.relationId(), descriptor.parts());
    this.placement = PlacementFactory.of(descriptor.placement());
    this.partitionColumns = table.partitionColumns(descriptor.placement());
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
