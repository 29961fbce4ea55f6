package io.trencadis.storage;

/// One key's new value, to be installed at a commit timestamp.
public interface Write {
  byte[] key();

  /// The row's bytes, or null for a deletion.
  byte[] value();

  static Write of(byte[] key, byte[] value) {
    record Plain(byte[] key, byte[] value) implements Write {}
    return new Plain(key, value);
  }
}
