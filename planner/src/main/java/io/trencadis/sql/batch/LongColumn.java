package io.trencadis.sql.batch;

import io.trencadis.sql.types.WholeNumberCodec;

/// Whole numbers: integers, dates and timestamps.
public final class LongColumn extends Column {
  private final WholeNumberCodec codec;
  private final long[] values;
  private final boolean[] nulls;

  /// @param values by place
  /// @param nulls by place; null where there are none
  public LongColumn(WholeNumberCodec codec, long[] values, boolean[] nulls) {
    this.codec = codec;
    this.values = values;
    this.nulls = nulls;
  }

  public WholeNumberCodec codec() {
    return codec;
  }

  /// The numbers by place; of nulls, anything.
  public long[] values() {
    return values;
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
    return isNull(place) ? null : codec.box(values[place]);
  }

  @Override
  public Column gathered(int[] from, int count) {
    long[] own = new long[count];
    boolean[] ownNulls = nulls == null ? null : new boolean[count];
    for (int i = 0; i < count; i++) {
      own[i] = values[from[i]];
      if (nulls != null) {
        ownNulls[i] = nulls[from[i]];
      }
    }
    return new LongColumn(codec, own, ownNulls);
  }
}
