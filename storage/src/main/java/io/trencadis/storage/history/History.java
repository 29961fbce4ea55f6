package io.trencadis.storage.history;

import io.trencadis.storage.StoredVersion;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Superseded versions with a budget and a floor.
///
/// A version is needed by reads below the commit timestamp of its *successor*. So versions are let
/// go in the order of their successors: when no snapshot can be that old any more, or when the
/// budget is exceeded; the oldest snapshots then fail, those of `AS OF` before the open ones, which
/// are younger.
///
/// Reads are thread-safe; everything else is for one thread at a time.
public final class History implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(History.class.getName());

  /// A flush's versions are cut into so many stretches of time, to be let go one by one.
  private static final int STRETCHES = 16;

  private final VersionStore.Factory factory;
  private final long budgetBytes;
  private final PriorityQueue<Ledger> ledgers =
      new PriorityQueue<>(Comparator.comparingLong((Ledger ledger) -> ledger.highestSuccessorTs()));
  private volatile VersionStore store;
  private volatile long floor;
  private Ledger[] pending;
  private long pendingFrom;
  private long pendingTo;

  /// Where the last flush that was done ended: nearly all successors that come are above it.
  private long finishedTo;

  /// @param budgetBytes at most so much memory for versions
  /// @param floor no read below it can be answered
  public History(VersionStore.Factory factory, long budgetBytes, long floor) {
    this.factory = factory;
    this.budgetBytes = budgetBytes;
    this.floor = floor;
  }

  /// The history floor: a read at a timestamp below it may have missed versions. To be looked at
  /// after the rows have been read.
  public long floor() {
    return floor;
  }

  /// Raises the floor; a lower one changes nothing. Comes before anything is dropped.
  public synchronized void raiseFloor(long to) {
    if (to > floor) {
      floor = to;
    }
  }

  /// The version, or null if it is not kept.
  public StoredVersion get(int shard, byte[] key, long commitTs) {
    VersionStore current = store;
    return current == null ? null : current.get(shard, key, commitTs);
  }

  /// Begins the versions of one flush, or of its next attempt.
  ///
  /// @param horizon successors are above it
  /// @param highestCommitTs successors are at or below it
  public void begin(long horizon, long highestCommitTs) {
    if (pending != null) {
      closePending();
    }
    pending = new Ledger[STRETCHES];
    // A horizon far in the past would leave all that this flush brings in the last stretch.
    pendingFrom = Math.max(horizon, finishedTo);
    pendingTo = Math.max(highestCommitTs, pendingFrom + 1);
  }

  /// Keeps a version; where there is no room, the floor rises to its successor instead.
  ///
  /// @param successorTs commit timestamp of the key's next newer version
  public void keep(int shard, byte[] key, StoredVersion version, long successorTs) {
    if (store == null && !create()) {
      raiseFloor(successorTs);
      return;
    }
    while (store.bytes() > budgetBytes && !ledgers.isEmpty()) {
      drop(ledgers.poll());
    }
    if (store.bytes() > budgetBytes && cutPending()) {
      keep(shard, key, version, successorTs);
      return;
    }
    if (successorTs <= floor) {
      return;
    }
    if (!store.put(shard, key, version)) {
      raiseFloor(successorTs);
      return;
    }
    double part = (double) (successorTs - pendingFrom) / (pendingTo - pendingFrom);
    int stretch = Math.clamp((long) (part * STRETCHES), 0, STRETCHES - 1);
    if (pending[stretch] == null) {
      pending[stretch] = new Ledger();
    }
    pending[stretch].add(shard, key, version.commitTs(), successorTs);
  }

  /// A process that has begun to end cannot make a version store any more: its libraries register
  /// shutdown hooks as they are loaded. That costs the past, which ends with the process, not the
  /// flush.
  private boolean create() {
    try {
      store = factory.create(budgetBytes);
      return true;
    } catch (IllegalStateException | LinkageError ending) {
      LOG.log(System.Logger.Level.DEBUG, "no version store, so no history is kept", ending);
      return false;
    }
  }

  /// Lets the oldest stretch of the running flush go.
  private boolean cutPending() {
    for (int i = 0; i < STRETCHES; i++) {
      if (pending[i] != null) {
        drop(pending[i]);
        pending[i] = null;
        return true;
      }
    }
    return false;
  }

  /// The flush is done: its versions may be let go in their turn.
  public void finish() {
    for (Ledger ledger : pending) {
      if (ledger != null) {
        ledgers.add(ledger);
      }
    }
    pending = null;
    finishedTo = pendingTo;
  }

  /// Lets go what no read at or above `horizon` can need, and the oldest while the budget is
  /// exceeded.
  public void trim(long horizon) {
    while (!ledgers.isEmpty()
        && (ledgers.peek().highestSuccessorTs() <= horizon || store.bytes() > budgetBytes)) {
      drop(ledgers.poll());
    }
  }

  private void drop(Ledger ledger) {
    raiseFloor(ledger.highestSuccessorTs());
    ledger.forEach(store::remove);
    ledger.close();
  }

  /// Memory that the kept versions take, in bytes.
  public long bytes() {
    VersionStore current = store;
    return current == null ? 0 : current.bytes();
  }

  /// How many versions are kept.
  public long count() {
    VersionStore current = store;
    return current == null ? 0 : current.count();
  }

  private void closePending() {
    for (Ledger ledger : pending) {
      if (ledger != null) {
        ledger.close();
      }
    }
    pending = null;
  }

  @Override
  public void close() {
    if (pending != null) {
      closePending();
    }
    ledgers.forEach(Ledger::close);
    ledgers.clear();
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
