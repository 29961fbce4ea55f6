package io.trencadis.wire.connection;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of an exception that nobody meant to throw: a log entry and an error for the
/// client.
final class Bugs {
  private static final Logger log = LoggerFactory.getLogger(Bugs.class);

  /// An exception's class and stack without its message, which may quote a client's data.
  private static final class WithoutData extends RuntimeException {
    WithoutData(Throwable bug) {
      super(bug.getClass().getName(), cause(bug), false, true);
      setStackTrace(bug.getStackTrace());
    }

    private static Throwable cause(Throwable bug) {
      return bug.getCause() == null || bug.getCause() == bug
          ? null
          : new WithoutData(bug.getCause());
    }
  }

  private Bugs() {}

  /// Logs a bug and makes of it what the client is told.
  ///
  /// @param statement what was run, of which a fingerprint is logged; may be null
  static SqlException report(Throwable bug, String statement) {
    if (bug instanceof StackOverflowError) {
      return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .hint("The statement is nested too deeply. Simplify it, or split it up.");
    }
    if (bug instanceof OutOfMemoryError) {
      log.error("out of memory, statement fingerprint {}", fingerprint(statement));
      return new SqlException(SqlState.OUT_OF_MEMORY, "out of memory");
    }
    log(bug, statement);
    return new SqlException(SqlState.INTERNAL_ERROR, "internal error");
  }

  static void log(Throwable bug, String statement) {
    log.error(
        "internal error, statement fingerprint {}", fingerprint(statement), new WithoutData(bug));
  }

  private static String fingerprint(String statement) {
    return statement == null ? "none" : Integer.toHexString(statement.hashCode());
  }
}
