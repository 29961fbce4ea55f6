package io.trencadis.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Transfers between accounts, appends to lists, and inserts of keys that several want, by clients
/// that each note down what became of every transaction.
final class CrashWorkload {
  private static final int ACCOUNTS = 8;
  private static final int LISTS = 4;
  private static final long OPENING = 1_000;
  private static final int WAIT_SECONDS = 60;

  /// What a client knows of a transaction. Failed ones have certainly not happened: their COMMIT
  /// was refused or never sent.
  private enum Outcome {
    RUNNING,
    COMMITTED,
    FAILED,
    UNKNOWN
  }

  private static final class Noted {
    final String name;
    final long begin = System.nanoTime();
    volatile Outcome outcome = Outcome.RUNNING;
    volatile long end;
    int[] lists;
    int unique = -1;

    Noted(String name) {
      this.name = name;
    }
  }

  private final Interleaving.Server server;
  private final int clients;
  private final Random seeds;
  private final Map<String, Noted> journal = new ConcurrentHashMap<>();
  private final Set<Long> sequenceValues = ConcurrentHashMap.newKeySet();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final Semaphore acknowledged = new Semaphore(0);
  private final int[] counters;
  private final List<Thread> running = new ArrayList<>();
  private int wanted;

  CrashWorkload(Interleaving.Server server, int clients, long seed) {
    this.server = server;
    this.clients = clients;
    this.seeds = new Random(seed);
    this.counters = new int[clients];
  }

