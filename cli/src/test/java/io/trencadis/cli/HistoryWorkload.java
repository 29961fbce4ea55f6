package io.trencadis.cli;

import io.trencadis.txn.history.History;
import io.trencadis.txn.history.HistoryChecker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Random transactions that read and append to lists and read and write registers, each noted as
/// its client saw it. Lists tell the order of their versions themselves; a register's write is told
/// which version it made. Who writes also leaves its number in `done`: that settles what became of
/// those whose COMMIT was never answered.
final class HistoryWorkload {
  private static final int KEYS = 6;
  private static final int WAIT_SECONDS = 60;

  private static final class Seen {
    final long id;
    final long begin;
    final Map<String, Long> reads = new HashMap<>();
    final Map<String, List<Long>> lists = new HashMap<>();
    final Set<String> appended = new HashSet<>();
    final Map<String, Long> versions = new HashMap<>();
    boolean committed;
    boolean unknown;
    long end = Long.MAX_VALUE;

    Seen(long id, long begin) {
      this.id = id;
      this.begin = begin;
    }

    boolean wrote() {
      return !appended.isEmpty() || !versions.isEmpty();
    }
  }

  private final Interleaving.Server server;
  private final String level;
  private final Random seeds;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentLinkedQueue<Seen> all = new ConcurrentLinkedQueue<>();
  private final Semaphore acknowledged = new Semaphore(0);
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final List<Thread> running = new ArrayList<>();
  private volatile boolean stop;

  HistoryWorkload(Interleaving.Server server, String level, long seed) {
    this.server = server;
    this.level = level;
    this.seeds = new Random(seed);
  }

  void create() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS list, register, done");
      statement.execute("CREATE TABLE list (id int PRIMARY KEY, items text NOT NULL)");
      statement.execute(
          "CREATE TABLE register (id int PRIMARY KEY, version bigint, writer bigint)");
      statement.execute("CREATE TABLE done (id bigint PRIMARY KEY)");
      for (int i = 0; i < KEYS; i++) {
        statement.execute("INSERT INTO list VALUES (" + i + ", '')");
        statement.execute("INSERT INTO register VALUES (" + i + ", 0, 0)");
      }
    }
  }

  void begin(int connections) {
    stop = false;
    acknowledged.drainPermits();
    for (int i = 0; i < connections; i++) {
      Random random = new Random(seeds.nextLong());
      running.add(Thread.ofPlatform().start(() -> run(random)));
    }
  }

  void awaitAcknowledged(int transactions) throws InterruptedException {
    if (!acknowledged.tryAcquire(transactions, WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("not " + transactions + " within " + WAIT_SECONDS + " s; " + fault);
    }
  }

  void end() throws InterruptedException {
    stop = true;
    for (Thread thread : running) {
      thread.join();
    }
    running.clear();
  }

  private void run(Random random) {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (!stop) {
        Seen seen = new Seen(numbers.incrementAndGet(), System.nanoTime());
        boolean committing = false;
        all.add(seen);
        try {
          statement.execute("BEGIN ISOLATION LEVEL " + level);
          int steps = 1 + random.nextInt(4);
          for (int i = 0; i < steps; i++) {
            step(statement, seen, random);
          }
          if (seen.wrote()) {
            statement.execute("INSERT INTO done VALUES (" + seen.id + ")");
          }
          committing = true;
          statement.execute("COMMIT");
          seen.committed = true;
          seen.end = System.nanoTime();
          acknowledged.release();
        } catch (SQLException e) {
          if (e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57P")) {
            seen.unknown = committing;
            return;
          }
          if (!e.getSQLState().equals("40001") && !e.getSQLState().equals("40P01")) {
            fault.compareAndSet(null, e.toString());
          }
          statement.execute("ROLLBACK");
        }
      }
    } catch (SQLException e) {
      // The server was killed.
    }
  }

  private static void step(Statement statement, Seen seen, Random random) throws SQLException {
    int id = random.nextInt(KEYS);
    String list = "list " + id;
    String register = "register " + id;
    switch (random.nextInt(4)) {
      case 0 -> {
        if (!seen.appended.contains(list)) {
          List<Long> items =
              items(read(statement, "SELECT items FROM list WHERE id = " + id).getFirst());
          seen.lists.put(list, items);
          seen.reads.put(list, items.isEmpty() ? History.NOBODY : items.getLast());
        }
      }
      case 1 -> {
        if (seen.appended.add(list)) {
          statement.execute("UPDATE list SET items = items || '" + seen.id + ",' WHERE id = " + id);
        }
      }
      case 2 -> {
        if (!seen.versions.containsKey(register)) {
          seen.reads.put(
              register,
              Long.parseLong(
                  read(statement, "SELECT writer FROM register WHERE id = " + id).getFirst()));
        }
      }
      default -> {
        if (!seen.versions.containsKey(register)) {
          seen.versions.put(
              register,
              Long.parseLong(
                  read(
                          statement,
                          "UPDATE register SET version = version + 1, writer = "
                              + seen.id
                              + " WHERE id = "
                              + id
                              + " RETURNING version")
                      .getFirst()));
        }
      }
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

  private static List<String> read(Statement statement, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  String counts() {
    return all.size()
        + " transactions, "
        + all.stream().filter(seen -> seen.committed).count()
        + " acknowledged, "
        + all.stream().filter(seen -> seen.unknown).count()
        + " unknown";
  }

  /// Judges all that happened so far. Nothing may be running.
  ///
  /// @return what is wrong, or null
  String judge() throws SQLException {
    if (fault.get() != null) {
      return fault.get();
    }
    Set<String> done;
    List<List<Long>> lists = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      done = new HashSet<>(read(statement, "SELECT id FROM done"));
      for (String text : read(statement, "SELECT items FROM list ORDER BY id")) {
        lists.add(items(text));
      }
    }
    History history = new History();
    Map<String, TreeMap<Long, Long>> registers = new HashMap<>();
    for (Seen seen : all) {
      boolean happened = seen.committed || seen.unknown && done.contains("" + seen.id);
      if (seen.wrote() && happened != done.contains("" + seen.id)) {
        return "T"
            + seen.id
            + (happened ? " was acknowledged and is lost" : " failed and happened");
      }
      History.Txn txn = history.begin(seen.id, seen.begin);
      seen.reads.forEach(txn::read);
      seen.appended.forEach(txn::wrote);
      seen.versions.keySet().forEach(txn::wrote);
      if (!happened) {
        continue;
      }
      txn.committed(seen.end);
      for (var read : seen.lists.entrySet()) {
        List<Long> last = lists.get(Integer.parseInt(read.getKey().substring(5)));
        int length = read.getValue().size();
        if (length > last.size() || !last.subList(0, length).equals(read.getValue())) {
          return "T" + seen.id + " read " + read + ", which became " + last;
        }
      }
      for (var version : seen.versions.entrySet()) {
        Long other =
            registers
                .computeIfAbsent(version.getKey(), _ -> new TreeMap<>())
                .put(version.getValue(), seen.id);
        if (other != null) {
          return "T" + other + " and T" + seen.id + " both wrote " + version;
        }
      }
    }
    for (int i = 0; i < lists.size(); i++) {
      for (long writer : lists.get(i)) {
        history.version("list " + i, writer);
      }
    }
    registers.forEach(
        (key, versions) -> versions.values().forEach(writer -> history.version(key, writer)));
    return HistoryChecker.judge(history);
  }
}
