package io.trencadis.storage.lmdb;

/// A transaction (`MDB_txn`): a reader's, which sees the last commit before it began or was last
/// renewed, or a writer's. One thread at a time may use it.
public final class LmdbTransaction implements AutoCloseable {
  final Values values = new Values();
  private final boolean readsPages;
  private long txn;

  /// @param readsPages whether it is a reader's, of an environment whose pages [LmdbPage] can read
  LmdbTransaction(long txn, boolean readsPages) {
    this.txn = txn;
    this.readsPages = readsPages;
  }

  boolean readsPages() {
    return readsPages;
  }

  long handle() {
    if (txn == 0) {
      throw new IllegalStateException("the transaction has ended");
    }
    return txn;
  }

  /// The number of the transaction; for a reader that of the last commit it sees.
  public long id() {
    return Lmdb.call(Lmdb.TXN_ID, handle());
  }

  /// Gives up a reader's snapshot; [#renew] takes another.
  public void reset() {
    Lmdb.call(Lmdb.TXN_RESET, handle());
  }

  /// Takes a new snapshot after [#reset].
  public void renew() {
    Lmdb.check("mdb_txn_renew", Lmdb.TXN_RENEW, handle(), 0, 0, 0, 0);
  }

  /// Makes a writer's changes durable. The transaction has ended, whether it succeeds or not.
  public void commit() {
    long ended = handle();
    txn = 0;
    Lmdb.check("mdb_txn_commit", Lmdb.TXN_COMMIT, ended, 0, 0, 0, 0);
  }

  /// Gives up what was not committed. Does nothing after [#commit].
  @Override
  public void close() {
    if (txn != 0) {
      Lmdb.call(Lmdb.TXN_ABORT, txn);
      txn = 0;
    }
  }
}
