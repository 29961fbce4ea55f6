package io.trencadis.txn.message;

import io.trencadis.storage.RowBlock;
import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.Wanted;
import java.util.Collection;
import java.util.List;

/// From a shard to a transaction's gateway.
public sealed interface Reply {
  /// The row, or null.
  ///
  /// @param own whether the transaction itself has written it, so that nobody else can change it
  record Row(byte[] value, boolean own) implements Reply {
    public static final Row NONE = new Row(null, false);

    public static Row of(byte[] value) {
      return value == null ? NONE : new Row(value, false);
    }
  }

  /// A batch of rows.
  ///
  /// @param rows not changed any more
  /// @param done whether the range is exhausted
  record Rows(RowBlock rows, boolean done) implements Reply {
    public int count() {
      return rows.count();
    }
  }

  /// The rows of several ranges, in the order in which they were asked for.
  ///
  /// @param ranges of a range that is not [Rows#done], some or none of its rows
  record Ranges(List<Rows> ranges) implements Reply {}

  /// Locked, but the row has changed after the snapshot: `value` is what is there now, null for
  /// nothing.
  record Changed(byte[] value, long commitTs) implements Reply {}

  /// The statement has to run again at a later snapshot: its locks are held, but something newer
  /// than its snapshot is in its way. What the request wrote before it came to that is still there,
  /// for the undo.
  record Restart() implements Reply {
    public static final Restart INSTANCE = new Restart();
  }

  /// Somebody else has it locked, and it was to be skipped.
  record Skipped() implements Reply {
    public static final Skipped INSTANCE = new Skipped();
  }

  /// Somebody else has it locked, and nobody wanted to wait.
  record Unavailable() implements Reply {
    public static final Unavailable INSTANCE = new Unavailable();
  }

  /// One result an op.
  record Mutated(List<MutationResult> results) implements Reply {}

  /// What is replied comes of a commit that is in the log, but may not be durable yet (rule 6).
  ///
  /// @param position where that commit's record ends: until that is durable nothing that this reply
  ///   has an influence on leaves the node, but for records that come later in the same log
  /// @param commitTs that commit's timestamp; of several the highest
  record After(long position, long commitTs, Reply reply) implements Reply {}

  /// Done, and nothing to tell.
  record Done() implements Reply {
    public static final Done INSTANCE = new Done();
  }

  /// It would have had to wait.
  record WouldBlock() implements Reply {
    public static final WouldBlock INSTANCE = new WouldBlock();
  }

  /// The wait was ended on demand.
  record Cancelled() implements Reply {
    public static final Cancelled INSTANCE = new Cancelled();
  }

  /// The wait was ended to break a circle, which it was the youngest of.
  record Deadlock(List<Wanted.Wait> circle) implements Reply {}

  /// The plan is for another schema version than the shard has at the snapshot.
  record SchemaChanged(int relationId, long currentVersion) implements Reply {}

  /// The shard's machine has broken on the request: a bug, which costs the transaction.
  record Failed(Throwable cause) implements Reply {}

  /// All marks are set.
  ///
  /// @param writes what will be installed, in key order; it does not change while the marks stand
  /// @param runs what a large transaction has written besides, oldest first; they have to be
  ///   durable before the decision is
  record Prepared(Collection<? extends Write> writes, List<Run> runs) implements Reply {}

  /// The transaction does nothing more here before its end.
  ///
  /// @param writes as for [Prepared]
  /// @param locks all that it holds here
  record Held(Collection<? extends Write> writes, List<HeldLock> locks) implements Reply {}

  /// The shard does not hold all that the transaction did here: it has to abort.
  record Refused() implements Reply {
    public static final Refused INSTANCE = new Refused();
  }

  /// What was read is still current.
  record Valid() implements Reply {
    public static final Valid INSTANCE = new Valid();
  }

  /// Something that was read has changed, or nobody remembers whether it did.
  record Conflict() implements Reply {
    public static final Conflict INSTANCE = new Conflict();
  }
}
