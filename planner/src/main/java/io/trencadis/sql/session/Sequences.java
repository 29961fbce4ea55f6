package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.SequenceDescriptor;
import java.util.concurrent.ConcurrentHashMap;

/// The current values of sequences. They belong to no transaction: nobody waits for another's, and
/// a number once given out is never taken back. Thread-safe.
final class Sequences {
  private final ConcurrentHashMap<Key, State> states = new ConcurrentHashMap<>();

  /// A sequence that was restarted is another one.
  private record Key(int oid, int generation) {}

  /// @param called whether `last` has been given out
  private record State(long last, boolean called) {}

  private static Key key(SequenceDescriptor sequence) {
    return new Key(sequence.oid(), sequence.generation());
  }

  private static State initial(SequenceDescriptor sequence) {
    return new State(sequence.start(), false);
  }

  private State state(SequenceDescriptor sequence) {
    return states.getOrDefault(key(sequence), initial(sequence));
  }

  /// @throws SqlException 2200H at the end of a sequence that does not cycle
  long next(SequenceDescriptor sequence) {
    return states.compute(
            key(sequence),
            (_, state) -> advance(sequence, state == null ? initial(sequence) : state))
        .last;
  }

  private static State advance(SequenceDescriptor sequence, State state) {
    if (!state.called) {
      return new State(state.last, true);
    }
    long step = sequence.increment();
    boolean up = step > 0;
    boolean room =
        up ? state.last <= sequence.maximum() - step : state.last >= sequence.minimum() - step;
    // The subtraction may overflow at the ends of bigint, where there is no room either.
    boolean overflow =
        up
            ? sequence.maximum() - step > sequence.maximum()
            : sequence.minimum() - step < sequence.minimum();
    if (room && !overflow) {
      return new State(state.last + step, true);
    }
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
    return new State(up ? sequence.minimum() : sequence.maximum(), true);
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
    states.put(key(sequence), new State(value, called));
  }

  long last(SequenceDescriptor sequence) {
    return state(sequence).last;
  }

  boolean called(SequenceDescriptor sequence) {
    return state(sequence).called;
  }
}
