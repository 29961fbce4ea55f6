package io.trencadis.storage;

/// Live rows at one timestamp, one after another. Confined to one thread; holds nothing that has to
/// be closed.
public interface RowScan {
  /// Steps to the next row.
  ///
  /// @return false at the end
  boolean next();

  /// Steps over rows and adds them to a block.
  ///
  /// @param most how many
  /// @return whether the end was met before so many were found
  default boolean read(RowBlock into, int most) {
    for (int i = 0; i < most; i++) {
      if (!next()) {
        return true;
      }
      into.add(key(), value());
    }
    return false;
  }

  byte[] key();

  byte[] value();

  /// The commit timestamp of the current row's version.
  long commitTs();
}
