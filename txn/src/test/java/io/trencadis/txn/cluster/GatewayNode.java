package io.trencadis.txn.cluster;

import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.TransactionId;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/// A gateway with its clients, each of which runs one script after another. A crash takes its
/// transactions, whose clients never hear what became of them; then it begins another life.
final class GatewayNode {
  private static final long TICK = 100;
  private static final int MOST_TRIES = 100;

  private final Cluster cluster;
  private final int number;
  private final List<Deque<List<Op>>> clients = new ArrayList<>();
  private int life;
  private boolean up;
  private long sequence;
  private TreeMap<Long, ClientTransaction> live = new TreeMap<>();

  /// The newest descriptor that it has heard of; it is on its disk.
  private Layout layout = Layout.FIRST;

  private int triedAgain;

  GatewayNode(Cluster cluster, int number) {
    this.cluster = cluster;
    this.number = number;
    start();
  }

  int node() {
    return cluster.gatewayNode(number);
  }

  void addClient(List<List<Op>> scripts) {
    clients.add(new ArrayDeque<>(scripts));
    cluster.clientStarted();
    next(clients.size() - 1);
  }

  private void start() {
    life++;
    up = true;
    sequence = 0;
    live = new TreeMap<>();
    tick(life);
    for (int client = 0; client < clients.size(); client++) {
      next(client);
    }
  }

  void crash(long down) {
    if (!up) {
      return;
    }
    up = false;
    cluster.note("CRASH of gateway " + number + " for " + down);
    int died = life;
    cluster.after(
        down,
        () -> {
          if (life == died) {
            ensureUp();
          }
        });
  }

  void ensureUp() {
    if (!up) {
      start();
    }
  }

  /// Whether this is still the life in which something was begun.
  boolean isAlive(int itsLife) {
    return up && life == itsLife;
  }

  private void next(int client) {
    int mine = life;
    cluster.after(
        1 + cluster.random.nextInt(30),
        () -> {
          if (!isAlive(mine)) {
            return;
          }
          List<Op> script = clients.get(client).poll();
          if (script == null) {
            if (clients.get(client) != DONE) {
              clients.set(client, DONE);
              cluster.clientFinished();
            }
            return;
          }
          long id = TransactionId.of(number, life, ++sequence);
          ClientTransaction transaction =
              new ClientTransaction(
                  cluster, this, life, id, script, () -> ended(id, client, script));
          live.put(id, transaction);
          transaction.begin();
        });
  }

  private static final Deque<List<Op>> DONE = new ArrayDeque<>();

  private void ended(long id, int client, List<Op> script) {
    if (live.remove(id).isOutdated() && triedAgain++ < MOST_TRIES) {
      clients.get(client).addFirst(script);
    }
    next(client);
  }

  Layout layout() {
    return layout;
  }

  void learn(Layout other) {
    if (other.version() > layout.version()) {
      layout = other;
    }
  }

  /// Tells all gateways of a descriptor, if they can be reached.
  void announce(Layout news) {
    learn(news);
    for (GatewayNode other : cluster.gateways) {
      if (other != this) {
        cluster.send(node(), other.node(), news.toString(), () -> other.learn(news));
      }
    }
  }

  /// Tells the logs that it is there, and what of it is over; looks after what gets no answer.
  private void tick(int mine) {
    if (!isAlive(mine)) {
      return;
    }
    long oldest = live.isEmpty() ? TransactionId.of(number, life, sequence + 1) : live.firstKey();
    for (int log = 0; log < cluster.logs.length; log++) {
      int to = log;
      cluster.send(
          node(), log, "oldest live is " + oldest, () -> cluster.logs[to].heard(number, oldest));
    }
    List.copyOf(live.values()).forEach(ClientTransaction::tick);
    cluster.after(TICK, () -> tick(mine));
  }

  void on(Message message, int from) {
    if (!up) {
      return;
    }
    ClientTransaction transaction = live.get(message.txn());
    if (message instanceof Message.StillThere question) {
      Message says = new Message.GatewaySays(question.txn(), transaction != null);
      toLog(question.log(), says);
    } else if (transaction != null) {
      transaction.on(message);
    }
  }

  void ask(int shard, TimestampQuestion question) {
    ClientTransaction about = live.get(question.about());
    if (up && about != null) {
      about.ask(shard, question);
    }
  }

  void toLog(int log, Message message) {
    cluster.send(
        node(), log, Machines.describe(message), () -> cluster.logs[log].on(message, node()));
  }
}
