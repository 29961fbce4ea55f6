package io.trencadis.storage;

/// Live rows at one timestamp, one after another. Confined to one thread; holds nothing that has to
/// be closed.
public interface RowScan {
  /// Steps to the next row.
  ///
  /// @return false at the end
  boolean next();

  byte[] key();

  byte[] value();

  /// The commit timestamp of the current row's version.
  long commitTs();
}
