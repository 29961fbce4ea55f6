package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.sql.types.Types;
import java.util.Map;
import java.util.function.Consumer;

/// A session whose every request runs where its users' types are known.
final class ScopedSession implements SqlSession {
  private final LocalSession session;

  ScopedSession(LocalSession session) {
    this.session = session;
  }

  @Override
  public void query(String sql, ResponseSink sink) {
    Types.within(session, () -> session.query(sql, sink));
  }

  @Override
  public void parse(String name, String sql, int[] parameterTypes, ResponseSink sink) {
    Types.within(session, () -> session.parse(name, sql, parameterTypes, sink));
  }

  @Override
  public void bind(
      String portal,
      String statement,
      short[] parameterFormats,
      byte[][] parameters,
      short[] resultFormats,
      ResponseSink sink) {
    Types.within(
        session,
        () -> session.bind(portal, statement, parameterFormats, parameters, resultFormats, sink));
  }

  @Override
  public StatementDescription describeStatement(String name) {
    return Types.within(session, () -> session.describeStatement(name));
  }

  @Override
  public RowFormat describePortal(String name) {
    return Types.within(session, () -> session.describePortal(name));
  }

  @Override
  public void execute(String portal, int maxRows, ResponseSink sink) {
    Types.within(session, () -> session.execute(portal, maxRows, sink));
  }

  @Override
  public void closeStatement(String name) {
    session.closeStatement(name);
  }

  @Override
  public void closePortal(String name) {
    Types.within(session, () -> session.closePortal(name));
  }

  /// Ends a move of rows that another session has begun; see [PartitionMove].
  ///
  /// @return whether that was possible
  boolean giveUpMove(int tableOid, int relationId) {
    StatementExecutor executor = session.executor();
    PartitionMove move =
        new PartitionMove(session, session.transactions(), executor, executor.schema());
    return Types.within(session, () -> move.giveUp(tableOid, relationId));
  }

  @Override
  public void sync(ResponseSink sink) {
    Types.within(session, () -> session.sync(sink));
  }

  @Override
  public void failed() {
    Types.within(session, session::failed);
  }

  @Override
  public TransactionStatus status() {
    return session.status();
  }

  @Override
  public long idleTimeoutMillis() {
    return session.idleTimeoutMillis();
  }

  @Override
  public boolean runsWithoutBlocking(Request request, String text) {
    return session.runsWithoutBlocking(request, text);
  }

  @Override
  public void mayBlock(boolean allowed) {
    session.mayBlock(allowed);
  }

  @Override
  public void whenTerminated(Consumer<SqlException> end) {
    session.whenTerminated(end);
  }

  @Override
  public void whenNotified(Runnable wake) {
    session.whenNotified(wake);
  }

  @Override
  public void awaitFollowed() {
    session.awaitFollowed();
  }

  @Override
  public void deliverNotifications(ResponseSink sink) {
    Types.within(session, () -> session.deliverNotifications(sink));
  }

  @Override
  public void cancel(SqlException reason) {
    session.cancel(reason);
  }

  @Override
  public Map<String, String> reportedSettings() {
    return session.reportedSettings();
  }

  @Override
  public void close() {
    Types.within(session, session::close);
  }
}
