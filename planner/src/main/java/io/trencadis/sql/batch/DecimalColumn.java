package io.trencadis.sql.batch;

import io.trencadis.sql.types.Numeric;

/// Decimals that all have the same digits after the point and fit into longs without it. Others are
/// in an [ObjectColumn].
public final class DecimalColumn extends Column {
  private final long[] unscaled;
  private final int scale;
  private final boolean[] nulls;

  /// @param unscaled by place, in units of 10^-scale
  /// @param nulls by place; null where there are none
  public DecimalColumn(long[] unscaled, int scale, boolean[] nulls) {
    this.unscaled = unscaled;
    this.scale = scale;
    this.nulls = nulls;
  }

  /// By place; of nulls, anything.
  public long[] unscaled() {
    return unscaled;
  }

  public int scale() {
    return scale;
  }

  /// Null where there are none.
  public boolean[] nulls() {
    return nulls;
  }

  @Override
  public boolean isNull(int place) {
    return nulls != null && nulls[place];
  }

  @Override
  public Object get(int place) {
    return isNull(place) ? null : Numeric.of(unscaled[place], scale);
  }

  @Override
  public Column gathered(int[] from, int count) {
    long[] own = new long[count];
    boolean[] ownNulls = nulls == null ? null : new boolean[count];
    for (int i = 0; i < count; i++) {
      own[i] = unscaled[from[i]];
      if (nulls != null) {
        ownNulls[i] = nulls[from[i]];
      }
    }
    return new DecimalColumn(own, scale, ownNulls);
  }
}
