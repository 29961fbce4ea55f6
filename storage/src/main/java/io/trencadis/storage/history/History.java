package io.trencadis.storage.history;

import io.trencadis.storage.StoredVersion;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Superseded versions with a budget and a floor.
///
/// A version is needed by reads below the commit timestamp of its *successor*. So versions are let
/// go in the order of their successors: when nobody may read the past that far back, or when the
/// budget is exceeded; the floor then rises, and the past below it cannot be read any more. What an
/// open snapshot below the floor needs is left out of that, so a long one costs a version a key and
/// not all that came between; it goes only when such versions alone exceed half of the budget,
/// those of the oldest snapshot first.
///
/// Each version names the one before it. Where that one is gone and an older is kept, the older one
/// is among the *resumptions*, and the walk of an open snapshot goes on there.
///
/// Reads are thread-safe; everything else is for one thread at a time.
public final class History implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(History.class.getName());

  /// A flush's versions are cut into so many stretches of time, to be let go one by one.
  private static final int STRETCHES = 16;

  /// About what a pinned version takes beside its key.
  private static final int PINNED_BYTES = 256;

  private final VersionStore.Factory factory;
  private final long budgetBytes;
  private final PriorityQueue<Ledger> ledgers =
      new PriorityQueue<>(Comparator.comparingLong((Ledger ledger) -> ledger.highestSuccessorTs()));

  /// What is left of ledgers that were let go, for open snapshots.
  private Ledger pinned;

  private long pinnedBytes;
  private final Resumptions resumptions = new Resumptions();
  private volatile Kept kept = Kept.ALL;
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

  /// Says which times can still be read. Comes before anything is dropped that they do not need.
  public void keepFor(Kept times) {
    // What is below the floor and was not heeded when that rose has lost something already.
    kept = times.onlyOpen(ts -> ts >= floor || kept.isOpen(ts));
    raiseFloor(times.horizon());
  }

  /// Whether a snapshot of this time is open, whatever the floor.
  public boolean isOpen(long ts) {
    return kept.isOpen(ts);
  }

  /// The version, or null if it is not kept.
  public StoredVersion get(int shard, byte[] key, long commitTs) {
    VersionStore current = store;
    return current == null ? null : current.get(shard, key, commitTs);
  }

  /// The newest version that is kept below one that is not, for an open snapshot; null if the key
  /// had none that it needs.
  public StoredVersion resume(int shard, byte[] key, long goneTs) {
    long ts = resumptions.below(shard, key, goneTs);
    while (ts != 0) {
      StoredVersion version = get(shard, key, ts);
      if (version != null) {
        return version;
      }
      ts = resumptions.below(shard, key, ts);
    }
    return null;
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
      lose(version.commitTs(), successorTs);
      return;
    }
    while (store.bytes() > budgetBytes && !ledgers.isEmpty()) {
      drop(ledgers.poll());
    }
    if (store.bytes() > budgetBytes && cutPending()) {
      keep(shard, key, version, successorTs);
      return;
    }
    if (successorTs <= floor && !kept.isOpenIn(version.commitTs(), successorTs)) {
      skip(shard, key, version);
      return;
    }
    if (!store.put(shard, key, version)) {
      lose(version.commitTs(), successorTs);
      skip(shard, key, version);
      return;
    }
    if (successorTs <= floor) {
      resumptions.add(shard, key, version.commitTs());
    }
    double part = (double) (successorTs - pendingFrom) / (pendingTo - pendingFrom);
    int stretch = Math.clamp((long) (part * STRETCHES), 0, STRETCHES - 1);
    if (pending[stretch] == null) {
      pending[stretch] = new Ledger();
    }
    pending[stretch].add(shard, key, version.commitTs(), successorTs);
  }

  /// A version cannot be kept: the past that needs it cannot be read any more.
  private void lose(long commitTs, long successorTs) {
    if (kept.isOpenIn(commitTs, successorTs)) {
      kept = kept.onlyOpen(ts -> ts < commitTs || ts >= successorTs);
    }
    raiseFloor(successorTs);
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

  /// Lets go what no read needs any more, and the oldest while the budget is exceeded.
  public void trim() {
    // Snapshots may have been closed since.
    lookThroughPinned();
    while (!ledgers.isEmpty()
        && (ledgers.peek().highestSuccessorTs() <= kept.pastFrom()
            || store.bytes() > budgetBytes)) {
      drop(ledgers.poll());
    }
    while (pinnedBytes > budgetBytes / 2) {
      // The oldest snapshot costs the others their room.
      long oldest = kept.open()[0];
      kept = kept.onlyOpen(ts -> ts != oldest);
      lookThroughPinned();
    }
  }

  /// Lets go of what no open snapshot needs any more.
  private void lookThroughPinned() {
    Ledger before = pinned;
    pinned = null;
    pinnedBytes = 0;
    if (before != null) {
      before.forEach(this::letGo);
      before.close();
    }
  }

  private void drop(Ledger ledger) {
    raiseFloor(ledger.highestSuccessorTs());
    ledger.forEach(this::letGo);
    ledger.close();
  }

  /// Removes a version, unless an open snapshot needs it.
  private void letGo(int shard, byte[] key, long commitTs, long successorTs) {
    if (kept.isOpenIn(commitTs, successorTs)) {
      if (pinned == null) {
        pinned = new Ledger();
      }
      pinned.add(shard, key, commitTs, successorTs);
      resumptions.add(shard, key, commitTs);
      pinnedBytes += PINNED_BYTES + key.length;
      return;
    }
    if (kept.open().length > 0 || resumptions.keys() > 0) {
      StoredVersion going = store.get(shard, key, commitTs);
      if (going != null) {
        skip(shard, key, going);
      }
      resumptions.remove(shard, key, commitTs);
    }
    store.remove(shard, key, commitTs);
  }

  /// A version is not kept, or not any more: whoever comes to it goes on with the one before.
  private void skip(int shard, byte[] key, StoredVersion version) {
    long before = version.predecessorTs();
    if (before != 0 && store.get(shard, key, before) != null) {
      resumptions.add(shard, key, before);
    }
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
    if (pinned != null) {
      pinned.close();
      pinned = null;
    }
    ledgers.clear();
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
