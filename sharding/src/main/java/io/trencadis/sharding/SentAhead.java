package io.trencadis.sharding;

import io.trencadis.txn.Mutation;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.message.Request;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;

/// What an open transaction has sent to other nodes without waiting for the reply: writes of rows
/// that it has locked, which wait for nobody and always apply, and batches that its cursors will
/// want next. Their replies are looked at before the next request to the same shard, and all of
/// them before its end: by then they have come mostly. For one thread.
final class SentAhead {
  /// Of so many rows it is remembered that they are locked: a statement that changes more of them
  /// sends them in batches, and waits for few.
  private static final int MOST_ROWS = 4_096;

  private record Row(int shard, ByteBuffer key) {}

  private final Map<Row, RowLock> locked = new HashMap<>();
  private final BitSet owed = new BitSet();

  /// Of the last write that was sent to each shard.
  private final Map<Integer, Integer> marks = new HashMap<>();

  /// The earliest mark of a write whose wait was given up: it may not have been applied.
  private int lost = Integer.MAX_VALUE;

  /// Batches that cursors will want next, by shard.
  private final Map<Integer, FetchAhead> fetches = new HashMap<>();

  /// A row is locked until the transaction ends, or goes back to a savepoint.
  void locked(int shard, byte[] key, RowLock mode) {
    if ((mode == RowLock.UPDATE || mode == RowLock.NO_KEY_UPDATE) && locked.size() < MOST_ROWS) {
      locked.merge(row(shard, key), mode, (had, now) -> had == RowLock.UPDATE ? had : now);
    }
  }

  /// Whether writes can neither wait nor be refused for what others have done.
  boolean areSure(int shard, List<Mutation> ops) {
    for (Mutation op : ops) {
      boolean sure =
          switch (op) {
            case Mutation.Put put -> put.unlocked() || locked.containsKey(row(shard, put.key()));
            case Mutation.Delete delete ->
                delete.unlocked() || locked.get(row(shard, delete.key())) == RowLock.UPDATE;
            case Mutation.Insert _ -> false;
          };
      if (!sure) {
        return false;
      }
    }
    return true;
  }

  private static Row row(int shard, byte[] key) {
    return new Row(shard, ByteBuffer.wrap(key));
  }

  /// @param mark of the write, for whoever takes back what comes after a mark
  void sent(int shard, int mark) {
    owed.set(shard);
    marks.put(shard, mark);
  }

  /// The mark of the last write that was sent to a shard; -1 if there was none.
  int markAt(int shard) {
    return marks.getOrDefault(shard, -1);
  }

  /// The wait for the last write that was sent to a shard was given up.
  void gaveUp(int shard) {
    lost = Math.min(lost, markAt(shard));
  }

  /// What was written at a mark or later was taken back.
  void tookBack(int fromMark) {
    if (fromMark <= lost) {
      lost = Integer.MAX_VALUE;
    }
  }

  /// Whether some write may not have been applied, so that nothing may be committed.
  boolean hasLost() {
    return lost != Integer.MAX_VALUE;
  }

  /// Whether a cursor has asked for a shard's batch, and still wants it.
  boolean isFetching(int shard) {
    FetchAhead asked = fetches.get(shard);
    return asked != null && !asked.isAbandoned();
  }

  void fetches(int shard, FetchAhead asked) {
    fetches.put(shard, asked);
  }

  /// @return what will have the reply to a request, from now on the caller's; null if it was not
  ///   asked for
  FetchAhead takeFetch(int shard, Request.Scan request) {
    FetchAhead asked = fetches.get(shard);
    if (asked == null || !asked.answers(request)) {
      return null;
    }
    return fetches.remove(shard);
  }

  /// Has everything awaited that is under way to any shard.
  ///
  /// @param write given each shard whose reply to a write is owed
  /// @param fetch given each batch that was asked for, with its shard
  void collectAll(IntConsumer write, BiConsumer<Integer, FetchAhead> fetch) {
    for (int shard = owed.nextSetBit(0); shard >= 0; shard = owed.nextSetBit(shard + 1)) {
      collectWrite(shard, write);
    }
    fetches.forEach(fetch);
    fetches.clear();
  }

  /// As [#collectAll] for one shard; a batch stays for whoever asked for it.
  void collect(int shard, IntConsumer write, BiConsumer<Integer, FetchAhead> fetch) {
    collectWrite(shard, write);
    FetchAhead asked = fetches.get(shard);
    if (asked != null) {
      fetch.accept(shard, asked);
    }
  }

  /// The wait for a batch was given up: nothing comes any more.
  void forget(int shard, FetchAhead asked) {
    fetches.remove(shard, asked);
  }

  private void collectWrite(int shard, IntConsumer write) {
    if (owed.get(shard)) {
      owed.clear(shard);
      write.accept(shard);
    }
  }

  /// Locks may have gone.
  void forgetLocks() {
    locked.clear();
  }
}
