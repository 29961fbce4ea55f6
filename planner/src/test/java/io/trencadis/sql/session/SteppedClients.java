package io.trencadis.sql.session;

import io.trencadis.txn.WouldBlockException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Clients whose statements meet in an order by chance: one after another begins, and the next one
/// when it has answered, or waits, or now and then at the same time.
final class SteppedClients implements AutoCloseable {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// How often a thread that does not run is looked at before it counts as one that waits.
  private static final int LOOKS = 30;

  /// What became of a transaction.
  ///
  /// @param answers what each statement answered, sorted; of an error its SQLSTATE
  /// @param began when it began, as the order of such moments
  /// @param ended when its client knew its end
  record Done(
      RandomTransactions.Script script,
      List<List<String>> answers,
      boolean committed,
      long began,
      long ended) {}

  private static final class Client {
    final SqlScript session;
    final ExecutorService threads = Executors.newSingleThreadExecutor();
    final List<RandomTransactions.Script> scripts = new ArrayList<>();
    final List<List<String>> answers = new ArrayList<>();
    int script;
    int statement;
    long began;
    boolean failed;
    volatile boolean running;
    volatile Thread thread;
    volatile Throwable broken;

    Client(SqlScript session) {
      this.session = session;
    }

    boolean isDone() {
      return script == scripts.size();
    }
  }

  private final List<Client> clients = new ArrayList<>();
  private final List<Done> done = Collections.synchronizedList(new ArrayList<>());
  private final Random random;

  /// @param sessions one a client; they are closed by whoever opened them
  SteppedClients(List<SqlScript> sessions, long seed) {
    random = new Random(seed);
    sessions.forEach(session -> clients.add(new Client(session)));
  }

  /// Gives a client one more transaction to run.
  void add(int client, RandomTransactions.Script script) {
    clients.get(client).scripts.add(script);
  }

  /// Runs all of them.
  ///
  /// @return how they ended
  List<Done> run() throws Exception {
    long deadline = System.nanoTime() + MOST_NANOS;
    while (true) {
      List<Client> idle =
          clients.stream().filter(client -> !client.running && !client.isDone()).toList();
      if (idle.isEmpty()) {
        if (clients.stream().allMatch(client -> !client.running && client.isDone())) {
          break;
        }
        Thread.onSpinWait();
      } else {
        Client next = idle.get(random.nextInt(idle.size()));
        next.running = true;
        next.threads.execute(() -> step(next));
        if (random.nextInt(4) > 0) {
          untilItAnswersOrWaits(next);
        }
      }
      for (Client client : clients) {
        if (client.broken != null) {
          throw new AssertionError(client.broken);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(clients.stream().map(SteppedClients::shown).toList().toString());
      }
    }
    List<Done> all = List.copyOf(done);
    done.clear();
    for (Client client : clients) {
      client.scripts.clear();
      client.script = 0;
    }
    return all;
  }

  private static String shown(Client client) {
    return client.running
        ? client.scripts.get(client.script).statements().get(client.statement)
        : "idle";
  }

  private static void untilItAnswersOrWaits(Client client) {
    int still = 0;
    while (client.running && still < LOOKS) {
      Thread thread = client.thread;
      Thread.State state = thread == null ? null : thread.getState();
      still = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING ? still + 1 : 0;
      Thread.yield();
    }
  }

  private void step(Client client) {
    client.thread = Thread.currentThread();
    try {
      RandomTransactions.Script script = client.scripts.get(client.script);
      if (client.statement == 0) {
        client.began = System.nanoTime();
        client.failed = false;
        client.answers.clear();
      }
      String sql = script.statements().get(client.statement);
      boolean last = client.statement == script.statements().size() - 1;
      boolean givesUp = client.failed && !sql.startsWith("rollback to");
      if (givesUp && !last && rollsBackLater(script, client.statement)) {
        // What stands between an error and its ROLLBACK TO is refused anyway.
        client.answers.add(List.of("25P02"));
      } else {
        if (givesUp) {
          sql = "rollback";
          last = true;
        }
        List<String> answer = plain(answer(client.session, sql));
        client.failed = failed(answer);
        client.answers.add(answer);
      }
      if (last) {
        long now = System.nanoTime();
        boolean committed =
            !givesUp && !client.failed && !client.answers.getLast().contains("ROLLBACK");
        done.add(new Done(script, List.copyOf(client.answers), committed, client.began, now));
        if (client.failed && script.block() && !givesUp) {
          client.session.run("rollback");
        }
        if (client.session.session().status() != SqlSession.TransactionStatus.IDLE) {
          throw new AssertionError("still in a transaction after " + script + client.answers);
        }
        client.script++;
        client.statement = 0;
      } else {
        client.statement++;
      }
    } catch (Throwable broken) {
      client.broken = broken;
    }
    client.thread = null;
    client.running = false;
  }

  private static boolean rollsBackLater(RandomTransactions.Script script, int from) {
    boolean open = script.statements().subList(0, from).lastIndexOf("savepoint s") >= 0;
    int next =
        script.statements().subList(from, script.statements().size()).indexOf("rollback to s");
    return open && next >= 0;
  }

  /// As a connection does: on a thread that must not block where that may do, else on one that may.
  private static List<String> answer(SqlScript session, String sql) {
    if (session.session().runsWithoutBlocking(SqlSession.Request.QUERY, sql)) {
      session.session().mayBlock(false);
      try {
        return session.run(sql);
      } catch (WouldBlockException _) {
        // Once more.
      } finally {
        session.session().mayBlock(true);
      }
    }
    return session.run(sql);
  }

  static boolean failed(List<String> answer) {
    return answer.size() == 1 && answer.getFirst().matches("[0-9][0-9A-Z]{4}");
  }

  /// Rows in no order; of an error its SQLSTATE.
  static List<String> plain(List<String> answer) {
    if (!answer.isEmpty() && answer.getLast().startsWith("ERROR ")) {
      if (answer.getLast().startsWith("ERROR XX")) {
        throw new AssertionError(answer.getLast());
      }
      return List.of(answer.getLast().substring(6, 11));
    }
    List<String> sorted = new ArrayList<>(answer);
    Collections.sort(sorted);
    return sorted;
  }

  @Override
  public void close() {
    clients.forEach(client -> client.threads.shutdownNow());
  }
}
