package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.Placement;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.DecimalColumn;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.sql.batch.ObjectColumn;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.NumericCodec;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.WholeNumberCodec;
import io.trencadis.storage.RowBlock;
import io.trencadis.storage.encoding.ColumnBits;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.storage.encoding.RowReader;
import io.trencadis.storage.encoding.RowWriter;
import io.trencadis.txn.RelationRef;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// A table as the executor sees it: how its rows become bytes and where they are. A row is an array
/// with one value for each live column, in order. Made from a descriptor; immutable and
/// thread-safe.
public final class StoredTable {
  private final TableDescriptor descriptor;
  private final RelationRef relation;
  private final io.trencadis.sql.catalog.Column[] columns;
  private final TypeCodec[] codecs;
  private final Object[] missing;
  private final int storedColumns;
  private final KeyCodec key;
  private final PartitionColumns partitionColumns;
  private final Placement placement;
  private final List<StoredIndex> indexes;
  private final StoredTable destination;

  public StoredTable(TableDescriptor descriptor) {
    this.descriptor = descriptor;
    this.relation =
        new RelationRef(descriptor.relationId(), descriptor.version(), descriptor.name());
    this.columns = descriptor.liveColumns().toArray(new io.trencadis.sql.catalog.Column[0]);
    this.codecs = new TypeCodec[columns.length];
    this.missing = new Object[columns.length];
    this.storedColumns = descriptor.columns().size();
    for (int i = 0; i < columns.length; i++) {
      PgType type = Types.byOid(columns[i].typeOid());
      codecs[i] = type.codec(columns[i].collation());
      if (columns[i].missingText() != null) {
        missing[i] =
            codecs[i].parse(columns[i].missingText(), columns[i].typmod(), TypeContext.DEFAULTS);
      }
    }
    this.key =
        descriptor.primaryKey() == null
            ? null
            : keyCodec(descriptor.relationId(), descriptor.primaryKey().parts());
    this.placement = PlacementFactory.of(descriptor.placement());
    this.partitionColumns = partitionColumns(descriptor.placement());
    List<StoredIndex> all = new ArrayList<>();
    for (IndexDescriptor index : descriptor.indexes()) {
      if (!index.ordersRows() && index.ready()) {
        all.add(new StoredIndex(this, index));
      }
    }
    this.indexes = List.copyOf(all);
    this.destination =
        descriptor.relocation() == null ? null : new StoredTable(descriptor.relocated());
  }

  KeyCodec keyCodec(int relationId, List<KeyPart> parts) {
    int n = parts.size();
    int[] places = new int[n];
    TypeCodec[] partCodecs = new TypeCodec[n];
    boolean[] descending = new boolean[n];
    boolean[] nullsFirst = new boolean[n];
    int expressions = 0;
    for (int i = 0; i < n; i++) {
      IndexExpression expression = parts.get(i).expression();
      if (expression == null) {
        places[i] = place(parts.get(i).column());
        partCodecs[i] = codecs[places[i]];
      } else {
        // Values of expressions come after the row's columns.
        places[i] = columns.length + expressions++;
        partCodecs[i] = Types.byOid(expression.typeOid()).codec(expression.collation());
      }
      descending[i] = parts.get(i).descending();
      nullsFirst[i] = parts.get(i).nullsFirst();
    }
    return new KeyCodec(relationId, places, partCodecs, descending, nullsFirst);
  }

  PartitionColumns partitionColumns(PlacementDescriptor where) {
    List<Integer> numbers =
        switch (where) {
          case null -> List.of();
          case PlacementDescriptor.Hash hash -> hash.columns();
          case PlacementDescriptor.Range range -> range.columns();
          case PlacementDescriptor.Single _, PlacementDescriptor.Replicated _ -> List.of();
        };
    int[] places = new int[numbers.size()];
    TypeCodec[] partCodecs = new TypeCodec[places.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = place(numbers.get(i));
      partCodecs[i] = codecs[places[i]];
    }
    return new PartitionColumns(places, partCodecs);
  }

  public TableDescriptor descriptor() {
    return descriptor;
  }

  public RelationRef relation() {
    return relation;
  }

  public int width() {
    return columns.length;
  }

  public io.trencadis.sql.catalog.Column column(int place) {
    return columns[place];
  }

  public TypeCodec codec(int place) {
    return codecs[place];
  }

