package io.trencadis.storage.disk;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.io.IOException;
import java.nio.file.Path;

/// There is no room left, on the device or within a quota: what was asked may work later.
public final class DiskFullException extends IOException {
  private final Path file;

  /// No room for a write to `file`; the message is PostgreSQL's.
  public DiskFullException(Path file, Throwable cause) {
    super("could not write to file \"" + file + "\": No space left on device", cause);
    this.file = file;
  }

  /// The file that could not be written.
  public Path file() {
    return file;
  }

  /// What a client is told: 53100.
  public SqlException toSqlException() {
    return new SqlException(SqlState.DISK_FULL, getMessage(), this);
  }
}
