package io.trencadis.cli;

import io.trencadis.txn.history.History;
import io.trencadis.txn.history.HistoryChecker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Serializable transactions that each read two of several lists and append to them. A list tells
/// itself in which order its versions came to be, so that the history can be judged.
final class ClusterLists extends ClusterClients {
  private static final int LISTS = 6;

  private static final class Seen {
    final long begin = System.nanoTime();
    final Map<Integer, List<Long>> read = new TreeMap<>();
    volatile long end = Long.MAX_VALUE;
    volatile Outcome outcome = Outcome.FAILED;
  }

  private final Map<Long, Seen> all = new ConcurrentHashMap<>();

  ClusterLists(ClusterProcesses cluster, int clients) {
    super(cluster, clients);
  }

  @Override
  void create() throws SQLException {
    try (Connection connection = cluster().connect(1);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE list (id int PRIMARY KEY, items text NOT NULL)");
      statement.execute("INSERT INTO list SELECT g, '' FROM generate_series(1, " + LISTS + ") g");
    }
  }

  @Override
  void steps(Statement statement, long id, Random random) throws SQLException {
    Seen seen = new Seen();
    all.put(id, seen);
    int one = 1 + random.nextInt(LISTS - 1);
    int other = one + 1 + random.nextInt(LISTS - one);
    statement.execute("BEGIN ISOLATION LEVEL SERIALIZABLE");
    // Always the lower one first: nobody waits in a circle.
    for (int list : new int[] {one, other}) {
      try (ResultSet rows = statement.executeQuery("SELECT items FROM list WHERE id = " + list)) {
        rows.next();
        seen.read.put(list, items(rows.getString(1)));
      }
      statement.execute("UPDATE list SET items = items || '%d,' WHERE id = %d".formatted(id, list));
    }
  }

  private static List<Long> items(String text) {
    List<Long> items = new ArrayList<>();
    for (String item : text.split(",")) {
      if (!item.isEmpty()) {
        items.add(Long.parseLong(item));
      }
    }
    return items;
  }

  @Override
  void ended(long id, Outcome outcome) {
    Seen seen = all.get(id);
    if (seen != null) {
      seen.end = System.nanoTime();
      seen.outcome = outcome;
    }
  }

  @Override
  String judge(int node) throws SQLException {
    Map<Integer, List<Long>> lists = new TreeMap<>();
    try (Connection connection = cluster().connect(node);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, items FROM list")) {
      while (rows.next()) {
        lists.put(rows.getInt(1), items(rows.getString(2)));
      }
    }
    Set<Long> there = new HashSet<>();
    lists.values().forEach(there::addAll);
    History history = new History();
    lists.forEach(
        (list, writers) -> writers.forEach(writer -> history.version("list " + list, writer)));
    for (var entry : all.entrySet()) {
      Seen seen = entry.getValue();
      History.Txn txn = history.begin(entry.getKey(), seen.begin);
      if (seen.outcome == Outcome.FAILED
          || seen.outcome == Outcome.UNKNOWN && !there.contains(entry.getKey())) {
        txn.aborted(seen.end);
        continue;
      }
      // Of one whose outcome nobody was told, nobody knows when it ended either.
      txn.committed(seen.outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : seen.end);
      for (var read : seen.read.entrySet()) {
        List<Long> last = lists.get(read.getKey());
        List<Long> then = read.getValue();
        if (then.size() > last.size() || !last.subList(0, then.size()).equals(then)) {
          return "T%d read %s, which became %s".formatted(entry.getKey(), read, last);
        }
        txn.read("list " + read.getKey(), then.isEmpty() ? History.NOBODY : then.getLast());
        txn.wrote("list " + read.getKey());
      }
    }
    return HistoryChecker.judge(history);
  }

  String counts() {
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    all.values().forEach(seen -> counts.merge(seen.outcome, 1, Integer::sum));
    return "appends " + counts;
  }
}
