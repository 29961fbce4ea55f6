package io.trencadis.sql.execute;

/// One row, or none. Confined to one thread.
final class OneRow implements RowSource {
  private Object[] row;

  /// @param row null for none
  OneRow(Object[] row) {
    this.row = row;
  }

  @Override
  public Object[] next() {
    Object[] only = row;
    row = null;
    return only;
  }
}
