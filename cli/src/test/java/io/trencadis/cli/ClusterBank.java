package io.trencadis.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Transfers between accounts, and readers to whom the sum must always be the same.
final class ClusterBank extends ClusterClients {
  private static final int ACCOUNTS = 24;
  private static final long EACH = 1_000;

  private final Map<Long, Outcome> transfers = new ConcurrentHashMap<>();
  private final String placement;

  ClusterBank(ClusterProcesses cluster, int clients) {
    this(cluster, clients, "");
  }

  /// @param placement what is said of where the accounts are
  ClusterBank(ClusterProcesses cluster, int clients, String placement) {
    super(cluster, clients);
    this.placement = placement;
  }

  @Override
  void create() throws SQLException {
    try (Connection connection = cluster().connect(0);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL) " + placement);
      statement.execute(
          "CREATE TABLE transfer (id bigint PRIMARY KEY, giver int, taker int, amount bigint)");
      statement.execute("CREATE INDEX ON transfer (taker)");
      statement.execute(
          "INSERT INTO account SELECT g, " + EACH + " FROM generate_series(1, " + ACCOUNTS + ") g");
    }
  }

  @Override
  void steps(Statement statement, long id, Random random) throws SQLException {
    statement.execute("BEGIN");
    if (random.nextInt(4) == 0) {
      try (ResultSet rows = statement.executeQuery("SELECT sum(balance), count(*) FROM account")) {
        rows.next();
        if (rows.getLong(1) != ACCOUNTS * EACH || rows.getInt(2) != ACCOUNTS) {
          wrong("a reader saw " + rows.getInt(2) + " accounts with " + rows.getLong(1));
        }
      }
      return;
    }
    int one = 1 + random.nextInt(ACCOUNTS - 1);
    int other = one + 1 + random.nextInt(ACCOUNTS - one);
    long amount = random.nextLong(1, 20);
    boolean up = random.nextBoolean();
    int giver = up ? one : other;
    int taker = up ? other : one;
    // Always the lower account first: nobody waits in a circle.
    change(statement, one, up ? -amount : amount);
    change(statement, other, up ? amount : -amount);
    statement.execute(
        "INSERT INTO transfer VALUES (%d, %d, %d, %d)".formatted(id, giver, taker, amount));
    transfers.put(id, Outcome.FAILED);
  }

  private static void change(Statement statement, int account, long by) throws SQLException {
    statement.execute(
        "UPDATE account SET balance = balance + (%d) WHERE id = %d".formatted(by, account));
  }

  @Override
  void ended(long id, Outcome outcome) {
    transfers.computeIfPresent(id, (_, _) -> outcome);
  }

  @Override
  String judge(int node) throws SQLException {
    Map<Integer, Long> expected = new HashMap<>();
    Set<Long> found = new HashSet<>();
    try (Connection connection = cluster().connect(node);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT id, giver, taker, amount FROM transfer")) {
        while (rows.next()) {
          found.add(rows.getLong(1));
          expected.merge(rows.getInt(2), -rows.getLong(4), Long::sum);
          expected.merge(rows.getInt(3), rows.getLong(4), Long::sum);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT id, balance FROM account")) {
        int count = 0;
        while (rows.next()) {
          count++;
          long balance = EACH + expected.getOrDefault(rows.getInt(1), 0L);
          if (rows.getLong(2) != balance) {
            return "account %d has %d, its transfers make %d"
                .formatted(rows.getInt(1), rows.getLong(2), balance);
          }
        }
        if (count != ACCOUNTS) {
          return count + " accounts";
        }
      }
      try (ResultSet rows =
          statement.executeQuery("SELECT count(*) FROM transfer WHERE taker BETWEEN 1 AND 99")) {
        rows.next();
        if (rows.getInt(1) != found.size()) {
          return "the index has " + rows.getInt(1) + " transfers of " + found.size();
        }
      }
    }
    for (var transfer : transfers.entrySet()) {
      boolean there = found.contains(transfer.getKey());
      if (transfer.getValue() == Outcome.COMMITTED && !there) {
        return "transfer " + transfer.getKey() + " was acknowledged and is lost";
      }
      if (transfer.getValue() == Outcome.FAILED && there) {
        return "transfer " + transfer.getKey() + " failed and is there";
      }
    }
    return null;
  }

  String counts() {
    Map<Outcome, Integer> counts = new java.util.EnumMap<>(Outcome.class);
    transfers.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
    return "transfers " + counts;
  }
}
