package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.session.ResponseSink.CopySource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/// The files of the server that COPY reads and writes: those of the node that the client talks to.
final class ServerFiles {
  private static final int PIECE_BYTES = 1 << 16;

  private ServerFiles() {}

  /// Data of a file in pieces.
  interface Source extends CopySource, AutoCloseable {
    @Override
    void close();
  }

  /// Fails unless the session's user may use what the statement names.
  ///
  /// @throws SqlException 42501; 0A000 for a program, which is not run
  static void authorize(Statement.Copy copy, LocalSession session) {
    boolean program = copy.end() == Statement.CopyEnd.PROGRAM;
    if (!program && copy.end() != Statement.CopyEnd.FILE) {
      return;
    }
    int role =
        program
            ? PredefinedRoles.EXECUTE_SERVER_PROGRAM
            : copy.from() ? PredefinedRoles.READ_SERVER_FILES : PredefinedRoles.WRITE_SERVER_FILES;
    var roles = session.rights().roles();
    int user = session.currentUser().oid();
    if (!roles.isSuperuser(user) && !roles.has(user, role)) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "must be superuser or have privileges of the "
                  + session.rights().catalog().role(role).name()
                  + " role to COPY "
                  + (program
                      ? "to or from an external program"
                      : copy.from() ? "from a file" : "to a file"))
          .hint(
              "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for"
                  + " anyone.");
    }
    if (program) {
      throw SqlException.notSupported("COPY to and from programs of the server")
          .at(copy.pos())
          .hint("Use psql's \\copy, which runs the program at the client.");
    }
  }

  /// Opens a file to copy from. A relative path begins in the data directory.
  ///
  /// @throws SqlException 58P01, 42501, 42809, 58030
  static Source read(String name, LocalSession session) {
    InputStream in;
    try {
      Path path = Path.of(session.settings().get("data_directory")).resolve(name);
      if (name.isEmpty()) {
        throw new NoSuchFileException(name);
      }
      if (Files.isDirectory(path)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
      }
      in = Files.newInputStream(path);
    } catch (IOException | InvalidPathException e) {
      throw cannotOpen(name, "reading", e)
          .hint(
              "COPY FROM instructs the PostgreSQL server process to read a file. You may want a"
                  + " client-side facility such as psql's \\copy.");
    }
    return new Source() {
      private final byte[] piece = new byte[PIECE_BYTES];

      @Override
      public byte[] next() {
        try {
          int length = in.read(piece);
          return length < 0 ? null : Arrays.copyOf(piece, length);
        } catch (IOException e) {
          throw new SqlException(SqlState.IO_ERROR, "could not read from COPY file: " + reason(e));
        }
      }

      @Override
      public void close() {
        ServerFiles.close(in, name);
      }
    };
  }

  /// Opens a file to copy to, emptied.
  ///
  /// @throws SqlException 42602 for a relative path, 58P01, 42501, 42809, 58030
  static OutputStream write(String name) {
    try {
      Path path = Path.of(name);
      if (!path.isAbsolute()) {
        throw new SqlException(SqlState.INVALID_NAME, "relative path not allowed for COPY to file");
      }
      if (Files.isDirectory(path)) {
        throw new SqlException(
            SqlState.WRONG_OBJECT_TYPE,
            "could not open file \"" + name + "\" for writing: Is a directory");
      }
      return Files.newOutputStream(path);
    } catch (IOException | InvalidPathException e) {
      throw cannotOpen(name, "writing", e)
          .hint(
              "COPY TO instructs the PostgreSQL server process to write a file. You may want a"
                  + " client-side facility such as psql's \\copy.");
    }
  }

  /// @throws SqlException 58030
  static void write(OutputStream file, byte[] bytes, int length) {
    try {
      file.write(bytes, 0, length);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not write to COPY file: " + reason(e));
    }
  }

  /// @throws SqlException 58030
  static void close(AutoCloseable file, String name) {
    try {
      file.close();
    } catch (Exception e) {
      throw new SqlException(
          SqlState.IO_ERROR, "could not close file \"" + name + "\": " + reason(e));
    }
  }

  private static SqlException cannotOpen(String name, String what, Exception e) {
    SqlState state =
        switch (e) {
          case NoSuchFileException _ -> SqlState.UNDEFINED_FILE;
          case AccessDeniedException _ -> SqlState.INSUFFICIENT_PRIVILEGE;
          default -> SqlState.IO_ERROR;
        };
    return new SqlException(
        state, "could not open file \"" + name + "\" for " + what + ": " + reason(e));
  }

  /// The operating system's words, where they are known.
  private static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
