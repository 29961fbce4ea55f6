package io.trencadis.txn.lock;

import io.trencadis.storage.Keys;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The locks of one shard. Single-threaded: the shard's actor calls it.
///
/// Invariants: no two transactions hold conflicting modes of one thing. Requests are served in the
/// order of their queue: one that conflicts with a holder or with somebody queued before it waits
/// behind them. Who already holds the thing and wants more goes before those who hold nothing,
/// since they wait for it anyway. And who would wait for nobody but others that are queued, one of
/// whom waits for him, goes before them all. Every waiter has exactly one edge set in the
/// [WaitGraph], exact at every moment between two calls.
public final class LockTable {
  private final int shard;
  private final WaitGraph graph;
  private LockEntry[] buckets = new LockEntry[64];
  private int rows;
  private final Map<Integer, LockEntry> relations = new HashMap<>();
  private final List<WaitGraph.Wait> victims = new ArrayList<>();
  private long waitNumbers;

  public LockTable(int shard, WaitGraph graph) {
    this.shard = shard;
    this.graph = graph;
  }

  /// Locks a key, whether or not there is a row.
  ///
  /// @param held the transaction's locks at this shard
  /// @param mark the point in the transaction, for [#releaseFrom]
  /// @param owner non-null to queue if need be; given back through [Waiter#owner]
  public LockReply lockRow(
      long txn, LockSet held, byte[] key, RowLock mode, int mark, Object owner) {
    int hash = Keys.hash(key);
    LockEntry entry = find(key, hash);
    if (entry == null) {
      entry = add(key, hash);
    }
    int modes = entry.modesOf(txn);
    if (modes >= 1 << mode.ordinal()) {
      // Row modes are ordered by strength: a higher bit conflicts with all that a lower one does.
      return LockReply.Granted.INSTANCE;
    }
    return request(
        entry, txn, txn, held, 1 << mode.ordinal(), mode.conflictMask(), modes != 0, mark, owner);
  }

  /// Locks a key for a session, whose locks end when it says so ([#releaseSession]) and not with a
  /// transaction. Each mode is held for itself: the stronger one does not stand for the weaker.
  ///
  /// @param session an id that no transaction has; [WaitGraph#runs] says which one it runs
  /// @param txn the transaction that stands still while this waits
  public LockReply lockForSession(long session, long txn, byte[] key, RowLock mode, Object owner) {
    int hash = Keys.hash(key);
    LockEntry entry = find(key, hash);
    if (entry == null) {
      entry = add(key, hash);
    }
    int modes = entry.modesOf(session);
    int bit = 1 << mode.ordinal();
    if ((modes & bit) != 0) {
      return LockReply.Granted.INSTANCE;
    }
    LockReply reply =
        request(entry, session, txn, null, bit, mode.conflictMask(), modes != 0, 0, owner);
    dropIfUnused(entry);
    return reply;
  }

  /// Lets go of one mode of a session's lock; does nothing if it is not held.
  public void releaseSession(long session, byte[] key, RowLock mode, List<Waiter> granted) {
    LockEntry entry = find(key, Keys.hash(key));
    if (entry != null) {
      entry.remove(session, 1 << mode.ordinal());
      serve(entry, granted);
      republish(entry, 0);
      dropIfUnused(entry);
    }
  }

  /// Locks a relation at this shard. Parameters as for [#lockRow].
  public LockReply lockRelation(
      long txn, LockSet held, int relationId, RelationLock mode, int mark, Object owner) {
    LockEntry entry = relations.computeIfAbsent(relationId, id -> new LockEntry(null, 0, id));
    int modes = entry.modesOf(txn);
    if ((modes & (1 << mode.ordinal())) != 0) {
      return LockReply.Granted.INSTANCE;
    }
    return request(
        entry, txn, txn, held, 1 << mode.ordinal(), mode.conflictMask(), modes != 0, mark, owner);
  }

  private LockReply request(
      LockEntry entry,
      long txn,
      long stalled,
      LockSet held,
      int mode,
      int conflictMask,
      boolean holds,
      int mark,
      Object owner) {
    List<Waiter> queue = entry.queue();
    int position = holds ? placeBehindOtherHolders(entry) : queue.size();
    boolean heldAgainst = entry.heldAgainst(txn, conflictMask);
    boolean blocked = heldAgainst;
    for (int i = 0; !blocked && i < position; i++) {
      blocked = (queue.get(i).mode & conflictMask) != 0;
    }
    if (blocked && !heldAgainst && owner != null) {
      blocked = !graph.closesCircle(stalled, queuedAgainst(entry, position, conflictMask));
    }
    if (!blocked) {
      entry.add(txn, mode);
      if (held != null) {
        held.add(entry, mode, mark);
      }
      // Those queued may now have one more in front of them.
      republish(entry, 0);
      return LockReply.Granted.INSTANCE;
    }
    if (owner == null) {
      return LockReply.Unavailable.INSTANCE;
    }
    Waiter waiter = new Waiter(entry, txn, stalled, mode, conflictMask, ++waitNumbers, owner);
    entry.enqueue(position, waiter);
    // First the edges of those it went in front of: a circle may lead through them.
    republish(entry, position + 1);
    sacrifice(graph.add(waiter, shard, blockers(entry, position)));
    return new LockReply.Queued(waiter);
  }

