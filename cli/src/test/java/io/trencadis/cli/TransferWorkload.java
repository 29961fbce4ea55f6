package io.trencadis.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// Clients that move money between accounts and write each move down, over several tables and
/// indexes, until they are told to stop.
final class TransferWorkload {
  private static final int ACCOUNTS = 50;
  private static final int EACH = 1000;

  /// Where to connect to.
  @FunctionalInterface
  interface Source {
    Connection connect() throws SQLException;
  }

  private final Source source;
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final Semaphore moves = new Semaphore(0);
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<Thread> clients = new ArrayList<>();

  TransferWorkload(Source source) {
    this.source = source;
  }

  void create() throws SQLException {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)");
      statement.execute("CREATE INDEX account_balance ON account (balance)");
      statement.execute(
          "CREATE TABLE move (id bigint PRIMARY KEY, giver int, taker int, amount int, "
              + "memo text UNIQUE)");
      statement.execute(
          "INSERT INTO account SELECT g, " + EACH + " FROM generate_series(1, " + ACCOUNTS + ") g");
    }
  }

  void begin(int count, long seed) {
    for (int client = 0; client < count; client++) {
      int number = client;
      clients.add(Thread.ofPlatform().start(() -> run(number, new Random(seed + number))));
    }
  }

  private void run(int number, Random random) {
    try (Connection connection = source.connect();
        PreparedStatement change =
            connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?");
        PreparedStatement note =
            connection.prepareStatement("INSERT INTO move VALUES (?, ?, ?, ?, ?)")) {
      connection.setAutoCommit(false);
      for (long i = 0; !stopped.get(); i++) {
        long id = i * 100 + number;
        int giver = 1 + random.nextInt(ACCOUNTS);
        int taker = 1 + random.nextInt(ACCOUNTS);
        int amount = 1 + random.nextInt(20);
        try {
          change(change, -amount, giver);
          change(change, amount, taker);
          note.setLong(1, id);
          note.setInt(2, giver);
          note.setInt(3, taker);
          note.setInt(4, amount);
          note.setString(5, "move " + id);
          note.executeUpdate();
          connection.commit();
          acknowledged.add(id);
          moves.release();
        } catch (SQLException e) {
          connection.rollback();
          if (!e.getSQLState().startsWith("40")) {
            throw e;
          }
        }
      }
    } catch (Throwable e) {
      if (!stopped.get()) {
        failure.compareAndSet(null, e);
        moves.release(1_000_000);
      }
    }
  }

  private static void change(PreparedStatement statement, int amount, int id) throws SQLException {
    statement.setInt(1, amount);
    statement.setInt(2, id);
    statement.executeUpdate();
  }

  /// Returns when so many more moves were acknowledged.
  void awaitMoves(int count) {
    moves.acquireUninterruptibly(count);
    check();
  }

  /// The moves acknowledged by now.
  Set<Long> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  void end() throws InterruptedException {
    stopped.set(true);
    for (Thread client : clients) {
      client.join();
    }
    check();
  }

  private void check() {
    if (failure.get() != null) {
      throw new AssertionError("a client failed", failure.get());
    }
  }

  /// What is wrong with the data of a server, or null.
  ///
  /// @param expected moves that must be there
  static String check(Connection connection, Set<Long> expected) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long total = number(statement, "SELECT sum(balance) FROM account");
      if (total != (long) ACCOUNTS * EACH) {
        return "the balances add up to " + total;
      }
      long halves =
          number(
              statement,
              "SELECT count(*) FROM account a WHERE balance <> "
                  + EACH
                  + " + (SELECT coalesce(sum(amount), 0) FROM move WHERE taker = a.id)"
                  + " - (SELECT coalesce(sum(amount), 0) FROM move WHERE giver = a.id)");
      if (halves != 0) {
        return halves + " balances are not what the moves make of them";
      }
      Set<Long> missing = new java.util.HashSet<>(expected);
      try (ResultSet rows = statement.executeQuery("SELECT id FROM move")) {
        while (rows.next()) {
          missing.remove(rows.getLong(1));
        }
      }
      return missing.isEmpty() ? null : missing.size() + " acknowledged moves are missing";
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
