package io.trencadis.sql.batch;

/// Values of any type.
public final class ObjectColumn extends Column {
  private final Object[] values;

  /// @param values by place
  public ObjectColumn(Object[] values) {
    this.values = values;
  }

  @Override
  public boolean isNull(int place) {
    return values[place] == null;
  }

  @Override
  public Object get(int place) {
    return values[place];
  }

  @Override
  public Column gathered(int[] from, int count) {
    Object[] own = new Object[count];
    for (int i = 0; i < count; i++) {
      own[i] = values[from[i]];
    }
    return new ObjectColumn(own);
  }
}
