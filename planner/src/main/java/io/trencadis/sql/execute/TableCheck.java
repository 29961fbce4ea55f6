package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Checks at one timestamp that tables and indexes agree: each row is under its own key and in its
/// own shard, and has its entry in each index; each entry has its row, which has these values.
/// Since an entry alone makes a unique key, two rows with the same one show as a row whose entry
/// leads to the other. Of indexes with expressions or a predicate only the entries' rows are looked
/// for.
///
/// Reads the shards directly, without a transaction. Confined to one thread.
public final class TableCheck {
  private static final int MOST_FAULTS = 100;
  private static final int RELATION_BYTES = 4;

  private final List<ShardStore> shards;
  private final long timestamp;
  private final LongConsumer progress;
  private final List<String> faults = new ArrayList<>();
  private long faultCount;
  private long tables;
  private long rows;
  private long indexes;
  private long entries;

  /// What was found.
  ///
  /// @param tables with rows of their own
  /// @param indexes with entries of their own: not primary keys, which are the tables' order
  /// @param faults what is wrong, each with its place; the first hundred
  /// @param faultCount how much is wrong
  public record Report(
      long tables, long rows, long indexes, long entries, List<String> faults, long faultCount) {
    public Report {
      faults = List.copyOf(faults);
    }

    public boolean isSound() {
      return faultCount == 0;
    }
  }

  /// @param timestamp at which everything is read; nothing may have been dropped that it needs
  /// @param progress told of rows and entries as they are read
  public TableCheck(List<ShardStore> shards, long timestamp, LongConsumer progress) {
    this.shards = List.copyOf(shards);
    this.timestamp = timestamp;
    this.progress = progress;
  }

  /// Checks all tables of a catalog.
  public Report run(Catalog catalog) {
    for (TableDescriptor table : catalog.all(TableDescriptor.class)) {
      if (table.relationId() != 0 && table.placement() != null) {
        check(catalog, table);
      }
    }
    return new Report(tables, rows, indexes, entries, faults, faultCount);
  }

  private void fault(String text) {
    faultCount++;
    if (faults.size() < MOST_FAULTS) {
      faults.add(text);
    }
  }

  private void check(Catalog catalog, TableDescriptor descriptor) {
    String name = name(catalog, descriptor);
    tables++;
    try {
      StoredTable table = new StoredTable(descriptor);
      indexes += table.indexes().size();
      for (int shard = 0; shard < shards.size(); shard++) {
        checkRows(name, table, shard);
        for (StoredIndex index : table.indexes()) {
          checkEntries(name, table, index, shard);
        }
      }
    } catch (SqlException e) {
      String detail = e.fields().get(SqlException.Field.DETAIL);
      fault(
          "table "
              + name
              + " could not be checked to its end: "
              + e.getMessage()
              + (detail == null ? "" : ": " + detail));
    }
  }

  private static String name(Catalog catalog, TableDescriptor table) {
    Descriptor schema = catalog.byOid(table.schemaOid());
    Descriptor database = catalog.byOid(table.databaseOid());
    return (database == null ? "" : database.name() + ".")
        + (schema == null ? "" : schema.name() + ".")
        + table.name();
  }

  private void checkRows(String name, StoredTable table, int shard) {
    RowScan scan = scan(table.relation().relationId(), shard);
    boolean copies = isOfCopies(table, shard);
    while (scan.next()) {
      progress.accept(1);
      byte[] key = scan.key();
      if (copies) {
        checkCopy(name, table, shard, key, scan.value());
        continue;
      }
      rows++;
      Object[] row = decode(table, scan.value());
      if (row == null) {
        fault("table " + name + ": the row under key " + hex(key, shard) + " cannot be read");
        continue;
      }
      checkRow(name, table, shard, key, row);
    }
  }

  /// Whether a shard has only copies of a table's rows.
  private static boolean isOfCopies(StoredTable table, int shard) {
    return IntStream.of(table.placement().copies()).anyMatch(each -> each == shard);
  }

  private void checkCopy(String name, StoredTable table, int shard, byte[] key, byte[] copy) {
    int home = table.placement().shards()[0];
    byte[] row = shards.get(home).get(key, timestamp);
    if (row == null) {
      fault("table " + name + ": the copy under key " + hex(key, shard) + " is of no row");
    } else if (!Arrays.equals(row, copy)) {
      fault("table " + name + ": the copy under key " + hex(key, shard) + " is not like its row");
    }
  }

  private void checkCopies(String name, StoredTable table, int shard, byte[] key) {
    for (int other : table.placement().copies()) {
      if (shards.get(other).get(key, timestamp) == null) {
        fault(
            "table "
                + name
                + ": the row under key "
                + hex(key, shard)
                + " has no copy in shard "
                + other);
      }
    }
  }

  private static Object[] decode(StoredTable table, byte[] value) {
    try {
      return table.decode(value);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | SqlException damaged) {
      return null;
    }
  }

  private static byte[] partition(StoredTable table, byte[] key, Object[] row) {
    return table.partitionColumns().width() == 0
        ? Arrays.copyOfRange(key, RELATION_BYTES, key.length)
        : table.partitionColumns().bytesOf(row);
  }