  void create() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)");
      statement.execute(
          "CREATE TABLE transfer (id bigserial PRIMARY KEY, name text UNIQUE, source int, target int, amount bigint)");
      statement.execute("CREATE TABLE list (id int PRIMARY KEY, items text NOT NULL)");
      statement.execute("CREATE TABLE wanted (id int PRIMARY KEY, winner text NOT NULL)");
      for (int i = 0; i < ACCOUNTS; i++) {
        statement.execute("INSERT INTO account VALUES (" + i + ", " + OPENING + ")");
      }
      for (int i = 0; i < LISTS; i++) {
        statement.execute("INSERT INTO list VALUES (" + i + ", '')");
      }
    }
  }

  /// Starts the clients, who go on until their connection dies.
  void begin() {
    acknowledged.drainPermits();
    wanted += 100_000;
    for (int i = 0; i < clients; i++) {
      int client = i;
      long seed = seeds.nextLong();
      running.add(Thread.ofPlatform().start(() -> run(client, new Random(seed))));
    }
  }

  void awaitAcknowledged(int transactions) throws InterruptedException {
    if (!acknowledged.tryAcquire(transactions, WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(
          "not " + transactions + " transactions within " + WAIT_SECONDS + " s; " + fault.get());
    }
  }

  void end() throws InterruptedException {
    for (Thread thread : running) {
      thread.join();
    }
    running.clear();
  }

  private void run(int client, Random random) {
    try (Connection connection = server.connect()) {
      connection.setAutoCommit(false);
      while (true) {
        Noted noted = new Noted(client + "." + counters[client]++);
        journal.put(noted.name, noted);
        boolean committing = false;
        try {
          switch (random.nextInt(3)) {
            case 0 -> transfer(connection, noted, random);
            case 1 -> append(connection, noted, random);
            default -> insert(connection, noted, random);
          }
          committing = true;
          connection.commit();
          end(noted, Outcome.COMMITTED);
          acknowledged.release();
        } catch (SQLException e) {
          boolean lost = e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57P");
          end(noted, lost && committing ? Outcome.UNKNOWN : Outcome.FAILED);
          if (lost) {
            return;
          }
          if (!Set.of("40001", "40P01", "23505").contains(e.getSQLState())) {
            fault.compareAndSet(null, noted.name + ": " + e);
          }
          connection.rollback();
        }
      }
    } catch (SQLException e) {
      // The server was killed: what there is to know is in the journal.
    }
  }

  private static void end(Noted noted, Outcome outcome) {
    noted.end = System.nanoTime();
    noted.outcome = outcome;
  }

  private void transfer(Connection connection, Noted noted, Random random) throws SQLException {
    int source = random.nextInt(ACCOUNTS);
    int target = (source + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    int amount = 1 + random.nextInt(20);
    update(connection, "UPDATE account SET balance = balance - ? WHERE id = ?", amount, source);
    update(connection, "UPDATE account SET balance = balance + ? WHERE id = ?", amount, target);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO transfer (name, source, target, amount) VALUES (?, ?, ?, ?) RETURNING id")) {
      statement.setString(1, noted.name);
      statement.setInt(2, source);
      statement.setInt(3, target);
      statement.setInt(4, amount);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        // Values a client was given never come again, whatever became of its transaction.
        if (!sequenceValues.add(row.getLong(1))) {
          fault.compareAndSet(null, "the sequence gave " + row.getLong(1) + " twice");
        }
      }
    }
  }

  private static void append(Connection connection, Noted noted, Random random)
      throws SQLException {
    int first = random.nextInt(LISTS);
    noted.lists = new int[] {first, (first + 1 + random.nextInt(LISTS - 1)) % LISTS};
    for (int list : noted.lists) {
      update(
          connection, "UPDATE list SET items = items || ? || ',' WHERE id = ?", noted.name, list);
    }
  }

  private void insert(Connection connection, Noted noted, Random random) throws SQLException {
    noted.unique = wanted + random.nextInt(2_000);
    update(connection, "INSERT INTO wanted VALUES (?, ?)", noted.unique, noted.name);
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  String counts() {
    Map<Outcome, Integer> counts = new LinkedHashMap<>();
    journal.values().forEach(noted -> counts.merge(noted.outcome, 1, Integer::sum));
    return counts.toString();
  }

  /// @return what is wrong, or null
  String check() throws SQLException {
    if (fault.get() != null) {
      return fault.get();
    }
    Set<String> found = new HashSet<>();
    String wrong;
    try (Connection connection = server.connect()) {
      wrong = checkTransfers(connection, found);
      wrong = wrong != null ? wrong : checkLists(connection, found);
      wrong = wrong != null ? wrong : checkUnique(connection, found);
    }
    if (wrong != null) {
      return wrong;
    }
    for (Noted noted : journal.values()) {
      if (noted.outcome == Outcome.COMMITTED && !found.contains(noted.name)) {
        return noted.name + " was acknowledged and is lost";
      }
      if (noted.outcome == Outcome.FAILED && found.contains(noted.name)) {
        return noted.name + " failed, and yet it happened";
      }
    }
    return null;
  }

  private static String checkTransfers(Connection connection, Set<String> found)
      throws SQLException {
    long[] expected = new long[ACCOUNTS];
    Arrays.fill(expected, OPENING);
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT name, source, target, amount FROM transfer")) {
        while (rows.next()) {
          found.add(rows.getString(1));
          expected[rows.getInt(2)] -= rows.getLong(4);
          expected[rows.getInt(3)] += rows.getLong(4);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT id, balance FROM account")) {
        int count = 0;
        while (rows.next()) {
          count++;
          if (rows.getLong(2) != expected[rows.getInt(1)]) {
            return "account "
                + rows.getInt(1)
                + " has "
                + rows.getLong(2)
                + ", its transfers make "
                + expected[rows.getInt(1)];
          }
        }
        return count == ACCOUNTS ? null : count + " accounts";
      }
    }
  }

  private String checkLists(Connection connection, Set<String> found) throws SQLException {
    Map<String, Set<Integer>> in = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, items FROM list")) {
      while (rows.next()) {
        long latestBegin = Long.MIN_VALUE;
        for (String name : rows.getString(2).split(",")) {
          if (name.isEmpty()) {
            continue;
          }
          if (!in.computeIfAbsent(name, _ -> new HashSet<>()).add(rows.getInt(1))) {
            return name + " is twice in list " + rows.getInt(1);
          }
          Noted noted = journal.get(name);
          if (noted.outcome == Outcome.COMMITTED && noted.end < latestBegin) {
            return name + " stands behind an item whose transaction began after its end";
          }
          latestBegin = Math.max(latestBegin, noted.begin);
        }
      }
    }
    for (var entry : in.entrySet()) {
      int[] lists = journal.get(entry.getKey()).lists;
      if (!entry.getValue().equals(Set.of(lists[0], lists[1]))) {
        return entry.getKey() + " is in lists " + entry.getValue() + ", appended to two";
      }
      found.add(entry.getKey());
    }
    return null;
  }

  private String checkUnique(Connection connection, Set<String> found) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, winner FROM wanted")) {
      while (rows.next()) {
        if (journal.get(rows.getString(2)).unique != rows.getInt(1)) {
          return "key " + rows.getInt(1) + " is not what " + rows.getString(2) + " inserted";
        }
        found.add(rows.getString(2));
      }
    }
    return null;
  }
}
