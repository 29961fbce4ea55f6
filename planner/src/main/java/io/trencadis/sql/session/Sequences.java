package io.trencadis.sql.session;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// The current values of sequences. They belong to no transaction: nobody waits for another's, and
/// a number once given out is never taken back.
///
/// What is kept on disk is ahead of what was given out by up to [#AHEAD] values, so that one write
/// serves many calls; a crash skips what is between, as in PostgreSQL. Thread-safe.
final class Sequences {
  /// PostgreSQL's figure (`SEQ_LOG_VALS`), which `log_cnt` shows.
  private static final int AHEAD = 32;

  private static final RelationRef VALUES = new RelationRef(2, 0, "system sequences");

  private final Gateway gateway;
  private final ConcurrentHashMap<Key, Current> sequences = new ConcurrentHashMap<>();

  /// A sequence that was restarted is another one.
  private record Key(int oid, int generation) {
    byte[] bytes() {
      return new KeyWriter()
          .relation(VALUES.relationId())
          .putInt(oid)
          .putInt(generation)
          .toByteArray();
    }
  }

  /// A sequence's value, guarded by its own monitor.
  private static final class Current {
    long last;

    /// Whether `last` has been given out.
    boolean called;

    /// How many values after `last` may be given out without a write.
    long reserved;

    /// What the reservation was reckoned with: after an ALTER SEQUENCE it is worth nothing.
    SequenceDescriptor reservedAs;

    boolean hasReserved(SequenceDescriptor sequence) {
      return reserved > 0
          && sequence.increment() == reservedAs.increment()
          && sequence.minimum() == reservedAs.minimum()
          && sequence.maximum() == reservedAs.maximum()
          && sequence.cycle() == reservedAs.cycle();
    }
  }

  Sequences(Gateway gateway) {
    this.gateway = gateway;
  }

  private Current current(SequenceDescriptor sequence) {
    return sequences.computeIfAbsent(
        new Key(sequence.oid(), sequence.generation()), key -> load(key, sequence));
  }

  private Current load(Key key, SequenceDescriptor sequence) {
    Current current = new Current();
    byte[] row = read(key);
    if (row == null) {
      current.last = sequence.start();
    } else {
      ByteReader bytes = new ByteReader(row);
      current.last = bytes.getLong();
      current.called = bytes.getByte() != 0;
    }
    return current;
  }

  private byte[] read(Key key) {
    Transaction transaction =
        gateway.begin(IsolationLevel.READ_COMMITTED, true, WaitPolicy.PATIENT);
    try {
      transaction.beginStatement();
      byte[] row = transaction.get(CatalogStore.META_SHARD, VALUES, key.bytes());
      transaction.commit();
      return row;
    } catch (RuntimeException | Error e) {
      transaction.rollback();
      throw e;
    }
  }

  private void write(SequenceDescriptor sequence, long last, boolean called) {
    Key key = new Key(sequence.oid(), sequence.generation());
    byte[] row = new ByteWriter(9).putLong(last).putByte(called ? 1 : 0).toByteArray();
    write(key, row);
  }

  private void write(Key key, byte[] row) {
    Transaction transaction =
        gateway.begin(IsolationLevel.READ_COMMITTED, false, WaitPolicy.PATIENT);
    try {
      transaction.beginStatement();
      transaction.mutate(
          CatalogStore.META_SHARD, VALUES, List.of(new Mutation.Put(key.bytes(), row)));
      transaction.commit();
    } catch (RuntimeException | Error e) {
      transaction.rollback();
      throw e;
    }
  }

  /// @throws SqlException 2200H at the end of a sequence that does not cycle
  long next(SequenceDescriptor sequence) {
    Current current = current(sequence);
    synchronized (current) {
      long next = current.called ? following(sequence, current.last) : current.last;
      if (current.hasReserved(sequence)) {
        current.reserved--;
      } else if (gateway.isShared()) {
        return reserveAmongNodes(sequence, current);
      } else {
        long ahead = next;
        int count = 0;
        while (count < AHEAD && hasRoom(sequence, ahead)) {
          ahead = following(sequence, ahead);
          count++;
        }
        write(sequence, ahead, true);
        current.reserved = count;
        current.reservedAs = sequence;
      }
      current.last = next;
      current.called = true;
      return next;
    }
  }

