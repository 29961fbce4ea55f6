package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sql.session.CatalogAccess;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// `trencadis_backup(directory)`: copies the node's data into a directory of its machine, for
/// superusers. PostgreSQL has no such function; its `pg_basebackup` does the like over the
/// replication protocol.
final class BackupFunction {
  private BackupFunction() {}

  static String call(String directory, CatalogAccess access) {
    if (!access.role().superuser()) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function trencadis_backup")
          .detail("Only superusers may make a backup.");
    }
    BackupResult made = access.backup(absolute(directory));
    return made.files()
        + " files, "
        + made.bytes()
        + " bytes, with all that was committed up to timestamp "
        + made.timestamp();
  }

  private static Path absolute(String directory) {
    Path path;
    try {
      path = Path.of(directory);
    } catch (InvalidPathException e) {
      throw new SqlException(
          SqlState.INVALID_NAME, "invalid path for a backup: \"" + directory + "\"");
    }
    if (!path.isAbsolute()) {
      throw new SqlException(
              SqlState.INVALID_NAME, "relative path not allowed for backup stored on server")
          .hint("Give the whole path, from the root of the server's file system.");
    }
    return path.normalize();
  }
}
