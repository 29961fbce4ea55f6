package io.trencadis.sql.execute;

/// A stream of rows. Confined to the thread of its session.
public interface RowSource extends AutoCloseable {
  /// The next row, or null at the end. The array is the caller's from then on.
  Object[] next();

  @Override
  default void close() {}
}
