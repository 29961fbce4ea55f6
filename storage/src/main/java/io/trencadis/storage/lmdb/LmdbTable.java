package io.trencadis.storage.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// A named table of an environment (`MDB_dbi`): keys of 1 to 511 bytes, ordered as unsigned bytes,
/// with a value each. Keys and values are given as direct buffers, from position to limit.
///
/// @param number LMDB's handle
public record LmdbTable(int number) {
  /// Looks a key up.
  ///
  /// @return the value, to be read before the next call with this transaction; or null
  public LmdbBytes get(LmdbTransaction txn, ByteBuffer key) {
    Values values = txn.values;
    values.key(key);
    return Lmdb.found(
            "mdb_get", Lmdb.GET, txn.handle(), number, values.keyAt(), values.valueAt(), 0)
        ? values.value()
        : null;
  }

  /// Sets a key's value.
  public void put(LmdbTransaction txn, ByteBuffer key, ByteBuffer value) {
    Values values = txn.values;
    values.key(key);
    values.value(value);
    Lmdb.check("mdb_put", Lmdb.PUT, txn.handle(), number, values.keyAt(), values.valueAt(), 0);
  }

  /// Takes a key out.
  ///
  /// @return whether it was there
  public boolean delete(LmdbTransaction txn, ByteBuffer key) {
    Values values = txn.values;
    values.key(key);
    return Lmdb.found("mdb_del", Lmdb.DEL, txn.handle(), number, values.keyAt(), 0, 0);
  }

  /// Opens a cursor, which stands nowhere yet.
  public LmdbCursor openCursor(LmdbTransaction txn) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
      Lmdb.check("mdb_cursor_open", Lmdb.CURSOR_OPEN, txn.handle(), number, result.address(), 0, 0);
      return new LmdbCursor(result.get(ValueLayout.JAVA_LONG, 0), txn.readsPages());
    }
  }

  /// The sizes of the table as the transaction sees it.
  public Statistics statistics(LmdbTransaction txn) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(5 * Long.BYTES, Long.BYTES);
      Lmdb.check("mdb_stat", Lmdb.STAT, txn.handle(), number, stat.address(), 0, 0);
      return new Statistics(
          stat.getAtIndex(ValueLayout.JAVA_INT, 0),
          stat.getAtIndex(ValueLayout.JAVA_INT, 1),
          stat.getAtIndex(ValueLayout.JAVA_LONG, 1),
          stat.getAtIndex(ValueLayout.JAVA_LONG, 2),
          stat.getAtIndex(ValueLayout.JAVA_LONG, 3),
          stat.getAtIndex(ValueLayout.JAVA_LONG, 4));
    }
  }

  /// The sizes of a table (`MDB_stat`).
  ///
  /// @param pageBytes bytes of a page
  /// @param depth levels of the tree
  /// @param branchPages pages above the leaves
  /// @param leafPages pages with keys and short values
  /// @param overflowPages pages of long values
  /// @param entries keys
  public record Statistics(
      int pageBytes,
      int depth,
      long branchPages,
      long leafPages,
      long overflowPages,
      long entries) {
    /// Of all its pages.
    public long bytes() {
      return (branchPages + leafPages + overflowPages) * pageBytes;
    }
  }
}
