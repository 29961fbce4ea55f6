package io.trencadis.sharding;

import io.trencadis.txn.Mutation;
import io.trencadis.txn.RowLock;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// What an open transaction has sent to other nodes without waiting for the reply: writes of rows
/// that it has locked, which wait for nobody and always apply. Their replies are looked at before
/// the next request to the same shard, and all of them before its end: by then they have come
/// mostly. For one thread.
final class SentAhead {
  /// Of so many rows it is remembered that they are locked: a statement that changes more of them
  /// sends them in batches, and waits for few.
  private static final int MOST_ROWS = 4_096;

  private record Row(int shard, ByteBuffer key) {}

  private final Map<Row, RowLock> locked = new HashMap<>();
  private final BitSet owed = new BitSet();

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

  void sent(int shard) {
    owed.set(shard);
  }

  /// @param collect given each shard whose reply is owed
  void collectAll(IntConsumer collect) {
    for (int shard = owed.nextSetBit(0); shard >= 0; shard = owed.nextSetBit(shard + 1)) {
      collect(shard, collect);
    }
  }

  void collect(int shard, IntConsumer collect) {
    if (owed.get(shard)) {
      owed.clear(shard);
      collect.accept(shard);
    }
  }

  /// Locks may have gone.
  void forgetLocks() {
    locked.clear();
  }
}
