package io.trencadis.sharding;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.WouldBlockException;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The advisory locks of one session (PostgreSQL 15 manual, 13.3.5). Confined to the session's
/// thread.
///
/// They are keys of a system relation at one shard, held in the name of the session whether they
/// last as long as it or as its transaction: a session is never in its own way. How often each is
/// held, and until when, is kept here; the shard knows only that it is. Nothing is logged: on one
/// node a session dies with the process.
public final class SessionLocks {
  /// The relation whose keys they are. It has no rows.
  public static final int RELATION = 3;

  /// Where they are.
  public static final int SHARD = 0;

  /// What is locked.
  ///
  /// @param database the space of names: an oid
  /// @param high the upper half of a bigint, or the first of two ints
  /// @param low the lower half, or the second
  /// @param space 1 for a bigint, 2 for two ints, which never meet
  public record Name(int database, int high, int low, int space) {
    /// The name as a key of [#RELATION].
    public byte[] key() {
      return new ByteWriter(20)
          .putInt(RELATION)
          .putInt(database)
          .putInt(high)
          .putInt(low)
          .putInt(space)
          .toByteArray();
    }

    /// The name that is in a key of [#RELATION].
    public static Name of(byte[] key) {
      ByteReader bytes = new ByteReader(key);
      bytes.getInt();
      return new Name(bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt());
    }
  }

  private record Held(Name name, RowLock mode) {}

  /// How often a lock is held: for the session, and for its transaction.
  private static final class Count {
    int session;
    int transaction;
  }

  private final Node node;
  private final long id;
  private final Replies replies;
  private final Map<Held, Count> held = new LinkedHashMap<>();
  private final List<Held> inTransaction = new ArrayList<>();

  SessionLocks(Node node, long id) {
    this.node = node;
    this.id = id;
    this.replies = new Replies(id, node.shardCount(), node.outside().clock());
  }

  /// What stands for the session in [Gateway#locks].
  public long id() {
    return id;
  }

  /// Says which transaction the session runs: who waits for the one waits for the other. Called
  /// before that transaction waits for anything.
  public void runs(long txn) {
    node.graph().runs(id, txn);
  }

  /// Locks, and counts.
  ///
  /// @param txn the session's transaction
  /// @param forTransaction whether it ends with the transaction
  /// @return false if it is not free and was not to be waited for
  /// @throws SqlException 40P01 for a deadlock, 55P03 past `lock_timeout`, and what the policy
  ///   throws
  public boolean lock(
      long txn,
      Name name,
      boolean shared,
      boolean forTransaction,
      LockWait wait,
      WaitPolicy policy) {
    // A statement that blocks after it has locked something would lock that again.
    requireMayBlock(policy);
    Held lock = new Held(name, shared ? RowLock.SHARE : RowLock.UPDATE);
    Count count = held.get(lock);
    if (count == null) {
      runs(txn);
      if (!request(txn, lock, wait, policy)) {
        return false;
      }
      count = new Count();
      held.put(lock, count);
    }
    if (forTransaction) {
      count.transaction++;
      inTransaction.add(lock);
    } else {
      count.session++;
    }
    return true;
  }

  private boolean request(long txn, Held lock, LockWait wait, WaitPolicy policy) {
    replies.lockTimeoutMillis(policy.lockTimeoutMillis());
    Request request =
        new Request.LockForSession(id, txn, lock.name.key(), lock.mode, wait, policy.mayBlock());
    Reply reply;
    try {
      reply = replies.call(node.shard(SHARD), SHARD, request, policy);
    } catch (RuntimeException givenUp) {
      // It may have been granted just before.
      unlock(lock);
      throw givenUp;
    }
    return switch (reply) {
      case Reply.Done _ -> true;
      case Reply.Unavailable _ -> false;
      case Reply.WouldBlock _ -> throw WouldBlockException.INSTANCE;
      case Reply.Deadlock deadlock -> throw Failures.deadlock(deadlock.circle(), policy);
      case Reply.Failed(Throwable cause) ->
          throw new SqlException(SqlState.INTERNAL_ERROR, "a shard failed: " + cause, cause);
      default -> throw SqlException.internal("unexpected reply from a shard: " + reply);
    };
  }

  private static void requireMayBlock(WaitPolicy policy) {
    if (!policy.mayBlock()) {
      throw WouldBlockException.INSTANCE;
    }
  }

  private void unlock(Held lock) {
    node.shard(SHARD)
        .submit(new Request.UnlockForSession(id, lock.name.key(), lock.mode), ReplyTo.NOBODY);
  }

  private void drop(Held lock, Count count) {
    if (count.session == 0 && count.transaction == 0) {
      held.remove(lock);
      unlock(lock);
    }
  }

  /// Takes back one [#lock] for the session.
  ///
  /// @return false if there is none
  public boolean unlock(Name name, boolean shared, WaitPolicy policy) {
    requireMayBlock(policy);
    Held lock = new Held(name, shared ? RowLock.SHARE : RowLock.UPDATE);
    Count count = held.get(lock);
    if (count == null || count.session == 0) {
      return false;
    }
    count.session--;
    drop(lock, count);
    return true;
  }

  /// Takes back all that is held for the session.
  public void unlockAll() {
    for (Held lock : List.copyOf(held.keySet())) {
      Count count = held.get(lock);
      count.session = 0;
      drop(lock, count);
    }
  }

  /// A point in the transaction, for [#releaseFrom].
  public int mark() {
    return inTransaction.size();
  }

  /// Lets go of what was locked for the transaction since a point in it; 0 is its begin.
  public void releaseFrom(int mark) {
    while (inTransaction.size() > mark) {
      Held lock = inTransaction.removeLast();
      Count count = held.get(lock);
      count.transaction--;
      drop(lock, count);
    }
  }

  /// The session is over.
  public void close() {
    releaseFrom(0);
    unlockAll();
    node.graph().ended(id);
  }
}
