package io.trencadis.sharding;

import io.trencadis.storage.RowBlock;

/// Rows of one scan, in key order or against it. Confined to its transaction's thread.
///
/// It shows the transaction's own writes made before it was opened, and none made later, so that a
/// statement which writes ahead of its own scan does not meet its rows again. It may be left
/// unclosed, and lives until its transaction ends; the read set holds what was stepped over, not
/// what was fetched.
public interface RowCursor extends AutoCloseable {
  /// Asks for the first rows, where that takes a while, so that they come while somebody waits for
  /// those of other cursors.
  default void ask() {}

  /// Steps to the next row.
  ///
  /// @return false at the end
  boolean next();

  /// The current row's key; not to be modified.
  byte[] key();

  /// The current row's bytes; not to be modified.
  byte[] value();

  /// How many bytes the current row has.
  default int length() {
    return value().length;
  }

  /// Adds the current row to a block, without a copy where its bytes are part of something larger.
  default void addTo(RowBlock rows) {
    rows.add(key(), value());
  }

  @Override
  void close();
}
