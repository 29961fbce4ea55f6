package io.trencadis.storage.log;

import java.io.IOException;
import java.nio.file.Path;

/// A log segment does not hold what was once safely in it. Nothing is skipped: a person decides,
/// with a backup or a replica at hand.
public final class LogDamagedException extends IOException {
  private final Path file;
  private final long offset;

  LogDamagedException(Path file, long offset, String reason) {
    super("log segment \"" + file + "\" is damaged at offset " + offset + ": " + reason);
    this.file = file;
    this.offset = offset;
  }

  /// The damaged file, or the directory where a file is missing.
  public Path file() {
    return file;
  }

  /// Where the damage begins, in bytes from the beginning of the file.
  public long offset() {
    return offset;
  }
}
