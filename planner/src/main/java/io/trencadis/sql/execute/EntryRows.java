package io.trencadis.sql.execute;

import io.trencadis.storage.encoding.KeyReader;

/// Rows made of the entries of an index that has all columns that are looked at, in its own key or
/// in the row's key, which entries name: the rows themselves are not read. Immutable and
/// thread-safe.
public final class EntryRows {
  private final KeyCodec entryKey;
  private final int entryParts;
  private final KeyCodec rowKey;
  private final int rowParts;

  private EntryRows(KeyCodec entryKey, int entryParts, KeyCodec rowKey, int rowParts) {
    this.entryKey = entryKey;
    this.entryParts = entryParts;
    this.rowKey = rowKey;
    this.rowParts = rowParts;
  }

  /// How rows are made of entries; null where these do not have all that is needed, or not as it
  /// was stored.
  ///
  /// @param needed places of columns
  public static EntryRows of(StoredTable table, StoredIndex index, int[] needed) {
    int entryParts = 0;
    int rowParts = 0;
    for (int place : needed) {
      int part = part(index.key(), place);
      if (part >= 0) {
        entryParts = Math.max(entryParts, part + 1);
        continue;
      }
      part = part(table.key(), place);
      if (part < 0) {
        return null;
      }
      rowParts = Math.max(rowParts, part + 1);
    }
    return new EntryRows(index.key(), entryParts, table.key(), rowParts);
  }

  /// Where a key has a column so that it can be read back; -1 where it has not.
  private static int part(KeyCodec key, int place) {
    for (int part = 0; key != null && part < key.width(); part++) {
      if (!key.codec(part).keyKeepsLooks()) {
        // Nor can what comes behind it be told.
        return -1;
      }
      if (key.columns()[part] == place) {
        return part;
      }
    }
    return -1;
  }

  /// Fills in the columns of an entry's row.
  void fill(Object[] row, byte[] key, byte[] value) {
    fill(row, key, entryKey, entryParts);
    if (rowParts > 0) {
      fill(row, StoredIndex.rowKey(value), rowKey, rowParts);
    }
  }

  private static void fill(Object[] row, byte[] bytes, KeyCodec key, int parts) {
    if (parts == 0) {
      return;
    }
    KeyReader in = new KeyReader(bytes);
    in.relation();
    for (int part = 0; part < parts; part++) {
      Object value = in.beginColumn(key.descending(part)) ? key.codec(part).decodeKey(in) : null;
      int place = key.columns()[part];
      if (place < row.length) {
        row[place] = value;
      }
    }
  }
}
