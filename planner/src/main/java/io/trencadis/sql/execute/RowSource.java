package io.trencadis.sql.execute;

/// A stream of rows. Confined to the thread of its session.
public interface RowSource extends AutoCloseable {
  /// The next row, or null at the end. The array is the caller's from then on.
  Object[] next();

  /// The rows in batches, or null where they only come one by one. For those who read all of them;
  /// to be asked before the first row, and if there are any, [#next] is not to be called.
  default BatchSource batches() {
    return null;
  }

  @Override
  default void close() {}
}
