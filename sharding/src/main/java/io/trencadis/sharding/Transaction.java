package io.trencadis.sharding;

import io.trencadis.storage.RowBlock;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// One transaction. Confined to one thread at a time; a hand-over between threads needs a
/// happens-before.
///
/// Keys are order-preserving bytes whose first four are the relation id. Byte arrays given or
/// returned are shared, not copied: nobody modifies them afterwards. Every call may throw
/// [io.trencadis.txn.SchemaChangedException] (make a new plan) and
/// [io.trencadis.txn.WouldBlockException] (see [WaitPolicy#mayBlock]), and 40P01 where it waits for
/// a lock.
///
/// After an error the session calls [#rollbackTo] or [#rollback] at once, as PostgreSQL does: until
/// then its locks stand in others' way.
public interface Transaction {
  /// Unique in this node's life; grows with the order of begin.
  long id();

  IsolationLevel isolation();

  boolean readOnly();

  /// The snapshot: taken at the first statement; by each statement in READ COMMITTED. Takes one if
  /// there is none.
  long readTimestamp();

  /// Marks a point to undo to, and takes a new snapshot in READ COMMITTED.
  void beginStatement();

  /// After a [io.trencadis.txn.StatementRestartException]: undoes the statement's writes (its locks
  /// stay) and moves the snapshot forward, if the isolation level allows it.
  ///
  /// @throws io.trencadis.base.SqlException 40001 "could not serialize access due to concurrent
  ///   update" where something an earlier statement read has changed
  void restartStatement();

  /// Undoes the statement's writes and reads, keeping its locks and the snapshot: after a
  /// [io.trencadis.txn.WouldBlockException] or [io.trencadis.txn.SchemaChangedException].
  void undoStatement();

  /// From now on every row that is read into the read set is locked SHARE first: for an attempt
  /// whose predecessors have failed to validate again and again. Only rows that others put between
  /// them can fail it then.
  void lockReads();

  /// Whether [#lockReads] was called: reading may throw
  /// [io.trencadis.txn.StatementRestartException] then.
  boolean locksReads();

  /// The row's bytes or null. Own writes are visible. Joins the read set.
  byte[] get(int shard, RelationRef rel, byte[] key);

  /// What [#get] gives for each of several keys of a shard; best in order.
  ///
  /// @param count how many of `keys` mean something
  /// @param rows where each key's row is put, or null
  default void get(int shard, RelationRef rel, byte[][] keys, int count, byte[][] rows) {
    for (int i = 0; i < count; i++) {
      rows[i] = get(shard, rel, keys[i]);
    }
  }

  /// What is looked up at one shard: the rows of several keys and ranges.
  ///
  /// @param tos where each range ends; null for one that is a key
  record Lookup(int shard, byte[][] froms, byte[][] tos) {}

  /// Whether [#lookUp] saves time, as it does where shards are on other nodes.
  default boolean looksUpTogether() {
    return false;
  }

  /// Reads several keys and short ranges of different shards at once, where that saves time.
  ///
  /// @param lookups of as many different shards
  /// @param mostEach of a range that has more rows, none are given
  /// @param writeMark ranges show the own writes made before it; keys show all
  /// @return by lookup and range the rows, or null for too many; null where keys and ranges have to
  ///   be read one by one
  default List<RowBlock[]> lookUp(
      RelationRef rel, List<Lookup> lookups, int mostEach, int writeMark) {
    return null;
  }

  /// Locks the key, whether or not a row is there, then reads it.
  ///
  /// @return the row or null; null too for a row skipped by [LockWait#SKIP_LOCKED], see [#skipped]
  /// @throws io.trencadis.txn.StatementRestartException if the row changed after the snapshot and
  ///   the snapshot could not simply move
  /// @throws io.trencadis.base.SqlException 55P03 for NOWAIT or `lock_timeout`, 40P01 for a
  ///   deadlock
  byte[] lockAndGet(int shard, RelationRef rel, byte[] key, RowLock mode, LockWait wait);

