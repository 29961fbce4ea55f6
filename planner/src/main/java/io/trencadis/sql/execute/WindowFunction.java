package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.AggregateFunction;
import java.util.function.IntUnaryOperator;

/// What a window function computes for each row of a partition. Immutable and thread-safe.
@FunctionalInterface
public interface WindowFunction {
  /// Writes the value of each row of the partition into a column of it.
  void compute(Work work);

  /// One partition's work.
  ///
  /// @param column where results go
  /// @param frames the rows' frames, to be asked in the order of the rows
  record Work(
      WindowPartition partition,
      int column,
      Eval[] arguments,
      WindowFrame.Cursor frames,
      Execution x) {
    Object argument(int number, int row) {
      return arguments[number].eval(partition.row(row), x);
    }

    void set(int row, Object value) {
      partition.set(row, column, value);
    }
  }

  /// Computes one row's value from its place alone.
  @FunctionalInterface
  interface ByPlace {
    Object value(WindowPartition partition, int row);
  }

  private static WindowFunction byPlace(ByPlace function) {
    return work -> {
      for (int row = 0; row < work.partition.size(); row++) {
        work.set(row, function.value(work.partition, row));
      }
    };
  }

  /// A window function of PostgreSQL's by its name; null for one that it does not have.
  static WindowFunction named(String name) {
    return switch (name) {
      case "row_number" -> byPlace((partition, row) -> row + 1L);
      case "rank" -> byPlace((partition, row) -> partition.firstPeer(row) + 1L);
      case "dense_rank" -> byPlace((partition, row) -> partition.group(row) + 1L);
      case "percent_rank" ->
          byPlace(
              (partition, row) ->
                  partition.size() == 1
                      ? 0.0
                      : partition.firstPeer(row) / (double) (partition.size() - 1));
      case "cume_dist" ->
          byPlace((partition, row) -> partition.afterPeers(row) / (double) partition.size());
      case "ntile" -> WindowFunction::ntile;
      case "lag" -> work -> shifted(work, -1);
      case "lead" -> work -> shifted(work, 1);
      case "first_value" -> work -> fromFrame(work, row -> work.frames.nth(0));
      case "last_value" -> work -> fromFrame(work, row -> work.frames.last());
      case "nth_value" -> work -> fromFrame(work, row -> nth(work, row));
      default -> null;
    };
  }

  /// The buckets are as equal as they can be, the bigger ones first. The number of buckets is that
  /// of the first row that has one.
  private static void ntile(Work work) {
    int size = work.partition.size();
    int bucket = 0;
    int remainder = 0;
    long boundary = 0;
    long inBucket = 0;
    for (int row = 0; row < size; row++) {
      if (bucket == 0) {
        Integer buckets = (Integer) work.argument(0, row);
        if (buckets == null) {
          continue;
        }
        if (buckets <= 0) {
          throw new SqlException(
              SqlState.INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
        }
        bucket = 1;
        boundary = size / buckets;
        if (boundary == 0) {
          boundary = 1;
        } else {
          remainder = size % buckets;
          boundary += remainder > 0 ? 1 : 0;
        }
      }
      if (++inBucket > boundary) {
        if (remainder != 0 && bucket == remainder) {
          remainder = 0;
          boundary--;
        }
        bucket++;
        inBucket = 1;
      }
      work.set(row, bucket);
    }
  }

  private static void shifted(Work work, int direction) {
    int size = work.partition.size();
    for (int row = 0; row < size; row++) {
      Integer offset =
          work.arguments.length < 2 ? Integer.valueOf(1) : (Integer) work.argument(1, row);
      if (offset == null) {
        continue;
      }
      long target = row + (long) offset * direction;
      if (target >= 0 && target < size) {
        work.set(row, work.argument(0, (int) target));
      } else if (work.arguments.length > 2) {
        work.set(row, work.argument(2, row));
      }
    }
  }

  private static int nth(Work work, int row) {
    Integer number = (Integer) work.argument(1, row);
    if (number == null) {
      return -1;
    }
    if (number <= 0) {
      throw new SqlException(
          SqlState.INVALID_ARGUMENT_FOR_NTH_VALUE,
          "argument of nth_value must be greater than zero");
    }
    return work.frames.nth(number - 1L);
  }

  private static void fromFrame(Work work, IntUnaryOperator chosen) {
    for (int row = 0; row < work.partition.size(); row++) {
      work.frames.moveTo(row);
      int from = chosen.applyAsInt(row);
      if (from >= 0) {
        work.set(row, work.argument(0, from));
      }
      checkInterrupts(work, row);
    }
  }

  /// An aggregate over each row's frame.
  ///
  /// @param filter which rows count, or null
  static WindowFunction aggregate(AggregateFunction aggregate, Eval filter) {
    return work -> new FrameAggregate(work, aggregate, filter).run();
  }

  private static void checkInterrupts(Work work, int row) {
    if ((row & 0xff) == 0) {
      work.x.checkInterrupts();
    }
  }
}
