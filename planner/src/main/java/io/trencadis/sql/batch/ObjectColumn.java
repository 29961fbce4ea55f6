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
}