  /// Whether the last [#lockAndGet] skipped its row because somebody else had it locked.
  boolean skipped();

  /// Locks the key and returns the newest row whatever the snapshot, own writes included: for
  /// foreign-key checks, which look at the present at every isolation level. The lock keeps the
  /// answer true until the end, so it joins no read set.
  byte[] lockAndGetNewest(int shard, RelationRef rel, byte[] key, RowLock mode, LockWait wait);

  /// Rows with `from <= key < to` in key order, or against it. See [RowCursor] for what it shows.
  ///
  /// @param to null for the end of the relation that `from` starts with
  RowCursor scan(int shard, RelationRef rel, byte[] from, byte[] to, boolean reverse);

  /// A point in the sequence of own writes, for [#scan(int, RelationRef, byte[], byte[], boolean,
  /// int)].
  int writeMark();

  /// As the other scan, but showing the own writes made before `writeMark` was taken: a statement
  /// that opens scans while it writes takes one mark at its start, and every scan shows the same.
  RowCursor scan(
      int shard, RelationRef rel, byte[] from, byte[] to, boolean reverse, int writeMark);

  /// All rows with `from <= key < to` at the snapshot, for any one thread to step over while this
  /// transaction's own thread waits for it; the transaction must not be used by anybody else in the
  /// meantime, nor end. The whole range joins the read set at once.
  ///
  /// @return null where only the transaction's own thread can read: the shard has own writes, or
  ///   rows are locked as they are read
  SharedScan shareScan(int shard, RelationRef rel, byte[] from, byte[] to);

  /// To be called when shared scans have ended, before anything is done with what they gave.
  ///
  /// @throws io.trencadis.base.SqlException 72000 where the snapshot is of a past that is gone
  void endSharedScans();

  /// Reads by key at the snapshot, for other threads while this transaction's own thread waits for
  /// them: each takes a [SharedReads#fork].
  ///
  /// @return null where only the transaction's own thread can read
  SharedReads shareReads();

  /// Takes what was read into the read set. To be called before anything is done with it.
  ///
  /// @throws io.trencadis.base.SqlException 72000 where the snapshot is of a past that is gone
  void endSharedReads(SharedReads reads);

  /// Has a fragment run over the rows with `from <= key < to` of several shards, where those are.
  /// It shows what a scan shows, and what was read for the pieces that were taken joins the read
  /// set.
  ///
  /// @param program for the [Gateway#fragments] engine, as are `arguments`
  /// @param others relations that the program looks into by its numbers, each in the shards of the
  ///   rows it reads
  /// @param to null for the end of the relation that `from` starts with
  /// @param mostRows after how many rows of output a piece may end; 0 for no such limit
  /// @return null where rows have to be read one by one: on a node on its own, in an attempt that
  ///   locks what it reads, or where program and arguments are too large
  default FragmentScan fragment(
      byte[] program,
      byte[] arguments,
      RelationRef rel,
      List<RelationRef> others,
      int[] shards,
      byte[] from,
      byte[] to,
      int mostRows) {
    return null;
  }

  /// Has the rows of two fragments sent to nodes that join them, each node a part. Nothing has been
  /// sent when this returns. What was read joins the read set.
  ///
  /// @return null where rows have to be joined here: on a node on its own, in an attempt that locks
  ///   what it reads, where the transaction has written in one of the shards, or where programs and
  ///   arguments are too large
  default ExchangeScan exchange(ExchangeScan.Work work) {
    return null;
  }

  /// As the other scan, but outside the read set: what others do to the range is no conflict. For
  /// `SKIP LOCKED` scans (whose rows are then locked and read by [#lockAndGet]) and for statistics.
  RowCursor scanUntracked(
      int shard, RelationRef rel, byte[] from, byte[] to, boolean reverse, int writeMark);

  /// A timestamp issued now, for [#getAt] and [#scanAt]: foreign-key checks look at the present at
  /// every isolation level, after they have locked what they depend on.
  long freshTimestamp();

