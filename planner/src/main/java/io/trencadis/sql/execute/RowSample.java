package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// Which rows TABLESAMPLE takes: those whose key, hashed with the seed, falls below the percentage.
/// The same seed gives the same rows for as long as they keep their keys, on whatever shards they
/// are. Without one, the statement's start is the seed.
///
/// @param blocks whether keys that differ in their last byte only are taken together: neighbours,
///   as the rows of one page are in PostgreSQL
/// @param place tells the samples of a statement apart
public record RowSample(boolean blocks, int place) {
  /// @param operands a [RowLocator], the percentage (Float) and perhaps the seed (Double)
  public boolean takes(Object[] operands, Execution x) {
    if (operands[1] == null) {
      throw new SqlException(
          SqlState.INVALID_TABLESAMPLE_ARGUMENT, "TABLESAMPLE parameter cannot be null");
    }
    double percent = (Float) operands[1];
    if (!(percent >= 0 && percent <= 100)) {
      throw new SqlException(
          SqlState.INVALID_TABLESAMPLE_ARGUMENT, "sample percentage must be between 0 and 100");
    }
    long seed;
    if (operands.length == 2) {
      seed = mix(x.cx().statementTimestampMicros() + place);
    } else if (operands[2] == null) {
      throw new SqlException(
          SqlState.INVALID_TABLESAMPLE_REPEAT, "TABLESAMPLE REPEATABLE parameter cannot be null");
    } else {
      seed = Double.doubleToLongBits((Double) operands[2] + 0.0);
    }
    byte[] key = ((RowLocator) operands[0]).key();
    long hash = mix(seed);
    for (int i = 0; i < key.length - (blocks ? 1 : 0); i++) {
      hash = (hash ^ (key[i] & 0xff)) * 0x100000001b3L;
    }
    return (mix(hash) >>> 11) * 0x1p-53 * 100 < percent;
  }

  private static long mix(long x) {
    x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }
}
