package io.trencadis.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Several connections' statements in an order given beforehand. A statement that waits for a lock
/// lets the next connection's go on; what its own connection does later queues up behind it.
///
/// Each connection keeps what its statements answered: the rows as text, or the SQLSTATE.
final class Interleaving implements AutoCloseable {
  private static final int MOST_SECONDS = 30;
  private static final int LOOK_MILLIS = 5;

  /// Opens a connection to the server under test.
  @FunctionalInterface
  interface Server {
    Connection connect() throws SQLException;
  }

  private static final class Client {
    final Connection connection;
    final int processId;
    final ExecutorService thread = Executors.newSingleThreadExecutor();
    final List<String> answers = new ArrayList<>();
    final List<Future<?>> steps = new ArrayList<>();
    SQLException failure;
    boolean failed;
    boolean committed;

    Client(Connection connection) throws SQLException {
      this.connection = connection;
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        processId = row.getInt(1);
      }
    }
  }

  private final Server server;
  private final Connection observer;
  private final Map<Integer, Client> clients = new LinkedHashMap<>();

  Interleaving(Server server) throws SQLException {
    this.server = server;
    this.observer = server.connect();
  }

  /// Opens a client and has it say something before its part begins.
  void client(int number, String... setup) throws SQLException {
    Client client = new Client(server.connect());
    clients.put(number, client);
    for (String sql : setup) {
      try (Statement statement = client.connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  /// Runs a statement of a client's, and returns when it has answered, or waits for a lock, or
  /// stands behind one that does.
  Interleaving step(int number, String sql) throws Exception {
    Client client = clients.get(number);
    Future<?> step = client.thread.submit(() -> run(client, sql));
    client.steps.add(step);
    long rounds = MOST_SECONDS * 1000L / LOOK_MILLIS;
    while (rounds-- > 0) {
      try {
        step.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return this;
      } catch (TimeoutException notYet) {
        if (waits(client)) {
          return this;
        }
      }
    }
    throw new AssertionError("client " + number + " neither answers nor waits: " + sql);
  }

  private static void run(Client client, String sql) {
    String answer;
    try (Statement statement = client.connection.createStatement()) {
      if (sql.equals("COMMIT") && client.failed) {
        statement.execute("ROLLBACK");
        answer = "rolled back";
      } else {
        StringBuilder rows = new StringBuilder();
        if (statement.execute(sql)) {
          try (ResultSet result = statement.getResultSet()) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
              rows.append(rows.isEmpty() ? "" : " ");
              for (int i = 1; i <= columns; i++) {
                rows.append(i == 1 ? "" : "=").append(result.getString(i));
              }
            }
          }
        }
        answer = rows.toString();
        client.committed |= sql.equals("COMMIT");
      }
    } catch (SQLException e) {
      if (!client.failed) {
        client.failure = e;
      }
      client.failed = true;
      answer = e.getSQLState();
    }
    client.answers.add(answer);
  }

  private boolean waits(Client client) throws SQLException {
    try (Statement statement = observer.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = "
                    + client.processId)) {
      return row.next();
    }
  }

  /// Waits until all that was asked is answered.
  Interleaving finish() throws Exception {
    for (Client client : clients.values()) {
      for (Future<?> step : client.steps) {
        try {
          step.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          throw new AssertionError(e.getCause());
        }
      }
    }
    return this;
  }

  /// Whether a client's last COMMIT did.
  boolean committed(int number) {
    return clients.get(number).committed;
  }

  /// What a client's statements answered, in their order.
  List<String> answers(int number) {
    return clients.get(number).answers;
  }

  /// A client's first failure, or null.
  SQLException failure(int number) {
    return clients.get(number).failure;
  }

  int processId(int number) {
    return clients.get(number).processId;
  }

  /// Sends a cancel request for what the client runs.
  void cancel(int number) throws SQLException {
    try (Statement statement = observer.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_cancel_backend(" + processId(number) + ")")) {
      row.next();
    }
  }

  /// What a new connection reads.
  String read(String sql) throws SQLException {
    try (Statement statement = observer.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      StringBuilder rows = new StringBuilder();
      while (result.next()) {
        rows.append(rows.isEmpty() ? "" : " ").append(result.getString(1));
      }
      return rows.toString();
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    clients.forEach(
        (number, client) ->
            text.append("T").append(number).append(": ").append(client.answers).append("; "));
    return text.toString();
  }

  @Override
  public void close() throws SQLException {
    for (Client client : clients.values()) {
      client.connection.close();
      client.thread.shutdownNow();
    }
    observer.close();
  }
}