  /// The row's bytes or null as of a timestamp from [#freshTimestamp], own writes included. Joins
  /// no read set: a lock of this transaction has to keep the answer true.
  byte[] getAt(int shard, RelationRef rel, byte[] key, long timestamp);

  /// Rows with `from <= key < to` in key order as of a timestamp from [#freshTimestamp], with all
  /// own writes made so far. Joins no read set, as [#getAt].
  RowCursor scanAt(int shard, RelationRef rel, byte[] from, byte[] to, long timestamp);

  /// Writes, in order; each is visible to this transaction at once. Locks what it writes (Put takes
  /// [RowLock#NO_KEY_UPDATE], Insert and Delete take [RowLock#UPDATE]) unless the op says
  /// otherwise, and takes the relation's ROW EXCLUSIVE lock at the shard.
  ///
  /// @return one result an op, in order
  /// @throws io.trencadis.txn.StatementRestartException if an Insert met a live row newer than the
  ///   snapshot
  List<MutationResult> mutate(int shard, RelationRef rel, List<Mutation> ops);

  /// What [#mutate] does at one shard.
  record Writes(int shard, RelationRef rel, List<Mutation> ops) {}

  /// Writes at several places, as [#mutate] in turn would; at once where they are on other nodes.
  ///
  /// @return their results, in order
  default List<List<MutationResult>> mutateAll(Collection<Writes> all) {
    List<List<MutationResult>> results = new ArrayList<>(all.size());
    for (Writes each : all) {
      results.add(mutate(each.shard, each.rel, each.ops));
    }
    return results;
  }

  /// Locks a relation at several shards, in the order given (always ascending, to spare deadlocks).
  void lockRelation(RelationRef rel, int[] shards, RelationLock mode, LockWait wait);

  /// Sees what was committed after the snapshot, too, if it can: for who has locked relations
  /// against changes, and is about to look at all of their rows and to make others of them.
  ///
  /// @return false where the level forbids that, REPEATABLE READ once something was read: then
  ///   [#requireUnchanged] is to be asked of each
  /// @throws io.trencadis.base.SqlException 40001 where earlier statements have read what has
  ///   changed since
  boolean catchUp();

  /// Makes sure that nothing was committed in a locked relation after the snapshot.
  ///
  /// @throws io.trencadis.base.SqlException 40001
  void requireUnchanged(RelationRef rel, int[] shards);

  /// Writes a relation's schema version at a shard: by DDL, at every shard that holds the relation,
  /// with the relation locked ACCESS EXCLUSIVE or created by this transaction. This transaction
  /// sees it at once.
  void setSchemaVersion(int shard, int relationId, long version);

  /// The transaction changes what statements are planned with: every timestamp issued after its
  /// commit's says so; see [Gateway#catalogTimestamp].
  default void changesCatalog() {}

  /// @return a number for [#rollbackTo] and [#release]
  int savepoint();

  /// Undoes all writes since the savepoint, which stays, and lets go of the row locks got since.
  void rollbackTo(int savepoint);

  /// Forgets the savepoint and later ones; their writes stay.
  void release(int savepoint);

  /// Returns when all that this transaction may have seen is durable (rule 6). Has to be called
  /// before anything that its statements answer leaves the node, errors included; commit and
  /// rollback do it themselves.
  ///
  /// @throws io.trencadis.base.SqlException 58030 if the log has failed
  void awaitFollowed();

  /// Commits. The transaction is over afterwards, whatever the outcome, but for
  /// WouldBlockException: then it is as before, and commit can be called again.
  ///
  /// @throws io.trencadis.base.SqlException 40001 "could not serialize access due to read/write
  ///   dependencies among transactions" if something it read has changed
  void commit();

  /// Undoes everything and lets go of all locks. Never throws; does nothing once the transaction is
  /// over.
  void rollback();

  /// What has been touched so far, or by the commit.
  CommitReport report();
}