  private void checkRow(String name, StoredTable table, int shard, byte[] key, Object[] row) {
    if (table.key() != null && !Arrays.equals(table.key().keyOf(row), key)) {
      fault("table " + name + ": the row under key " + hex(key, shard) + " has another key");
      return;
    }
    byte[] partition = partition(table, key, row);
    int home = table.placement().shardOf(partition);
    if (home != shard) {
      fault(
          "table " + name + ": the row under key " + hex(key, shard) + " belongs in shard " + home);
    }
    checkCopies(name, table, shard, key);
    for (StoredIndex index : table.indexes()) {
      if (!index.descriptor().valid()) {
        // Its build has not come to its end.
        continue;
      }
      if (index.inverted() && index.descriptor().isPlain()) {
        checkTerms(name, table, index, shard, key, row);
        continue;
      }
      if (!index.descriptor().isPlain()) {
        // What it computes from a row takes a session to compute.
        continue;
      }
      byte[] entryKey = index.entryKey(row, key);
      int entryShard = index.shardOf(row, partition);
      byte[] entry = shards.get(entryShard).get(entryKey, timestamp);
      if (entry == null) {
        fault(
            place(name, index)
                + " has no entry for the row "
                + described(table, index, row)
                + " under key "
                + hex(key, shard));
      } else if (!Arrays.equals(StoredIndex.rowKey(entry), key)) {
        fault(
            place(name, index)
                + ": the entry for the row "
                + described(table, index, row)
                + " under key "
                + hex(key, shard)
                + " leads to another row"
                + (index.enforcesUniqueness(row) ? ": two rows have a key that is unique" : ""));
      } else if (index.rowShard(entry) != shard) {
        fault(
            place(name, index)
                + ": the entry for the row under key "
                + hex(key, shard)
                + " leads to shard "
                + index.rowShard(entry));
      }
    }
  }

  private void checkTerms(
      String name, StoredTable table, StoredIndex index, int shard, byte[] key, Object[] row) {
    for (byte[] entryKey : index.entryKeys(row, key)) {
      byte[] entry = shards.get(shard).get(entryKey, timestamp);
      if (entry == null) {
        fault(
            place(name, index)
                + " lacks an entry for the row "
                + described(table, index, row)
                + " under key "
                + hex(key, shard));
      } else if (!Arrays.equals(StoredIndex.rowKey(entry), key)) {
        fault(
            place(name, index)
                + ": the entry "
                + hex(entryKey, shard)
                + " leads to another row than its own");
      }
    }
  }

  /// Whether an entry is one that an index has of a row.
  private static boolean belongs(
      StoredIndex index,
      byte[] entryKey,
      int shard,
      byte[] partition,
      Object[] row,
      byte[] rowKey) {
    if (!index.descriptor().isPlain()) {
      return true;
    }
    boolean known =
        index.inverted()
            ? index.entryKeys(row, rowKey).stream().anyMatch(key -> Arrays.equals(key, entryKey))
            : Arrays.equals(index.entryKey(row, rowKey), entryKey);
    return known && index.shardOf(row, partition) == shard;
  }

  private void checkEntries(String name, StoredTable table, StoredIndex index, int shard) {
    RowScan scan = scan(index.relation().relationId(), shard);
    byte[] before = null;
    while (scan.next()) {
      entries++;
      progress.accept(1);
      byte[] entryKey = scan.key();
      byte[] rowKey;
      int rowShard;
      try {
        rowKey = StoredIndex.rowKey(scan.value());
        rowShard = index.rowShard(scan.value());
      } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
        fault(place(name, index) + ": the entry " + hex(entryKey, shard) + " cannot be read");
        continue;
      }
      byte[] stored = shards.get(rowShard).get(rowKey, timestamp);
      if (stored == null) {
        fault(
            place(name, index)
                + ": the entry "
                + hex(entryKey, shard)
                + " leads to a row that is not there, under key "
                + hex(rowKey, rowShard));
        continue;
      }
      Object[] row = decode(table, stored);
      // One that cannot be read was told of by the walk over the rows.
      if (row != null
          && !belongs(index, entryKey, shard, partition(table, rowKey, row), row, rowKey)) {
        fault(
            place(name, index)
                + ": the entry "
                + hex(entryKey, shard)
                + " is not that of the row it leads to, which has "
                + described(table, index, row));
      } else if (row != null && index.descriptor().deferrable() && index.keepsUnique(row)) {
        byte[] columns = index.key().keyOf(row);
        if (Arrays.equals(before, columns)) {
          fault(
              place(name, index)
                  + ": two rows have a key that is unique: "
                  + described(table, index, row));
        }
        before = columns;
      }
    }
  }

  private RowScan scan(int relationId, int shard) {
    return shards
        .get(shard)
        .scan(Keys.relationStart(relationId), Keys.relationEnd(relationId), timestamp, false);
  }

  private static String place(String table, StoredIndex index) {
    return "index " + index.descriptor().name() + " of table " + table;
  }

  private static String hex(byte[] key, int shard) {
    return HexFormat.of().formatHex(key) + " in shard " + shard;
  }

  /// The row's values of the index's columns, as in `(id)=(5)`.
  private static String described(StoredTable table, StoredIndex index, Object[] row) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (KeyPart part : index.descriptor().parts()) {
      int place = table.place(part.column());
      names.add(Identifiers.quote(table.column(place).name()));
      Object value = row[place];
      values.add(value == null ? "null" : table.codec(place).format(value, TypeContext.DEFAULTS));
    }
    return "(" + String.join(", ", names) + ")=(" + String.join(", ", values) + ")";
  }
}
