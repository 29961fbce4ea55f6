package io.trencadis.storage.lmdb;

import java.nio.ByteBuffer;

/// A place in a table (`MDB_cursor`). One thread at a time may use it. A writer's cursors have to
/// be closed before their transaction ends; a reader's may be used again with [#renew].
public final class LmdbCursor implements AutoCloseable {
  private static final int FIRST = 0;
  private static final int LAST = 6;
  private static final int NEXT = 8;
  private static final int PREVIOUS = 12;
  private static final int AT = 15;
  private static final int AT_OR_ABOVE = 17;
  private static final int APPEND = 0x20000;

  private final Values values = new Values();
  private final boolean readsPages;
  private long cursor;

  /// @param readsPages whether pages lie in the map of the file, and are as long as they have to be
  LmdbCursor(long cursor, boolean readsPages) {
    this.cursor = cursor;
    this.readsPages = readsPages;
  }

  /// Goes on with a reader's transaction that was renewed.
  public void renew(LmdbTransaction txn) {
    Lmdb.check("mdb_cursor_renew", Lmdb.CURSOR_RENEW, txn.handle(), cursor, 0, 0, 0);
  }

  /// Moves to the first entry.
  ///
  /// @return false if there is none
  public boolean first() {
    return move(FIRST);
  }

  /// Moves to the last entry.
  ///
  /// @return false if there is none
  public boolean last() {
    return move(LAST);
  }

  /// Moves to the next entry, or the first if the cursor stands nowhere.
  ///
  /// @return false if there is none
  public boolean next() {
    return move(NEXT);
  }

  /// Moves to the entry before this one.
  ///
  /// @return false if there is none
  public boolean previous() {
    return move(PREVIOUS);
  }

  /// Moves to the first entry whose key is not below the one given.
  ///
  /// @return false if there is none
  public boolean seek(ByteBuffer key) {
    values.key(key);
    return move(AT_OR_ABOVE);
  }

  /// Moves to the entry with a key. Within the page that the cursor stands in already, this does
  /// not go through the tree.
  ///
  /// @return false if there is none; then the cursor stands anywhere
  public boolean find(ByteBuffer key) {
    values.key(key);
    return move(AT);
  }

  /// The page that the cursor stands in, or null where it cannot be read. Only of a reader's
  /// transaction: what a writer has changed lies elsewhere in memory.
  public LmdbPage page() {
    return readsPages ? LmdbPage.of(this) : null;
  }

  /// Moves to the entry behind the one that the copy of the page stands on.
  ///
  /// @param page of this cursor, which was not moved since
  /// @return false if there is none
  public boolean nextAfter(LmdbPage page) {
    values.key(page.keyAddress(), page.keyLength());
    if (!move(AT)) {
      throw new IllegalStateException("an entry that was there is not found");
    }
    return move(NEXT);
  }

  private boolean move(int operation) {
    return Lmdb.found(
        "mdb_cursor_get", Lmdb.CURSOR_GET, cursor, values.keyAt(), values.valueAt(), operation, 0);
  }

  /// The key of the entry last moved to, to be read before the next move or change.
  public LmdbBytes key() {
    return values.key();
  }

  /// The value of the entry last moved to, to be read before the next move or change.
  public LmdbBytes value() {
    return values.value();
  }

  /// Sets a key's value and moves there.
  public void put(ByteBuffer key, ByteBuffer value) {
    put(key, value, 0);
  }

  /// As [#put], for a key above all others: fills the last page instead of splitting it.
  public void append(ByteBuffer key, ByteBuffer value) {
    put(key, value, APPEND);
  }

  private void put(ByteBuffer key, ByteBuffer value, int flags) {
    values.key(key);
    values.value(value);
    Lmdb.check(
        "mdb_cursor_put", Lmdb.CURSOR_PUT, cursor, values.keyAt(), values.valueAt(), flags, 0);
  }

  /// Takes out the entry the cursor stands on.
  public void delete() {
    Lmdb.check("mdb_cursor_del", Lmdb.CURSOR_DEL, cursor, 0, 0, 0, 0);
  }

  @Override
  public void close() {
    if (cursor != 0) {
      Lmdb.call(Lmdb.CURSOR_CLOSE, cursor);
      cursor = 0;
    }
  }
}
