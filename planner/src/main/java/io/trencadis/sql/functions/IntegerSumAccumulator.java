package io.trencadis.sql.functions;

import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.WholeNumberCodec;
import java.math.BigInteger;

/// Sums and averages of integers. The sum is a long until it overflows.
final class IntegerSumAccumulator implements Accumulator {
  enum Result {
    BIGINT_SUM,
    NUMERIC_SUM,
    AVERAGE
  }

  private static final PgType[] STATE = {Types.INT8, Types.NUMERIC};

  private final Result result;
  private long count;
  private long low;
  private BigInteger high = BigInteger.ZERO;

  IntegerSumAccumulator(Result result) {
    this.result = result;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] != null) {
      count++;
      addValue(((Number) args[0]).longValue());
    }
  }

  @Override
  public void addNumber(long value, WholeNumberCodec codec, EvalContext cx) {
    count++;
    addValue(value);
  }

  private void addValue(long value) {
    long sum = low + value;
    if (((low ^ sum) & (value ^ sum)) < 0) {
      high = high.add(BigInteger.valueOf(low));
      low = value;
    } else {
      low = sum;
    }
  }

  private BigInteger sum() {
    return high.add(BigInteger.valueOf(low));
  }

  @Override
  public Object result(EvalContext cx) {
    if (count == 0) {
      return null;
    }
    return switch (result) {
      case BIGINT_SUM -> {
        BigInteger sum = sum();
        if (sum.bitLength() > 63) {
          throw IntegerFunctions.outOfRange("bigint");
        }
        yield sum.longValue();
      }
      case NUMERIC_SUM -> Numeric.of(sum());
      case AVERAGE -> NumericMath.divide(Numeric.of(sum()), Numeric.of(count));
    };
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {count, Numeric.of(sum())});
  }

  @Override
  public void merge(SqlRow state) {
    count += (Long) state.values()[0];
    high = high.add(((Numeric) state.values()[1]).decimal().toBigIntegerExact());
  }
}
