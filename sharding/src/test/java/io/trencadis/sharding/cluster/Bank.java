package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.StatementRestartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Accounts over all shards of a cluster, clients that move money between them, and others to whom
/// the sum must always be the same.
final class Bank implements AutoCloseable {
  static final RelationRef REL = new RelationRef(70, 0, "t");
  static final int ACCOUNTS = 12;
  static final int BALANCE = 100;
  private static final int STEP = 30;

  private final ExecutorService threads;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger transfers = new AtomicInteger();
  private final AtomicLong sums = new AtomicLong();
  private final List<Future<?>> clients = new ArrayList<>();
  private final Map<Gateway, AtomicBoolean> closed = new ConcurrentHashMap<>();
  private final Map<Gateway, List<Future<?>>> at = new ConcurrentHashMap<>();

  Bank(ExecutorService threads) {
    this.threads = threads;
  }

  static byte[] key(int n) {
    return new byte[] {0, 0, 0, 70, (byte) n};
  }

  static int shard(int n) {
    return n % TestCluster.SHARDS;
  }

  static byte[] row(int value) {
    return new byte[] {(byte) (value >>> 8), (byte) value};
  }

  static int value(byte[] row) {
    return (row[0] & 0xff) << 8 | row[1] & 0xff;
  }

  static Transaction begin(Gateway gateway) {
    Transaction transaction = gateway.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    return transaction;
  }

  static void put(Transaction transaction, int n, int value) {
    transaction.mutate(shard(n), REL, List.of(new Mutation.Put(key(n), row(value))));
  }

  static void fill(Gateway gateway) {
    Transaction transaction = begin(gateway);
    for (int n = 0; n < ACCOUNTS; n++) {
      put(transaction, n, BALANCE);
    }
    transaction.commit();
  }

  /// Moves money that is in no checkpoint yet.
  static void touch(Gateway gateway) {
    Transaction transaction = begin(gateway);
    put(transaction, 0, BALANCE - 1);
    put(transaction, 1, BALANCE + 1);
    transaction.commit();
  }

  static int sum(Gateway gateway) {
    Transaction reader = gateway.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    reader.beginStatement();
    int sum = 0;
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      try (RowCursor rows = reader.scan(shard, REL, key(0), key(100), false)) {
        while (rows.next()) {
          sum += value(rows.value());
        }
      }
    }
    reader.commit();
    return sum;
  }

  /// A client of a node, until [#leave] or [#end].
  private void addClient(Gateway gateway, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    AtomicBoolean gone = closed.computeIfAbsent(gateway, _ -> new AtomicBoolean());
    Future<?> client =
        threads.submit(
            () -> {
              while (!stop.get() && !gone.get()) {
                if (transfer(gateway, random)) {
                  transfers.incrementAndGet();
                }
              }
            });
    clients.add(client);
    at.computeIfAbsent(gateway, _ -> new ArrayList<>()).add(client);
  }

  /// A client of a node.
  void addClient(Gateway gateway) {
    addClient(gateway, clients.size());
  }

  /// One who looks at the sum, at a node that does not go.
  void check(Gateway gateway) {
    clients.add(
        threads.submit(
            () -> {
              while (!stop.get()) {
                assertEquals(ACCOUNTS * BALANCE, sum(gateway));
                sums.incrementAndGet();
              }
            }));
  }

  /// Has the clients of a node go, and returns when they have.
  void leave(Gateway gateway) throws Exception {
    closed.get(gateway).set(true);
    for (Future<?> client : at.get(gateway)) {
      client.get(180, TimeUnit.SECONDS);
    }
  }

  void awaitProgress(String what) {
    int done = transfers.get();
    TestCluster.await(
        what,
        () ->
            transfers.get() > done + STEP
                || clients.stream().anyMatch(each -> each.state() == Future.State.FAILED));
  }

  /// Ends all clients, and rethrows what one of them has found.
  void end() throws Exception {
    stop.set(true);
    for (Future<?> client : clients) {
      client.get(180, TimeUnit.SECONDS);
    }
    assertTrue(sums.get() > 0);
  }

  /// Those who test have seen enough, or too much: nobody goes on.
  @Override
  public void close() {
    stop.set(true);
  }

  private static boolean transfer(Gateway gateway, SplittableRandom random) {
    Transaction transaction = gateway.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    try {
      transaction.beginStatement();
      int from = random.nextInt(ACCOUNTS);
      int to = random.nextInt(ACCOUNTS);
      int amount = random.nextInt(10);
      int has = value(transaction.get(shard(from), REL, key(from)));
      int gets = value(transaction.get(shard(to), REL, key(to)));
      if (from == to || has < amount) {
        transaction.rollback();
        return false;
      }
      put(transaction, Math.min(from, to), from < to ? has - amount : gets + amount);
      put(transaction, Math.max(from, to), from < to ? gets + amount : has - amount);
      transaction.commit();
      return true;
    } catch (SqlException | StatementRestartException conflict) {
      transaction.rollback();
      return false;
    }
  }
}