  /// Other nodes give out values, too: what is on disk is what none of them has reserved.
  private long reserveAmongNodes(SequenceDescriptor sequence, Current current) {
    Key key = new Key(sequence.oid(), sequence.generation());
    Transaction transaction =
        gateway.begin(IsolationLevel.READ_COMMITTED, false, WaitPolicy.PATIENT);
    try {
      transaction.beginStatement();
      while (true) {
        try {
          byte[] row =
              transaction.lockAndGet(
                  CatalogStore.META_SHARD, VALUES, key.bytes(), RowLock.UPDATE, LockWait.WAIT);
          long next = sequence.start();
          if (row != null) {
            ByteReader bytes = new ByteReader(row);
            next = bytes.getLong();
            next = bytes.getByte() != 0 ? following(sequence, next) : next;
          }
          long ahead = next;
          int count = 0;
          while (count < AHEAD && hasRoom(sequence, ahead)) {
            ahead = following(sequence, ahead);
            count++;
          }
          byte[] after = new ByteWriter(9).putLong(ahead).putByte(1).toByteArray();
          transaction.mutate(
              CatalogStore.META_SHARD, VALUES, List.of(new Mutation.Put(key.bytes(), after)));
          transaction.commit();
          current.reserved = count;
          current.reservedAs = sequence;
          current.last = next;
          current.called = true;
          return next;
        } catch (StatementRestartException changed) {
          transaction.restartStatement();
        }
      }
    } catch (RuntimeException | Error e) {
      transaction.rollback();
      throw e;
    }
  }

  private static boolean hasRoom(SequenceDescriptor sequence, long last) {
    long step = sequence.increment();
    // The subtraction may overflow at the ends of bigint, where there is no room either.
    return step > 0
        ? sequence.maximum() - step <= sequence.maximum() && last <= sequence.maximum() - step
        : sequence.minimum() - step >= sequence.minimum() && last >= sequence.minimum() - step;
  }

  private static long following(SequenceDescriptor sequence, long last) {
    if (hasRoom(sequence, last)) {
      return last + sequence.increment();
    }
    boolean up = sequence.increment() > 0;
    if (!sequence.cycle()) {
      throw new SqlException(
          SqlState.SEQUENCE_GENERATOR_LIMIT_EXCEEDED,
          "nextval: reached "
              + (up ? "maximum" : "minimum")
              + " value of sequence \""
              + sequence.name()
              + "\" ("
              + (up ? sequence.maximum() : sequence.minimum())
              + ")");
    }
    return up ? sequence.minimum() : sequence.maximum();
  }

  /// @throws SqlException 22003 for a value out of the sequence's range
  void set(SequenceDescriptor sequence, long value, boolean called) {
    if (value < sequence.minimum() || value > sequence.maximum()) {
      throw new SqlException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "setval: value "
              + value
              + " is out of bounds for sequence \""
              + sequence.name()
              + "\" ("
              + sequence.minimum()
              + ".."
              + sequence.maximum()
              + ")");
    }
    Current current = current(sequence);
    synchronized (current) {
      write(sequence, value, called);
      current.last = value;
      current.called = called;
      current.reserved = 0;
    }
  }

  long last(SequenceDescriptor sequence) {
    Current current = current(sequence);
    synchronized (current) {
      return current.last;
    }
  }

  boolean called(SequenceDescriptor sequence) {
    Current current = current(sequence);
    synchronized (current) {
      return current.called;
    }
  }

  long reserved(SequenceDescriptor sequence) {
    Current current = current(sequence);
    synchronized (current) {
      return current.reserved;
    }
  }

  /// Writes down exactly what was given out, so that a clean stop skips nothing.
  void giveBackReserved() {
    if (gateway.isShared()) {
      // Others may have reserved what comes after.
      return;
    }
    sequences.forEach(
        (key, current) -> {
          synchronized (current) {
            if (current.reserved > 0) {
              write(key, new ByteWriter(9).putLong(current.last).putByte(1).toByteArray());
              current.reserved = 0;
            }
          }
        });
  }
}
