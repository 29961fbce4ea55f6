package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// One client's session. Its methods are the requests of the protocol (PostgreSQL 15 manual, 55.2),
/// with statements and values instead of message bytes. All of them throw [SqlException] for what
/// the client is to be told; the session stays usable unless the error is fatal.
///
/// After an error in the extended protocol the caller skips requests until Sync, as the protocol
/// says, and calls [#failed] at once so that locks are not held meanwhile.
///
/// One thread at a time, except for [#cancel].
public interface SqlSession extends AutoCloseable {
  /// What Describe answers for a statement.
  ///
  /// @param parameterTypes type oids of `$1`, `$2`, …
  /// @param columns the result's columns, or null for a statement that returns no rows
  record StatementDescription(int[] parameterTypes, List<ResultColumn> columns) {}

  /// Whether a transaction is open: the status byte of ReadyForQuery.
  enum TransactionStatus {
    IDLE('I'),
    IN_TRANSACTION('T'),
    FAILED('E');

    private final char code;

    TransactionStatus(char code) {
      this.code = code;
    }

    public char code() {
      return code;
    }
  }

  /// Runs a simple query: any number of statements, in one implicit transaction where the text does
  /// not say otherwise. Everything but ErrorResponse and ReadyForQuery goes to the sink.
  void query(String sql, ResponseSink sink);

  /// Parse: makes a prepared statement. An empty name replaces the unnamed one.
  ///
  /// @param parameterTypes type oids, 0 where the server is to find out; may be shorter than the
  ///   parameters
  void parse(String name, String sql, int[] parameterTypes, ResponseSink sink);

  /// Bind: makes a portal out of a prepared statement and values.
  ///
  /// @param parameterFormats none, one for all, or one a parameter: 0 text, 1 binary
  /// @param parameters the values as they came; null elements are SQL NULL
  /// @param resultFormats none, one for all, or one a column
  void bind(
      String portal,
      String statement,
      short[] parameterFormats,
      byte[][] parameters,
      short[] resultFormats,
      ResponseSink sink);

  /// Describe of a statement.
  StatementDescription describeStatement(String name);

  /// Describe of a portal: its row format, or null where it returns no rows.
  RowFormat describePortal(String name);

  /// Execute: runs a portal, or goes on with it.
  ///
  /// @param maxRows most rows to send, 0 for all; more rows left end with [ResponseSink#suspended]
  void execute(String portal, int maxRows, ResponseSink sink);

  /// Close of a statement; unknown names are fine.
  void closeStatement(String name);

  /// Close of a portal; unknown names are fine.
  void closePortal(String name);

  /// Sync: ends the implicit transaction of the requests since the last one. Its commit can fail.
  void sync(ResponseSink sink);

  /// Tells the session that a request failed: a transaction block becomes failed, an implicit
  /// transaction is rolled back. Never throws.
  void failed();

  TransactionStatus status();

  /// How long the client may be silent as the session is now, in or out of a transaction, before
  /// the session is to be ended: milliseconds, 0 for as long as it likes. Cheap enough to be asked
  /// after each batch of requests.
  long idleTimeoutMillis();

  /// Whether this request could be run on a thread that must not block: it is known to be short and
  /// to touch a handful of rows. Such a request may then still throw `WouldBlockException`, having
  /// left no trace; it is to be run again on a thread that may block.
  boolean runsWithoutBlocking(Request request, String text);

  /// Whether the calls that follow come from a thread that may block. True at first.
  void mayBlock(boolean allowed);

  /// Returns when whatever the open transaction may have seen is durable: has to be called before
  /// any answer leaves the server, on a thread that may block.
  ///
  /// @throws SqlException 58030 if the server is about to stop, since its log has failed
  void awaitFollowed();

  /// The requests that [#runsWithoutBlocking] is asked about.
  enum Request {
    /// text: the SQL
    QUERY,
    /// text: the SQL
    PARSE,
    /// text: the statement's name
    BIND,
    /// text: the portal's name
    EXECUTE,
    /// text: empty
    SYNC
  }

  /// Has `wake` called when notifications (NOTIFY) have arrived that [#deliverNotifications] is to
  /// send: by any thread, and it must not block. Called once.
  default void whenNotified(Runnable wake) {}

  /// Sends the notifications that have arrived, unless a transaction is open: then they wait for
  /// its end.
  default void deliverNotifications(ResponseSink sink) {}

  /// Has `end` called with a fatal reason when somebody asks for the session's end
  /// (`pg_terminate_backend`): by any thread, and it must not block. Called once.
  default void whenTerminated(Consumer<SqlException> end) {}

  /// Asks the statement that is running, if any, to stop with `reason` (57014 for a user's cancel).
  /// Called from any thread; returns at once.
  void cancel(SqlException reason);

  /// Values of the settings that PostgreSQL reports at start and on change (ParameterStatus).
  Map<String, String> reportedSettings();

  /// Rolls back and gives everything back. Never throws.
  @Override
  void close();
}