  /// The first place that is not taken by somebody who holds the thing already.
  private static int placeBehindOtherHolders(LockEntry entry) {
    List<Waiter> queue = entry.queue();
    int position = 0;
    while (position < queue.size() && entry.modesOf(queue.get(position).txn) != 0) {
      position++;
    }
    return position;
  }

  /// Those that the waiter at a place has to wait for: holders first, so that a search comes to the
  /// shortest circle, whose end really helps. Then who is ahead in the queue, up to one who waits
  /// for all that this one does: the graph finds the rest through it, and a hot row's queue stays a
  /// chain instead of a triangle.
  private static List<Long> blockers(LockEntry entry, int position) {
    List<Waiter> queue = entry.queue();
    Waiter waiter = queue.get(position);
    List<Long> blockers = new ArrayList<>(2);
    entry.holdersAgainst(waiter.txn, waiter.conflictMask, blockers);
    for (int i = position - 1; i >= 0; i--) {
      Waiter ahead = queue.get(i);
      if ((ahead.mode & waiter.conflictMask) != 0 && ahead.txn != waiter.txn) {
        blockers.add(ahead.txn);
        if (ahead.mode == waiter.mode
            && entry.modesOf(waiter.txn) == 0
            && entry.modesOf(ahead.txn) == 0) {
          return blockers;
        }
      }
    }
    return blockers;
  }

  private static List<Long> queuedAgainst(LockEntry entry, int position, int conflictMask) {
    List<Long> ahead = new ArrayList<>(2);
    for (Waiter waiter : entry.queue().subList(0, position)) {
      if ((waiter.mode & conflictMask) != 0) {
        ahead.add(waiter.txn);
      }
    }
    return ahead;
  }

  private void republish(LockEntry entry, int from) {
    List<Waiter> queue = entry.queue();
    for (int i = from; i < queue.size(); i++) {
      sacrifice(graph.update(queue.get(i).stalled, queue.get(i).waitNumber, blockers(entry, i)));
    }
  }

  private void sacrifice(List<WaitGraph.Wait> found) {
    if (!found.isEmpty()) {
      victims.addAll(found);
    }
  }

  /// Waits that have to be ended with 40P01, each to break a circle that calls since the last one
  /// of this method have closed. They may be at other shards.
  public List<WaitGraph.Wait> takeVictims() {
    if (victims.isEmpty()) {
      return List.of();
    }
    List<WaitGraph.Wait> taken = List.copyOf(victims);
    victims.clear();
    return taken;
  }

  /// Gives up a wait. Others may go ahead because of it: they are appended to `granted`.
  public void cancel(Waiter waiter, List<Waiter> granted) {
    LockEntry entry = waiter.entry;
    graph.remove(waiter.stalled);
    entry.dequeue(waiter);
    serve(entry, granted);
    republish(entry, 0);
    dropIfUnused(entry);
  }

  /// Lets go of all that a transaction holds here.
  ///
  /// @param granted those whose turn has come, appended in order. They hold their locks, but their
  ///   own [LockSet] learns of it by [#granted]
  public void releaseAll(long txn, LockSet held, List<Waiter> granted) {
    for (int i = 0; i < held.size(); i++) {
      LockEntry entry = held.entry(i);
      entry.remove(txn, held.mode(i));
      serve(entry, granted);
      dropIfUnused(entry);
    }
    held.truncate(0);
  }

  /// Lets go of what a transaction got at `mark` or later.
  public void releaseFrom(int mark, long txn, LockSet held, List<Waiter> granted) {
    int kept = held.firstFrom(mark);
    for (int i = kept; i < held.size(); i++) {
      if (held.mark(i) < mark) {
        held.move(i, kept++);
        continue;
      }
      LockEntry entry = held.entry(i);
      entry.remove(txn, held.mode(i));
      serve(entry, granted);
      // This holder lives on, so edges to it would be false from now on.
      republish(entry, 0);
      dropIfUnused(entry);
    }
    held.truncate(kept);
  }

  /// Whether nobody has a row locked or waits for it.
  public boolean isFree(byte[] key) {
    return rows == 0 || find(key, Keys.hash(key)) == null;
  }

  /// Whether a transaction holds a row in a mode, or in a stronger one.
  public boolean holds(long txn, byte[] key, RowLock mode) {
    LockEntry entry = rows == 0 ? null : find(key, Keys.hash(key));
    return entry != null && entry.modesOf(txn) >= 1 << mode.ordinal();
  }

  /// Lets go of the row locks that something else stands for from now on, unless others queue for
  /// the row or share it.
  ///
  /// @param covered tells of which keys
  public void releaseCovered(long txn, LockSet held, Predicate<byte[]> covered) {
    int kept = 0;
    for (int i = 0; i < held.size(); i++) {
      LockEntry entry = held.entry(i);
      if (entry.key != null
          && entry.queue().isEmpty()
          && !entry.heldAgainst(txn, -1)
          && covered.test(entry.key)) {
        entry.remove(txn, held.mode(i));
        dropIfUnused(entry);
      } else {
        held.move(i, kept++);
      }
    }
    held.truncate(kept);
  }