  /// The place of the column with that number in a row of live columns.
  public int place(int columnNumber) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].number() == columnNumber) {
        return i;
      }
    }
    throw SqlException.internal(
        "table " + descriptor.name() + " has no live column " + columnNumber);
  }

  /// The primary key, or null where rows are keyed by a hidden row id.
  public KeyCodec key() {
    return key;
  }

  public Placement placement() {
    return placement;
  }

  public PartitionColumns partitionColumns() {
    return partitionColumns;
  }

  /// The table that its rows are on their way to, which differs in where they are; null if they
  /// stay.
  StoredTable destination() {
    return destination;
  }

  /// The key of a row of another table with the same key columns, here.
  byte[] keyLike(byte[] otherKey) {
    byte[] key = otherKey.clone();
    byte[] first = firstKey();
    System.arraycopy(first, 0, key, 0, first.length);
    return key;
  }

  /// The indexes that have entries of their own.
  public List<StoredIndex> indexes() {
    return indexes;
  }

  /// The bytes that decide a row's shard: its partition columns, or its row id.
  byte[] partitionBytes(Object[] row, long rowId) {
    return partitionBytes(row, rowId, new KeyWriter());
  }

  /// The same, with a writer that is used again and again.
  byte[] partitionBytes(Object[] row, long rowId, KeyWriter out) {
    return partitionColumns.width() == 0
        ? out.reset().putLong(rowId).toByteArray()
        : partitionColumns.bytesOf(row, out.reset());
  }

  byte[] keyOf(Object[] row, long rowId) {
    return keyOf(row, rowId, new KeyWriter());
  }

  /// The same, with a writer that is used again and again.
  byte[] keyOf(Object[] row, long rowId, KeyWriter out) {
    return key != null
        ? key.keyOf(row, out.reset())
        : out.reset().relation(relation.relationId()).putLong(rowId).toByteArray();
  }

  /// The first key of the table in any shard.
  byte[] firstKey() {
    return new KeyWriter().relation(relation.relationId()).toByteArray();
  }

  byte[] encode(Object[] row) {
    return encode(row, new RowWriter());
  }

  /// The same, with a writer that is used again and again.
  byte[] encode(Object[] row, RowWriter out) {
    out.begin();
    int next = 0;
    for (int number = 1; number <= storedColumns; number++) {
      if (next == columns.length || columns[next].number() != number) {
        out.nullColumn();
        continue;
      }
      Object value = row[next];
      if (value == null) {
        out.nullColumn();
      } else {
        ByteWriter body = out.body();
        codecs[next].encodeRow(value, body);
        out.endColumn();
      }
      next++;
    }
    return out.finish();
  }

  /// Whether a row of `other` has the same bytes here: the same columns, each of them written.
  boolean storesLike(StoredTable other) {
    if (storedColumns != other.storedColumns
        || columns.length != storedColumns
        || other.columns.length != storedColumns) {
      return false;
    }
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].typeOid() != other.columns[i].typeOid() || other.missing[i] != null) {
        return false;
      }
    }
    return true;
  }

  /// Columns as rows have them stored.
  ///
  /// @param places of the columns
  public long columnBits(BitSet places) {
    return places.stream()
        .mapToLong(place -> ColumnBits.of(columns[place].number() - 1))
        .reduce(ColumnBits.NONE, (some, one) -> some | one);
  }

  /// One column of a stored row.
  Object decode(byte[] bytes, int place) {
    return decode(bytes, RowReader.locate(bytes, columns[place].number() - 1), place);
  }

  private Object decode(byte[] bytes, long located, int place) {
    if (located < 0) {
      return located == RowReader.NULL ? null : missing[place];
    }
    return codecs[place].decodeRow(bytes, (int) (located >> 32), (int) located);
  }

  /// One column of several stored rows.
  ///
  /// @param stored by place
  /// @param places of the rows that count
  Column column(RowBlock stored, int[] places, int count, int column) {
    return switch (codecs[column]) {
      case WholeNumberCodec whole -> numbers(whole, stored, places, count, column);
      case NumericCodec _ -> {
        Column decimals = decimals(stored, places, count, column);
        yield decimals != null ? decimals : objects(stored, places, count, column);
      }
      default -> objects(stored, places, count, column);
    };
  }

  private Column numbers(
      WholeNumberCodec codec, RowBlock stored, int[] places, int count, int column) {
    int number = columns[column].number() - 1;
    long[] values = new long[stored.count()];
    boolean[] nulls = null;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      byte[] row = stored.array(place);
      long located = RowReader.locate(row, stored.start(place), number);
      if (located >= 0) {
        values[place] = codec.decodeNumber(row, (int) (located >> 32), (int) located);
      } else if (located == RowReader.ABSENT && missing[column] != null) {
        values[place] = codec.unbox(missing[column]);
      } else {
        nulls = nulls == null ? new boolean[stored.count()] : nulls;
        nulls[place] = true;
      }
    }
    return new LongColumn(codec, values, nulls);
  }

  /// Null where not all of them have the same scale and fit into longs.
  private Column decimals(RowBlock stored, int[] places, int count, int column) {
    int number = columns[column].number() - 1;
    long[] values = new long[stored.count()];
    boolean[] nulls = null;
    int scale = -1;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      byte[] row = stored.array(place);
      long located = RowReader.locate(row, stored.start(place), number);
      if (located >= 0) {
        int offset = (int) (located >> 32);
        int own = NumericCodec.smallScale(row, offset, (int) located);
        if (own < 0 || (own != scale && scale >= 0)) {
          return null;
        }
        scale = own;
        values[place] = NumericCodec.unscaled(row, offset, (int) located);
      } else if (located == RowReader.ABSENT && missing[column] != null) {
        return null;
      } else {
        nulls = nulls == null ? new boolean[stored.count()] : nulls;
        nulls[place] = true;
      }
    }
    return new DecimalColumn(values, Math.max(0, scale), nulls);
  }

  private Column objects(RowBlock stored, int[] places, int count, int column) {
    Object[] values = new Object[stored.count()];
    int number = columns[column].number() - 1;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      byte[] row = stored.array(place);
      values[place] = decode(row, RowReader.locate(row, stored.start(place), number), column);
    }
    return new ObjectColumn(values);
  }

  /// The columns at `places`, into their places of a row; the others stay as they are.
  void decode(byte[] bytes, int[] places, Object[] row) {
    for (int place : places) {
      row[place] = decode(bytes, place);
    }
  }

  /// All columns of a stored row.
  Object[] decode(byte[] bytes) {
    Object[] row = new Object[columns.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = decode(bytes, i);
    }
    return row;
  }
}
