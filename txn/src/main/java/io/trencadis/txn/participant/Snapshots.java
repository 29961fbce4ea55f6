package io.trencadis.txn.participant;

import io.trencadis.storage.RowBlock;
import io.trencadis.storage.ShardStore;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.message.Reply;

/// Snapshot reads of one shard by any thread, without a lock and without entering the machine.
///
/// Why that is safe: a reader at r looks at the marks first, then at the store. A writer that marks
/// after that look asks for its timestamp after r was issued, so it is above r. A writer whose
/// marks were gone by then has installed before. So what is between, the marks it saw, is all that
/// can be in doubt; then it leaves the answer to the machine, which can wait.
public final class Snapshots {
  /// Returned for a row whose marks may belong to the snapshot, or whose relation has another
  /// schema version: to be asked of the machine. Compared by identity.
  public static final byte[] IN_DOUBT = new byte[0];

  static final Prepared[] NOTHING_PREPARED = {};

  private static final int FIRST_ROWS = 8;

  /// Whoever asks for so many rows at once has seen that there are many.
  private static final int MANY_ROWS = 512;

  private final ShardStore store;
  private volatile Prepared[] prepared = NOTHING_PREPARED;
  private volatile SchemaTable schema = SchemaTable.EMPTY;

  Snapshots(ShardStore store) {
    this.store = store;
  }

  /// The row at `readTs`, null, or [#IN_DOUBT].
  public byte[] get(RelationRef rel, byte[] key, long readTs) {
    Prepared[] marks = prepared;
    if (marks.length > 0) {
      long bit = MarkedKeys.bit(key);
      for (Prepared mark : marks) {
        if (mark.mayBeAtOrBelow(readTs) && (mark.schema || mark.keys.has(key, bit))) {
          return IN_DOUBT;
        }
      }
    }
    if (schema.at(rel.relationId(), readTs, store) != rel.schemaVersion()) {
      return IN_DOUBT;
    }
    return store.get(key, readTs);
  }

  /// Rows by several keys at `readTs`; best in order.
  ///
  /// @param rows where each key's row is put, or null
  /// @return false if the machine has to be asked for one of them
  public boolean get(RelationRef rel, byte[][] keys, int count, long readTs, byte[][] rows) {
    for (Prepared mark : prepared) {
      if (mark.mayBeAtOrBelow(readTs)) {
        for (int i = 0; i < count; i++) {
          if (mark.schema || mark.keys.has(keys[i], MarkedKeys.bit(keys[i]))) {
            return false;
          }
        }
      }
    }
    if (schema.at(rel.relationId(), readTs, store) != rel.schemaVersion()) {
      return false;
    }
    store.get(keys, count, readTs, rows);
    return true;
  }

  /// The first rows of a range at `readTs`; null if the machine has to be asked.
  public Reply.Rows scan(
      RelationRef rel, byte[] from, byte[] to, boolean reverse, long readTs, int limit) {
    Prepared[] marks = prepared;
    if (schema.at(rel.relationId(), readTs, store) != rel.schemaVersion()) {
      return null;
    }
    Reply.Rows rows = read(from, to, reverse, readTs, limit);
    for (Prepared mark : marks) {
      if (mark.mayBeAtOrBelow(readTs)
          && (mark.schema || touchesWhatWasRead(mark, rows, from, to, reverse))) {
        return null;
      }
    }
    return rows;
  }

  private static boolean touchesWhatWasRead(
      Prepared mark, Reply.Rows rows, byte[] from, byte[] to, boolean reverse) {
    byte[] marked = mark.keys.firstIn(from, to, reverse);
    if (marked == null) {
      return false;
    }
    if (rows.done()) {
      return true;
    }
    int order = rows.rows().compareKey(rows.count() - 1, marked);
    return reverse ? order <= 0 : order >= 0;
  }

  /// The store's rows, without a look at marks.
  Reply.Rows read(byte[] from, byte[] to, boolean reverse, long readTs, int limit) {
    RowBlock rows = new RowBlock(limit < MANY_ROWS ? FIRST_ROWS : limit);
    boolean done = store.scan(from, to, readTs, reverse).read(rows, limit);
    return new Reply.Rows(rows, done);
  }

  Prepared[] prepared() {
    return prepared;
  }

  void addMarks(Prepared marks) {
    Prepared[] old = prepared;
    Prepared[] more = java.util.Arrays.copyOf(old, old.length + 1);
    more[old.length] = marks;
    prepared = more;
  }

  void dropMarks(Prepared marks) {
    Prepared[] old = prepared;
    if (old.length == 1) {
      prepared = NOTHING_PREPARED;
      return;
    }
    Prepared[] fewer = new Prepared[old.length - 1];
    int at = 0;
    for (Prepared mark : old) {
      if (mark != marks) {
        fewer[at++] = mark;
      }
    }
    prepared = fewer;
  }

  SchemaTable schema() {
    return schema;
  }

  void schema(SchemaTable newSchema) {
    schema = newSchema;
  }
}