  /// What a transaction holds here, for writing it down.
  public static List<HeldLock> held(LockSet held) {
    List<HeldLock> all = new ArrayList<>(held.size());
    for (int i = 0; i < held.size(); i++) {
      LockEntry entry = held.entry(i);
      all.add(new HeldLock(entry.relationId, entry.key, held.mode(i)));
    }
    return all;
  }

  /// Gives a transaction of an earlier life a lock back that it had then. Nobody else has locked
  /// anything yet but others of that life, whose locks agree with its own.
  public void restore(long txn, LockSet held, HeldLock lock) {
    LockEntry entry;
    if (lock.key() == null) {
      entry = relations.computeIfAbsent(lock.relationId(), id -> new LockEntry(null, 0, id));
    } else {
      int hash = Keys.hash(lock.key());
      entry = find(lock.key(), hash);
      if (entry == null) {
        entry = add(lock.key(), hash);
      }
    }
    entry.add(txn, lock.modes());
    held.add(entry, lock.modes(), 0);
  }

  /// Notes a lock that a waiter was granted in its transaction's set.
  public static void granted(Waiter waiter, LockSet held, int mark) {
    held.add(waiter.entry, waiter.mode, mark);
  }

  private void serve(LockEntry entry, List<Waiter> granted) {
    List<Waiter> queue = entry.queue();
    int waitingModes = 0;
    for (int i = 0; i < queue.size(); ) {
      Waiter waiter = queue.get(i);
      if ((waiter.conflictMask & waitingModes) == 0
          && !entry.heldAgainst(waiter.txn, waiter.conflictMask)) {
        entry.dequeue(waiter);
        graph.remove(waiter.stalled);
        entry.add(waiter.txn, waiter.mode);
        granted.add(waiter);
      } else {
        waitingModes |= waiter.mode;
        i++;
      }
    }
  }

  private LockEntry find(byte[] key, int hash) {
    for (LockEntry at = buckets[hash & (buckets.length - 1)]; at != null; at = at.nextInBucket) {
      if (at.hash == hash && Arrays.equals(at.key, key)) {
        return at;
      }
    }
    return null;
  }

  private LockEntry add(byte[] key, int hash) {
    if (rows >= buckets.length) {
      grow();
    }
    LockEntry entry = new LockEntry(key, hash, 0);
    int bucket = hash & (buckets.length - 1);
    entry.nextInBucket = buckets[bucket];
    buckets[bucket] = entry;
    rows++;
    return entry;
  }

  private void grow() {
    LockEntry[] old = buckets;
    buckets = new LockEntry[old.length * 2];
    for (LockEntry chain : old) {
      while (chain != null) {
        LockEntry next = chain.nextInBucket;
        int bucket = chain.hash & (buckets.length - 1);
        chain.nextInBucket = buckets[bucket];
        buckets[bucket] = chain;
        chain = next;
      }
    }
  }

  private void dropIfUnused(LockEntry entry) {
    if (!entry.unused()) {
      return;
    }
    if (entry.key == null) {
      relations.remove(entry.relationId);
      return;
    }
    int bucket = entry.hash & (buckets.length - 1);
    LockEntry at = buckets[bucket];
    if (at == entry) {
      buckets[bucket] = entry.nextInBucket;
      rows--;
      return;
    }
    while (at != null && at.nextInBucket != entry) {
      at = at.nextInBucket;
    }
    if (at != null) {
      at.nextInBucket = entry.nextInBucket;
      rows--;
    }
  }

  /// All locks that are held or waited for now, in no particular order.
  public List<LockView> list() {
    List<LockView> all = new ArrayList<>();
    relations.values().forEach(entry -> list(entry, all));
    for (LockEntry chain : buckets) {
      for (LockEntry entry = chain; entry != null; entry = entry.nextInBucket) {
        list(entry, all);
      }
    }
    return all;
  }

  private static void list(LockEntry entry, List<LockView> all) {
    entry.forEachHolder(
        (owner, modes) -> {
          for (int left = modes; left != 0; left &= left - 1) {
            Wanted wanted = Wanted.of(entry, Integer.lowestOneBit(left));
            all.add(new LockView(owner, wanted, 0, List.of(), List.of()));
          }
        });
    List<Waiter> queue = entry.queue();
    for (int i = 0; i < queue.size(); i++) {
      Waiter waiter = queue.get(i);
      List<Long> holders = new ArrayList<>();
      entry.holdersAgainst(waiter.txn, waiter.conflictMask, holders);
      List<Long> ahead = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if ((queue.get(j).mode & waiter.conflictMask) != 0) {
          ahead.add(queue.get(j).txn);
        }
      }
      all.add(new LockView(waiter.txn, Wanted.of(entry, waiter.mode), i + 1, holders, ahead));
    }
  }

  /// Rows that are locked or waited for.
  public int lockedRows() {
    return rows;
  }
}
