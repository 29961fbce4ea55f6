package io.trencadis.sharding;

import static io.trencadis.sharding.Fixture.REL;
import static io.trencadis.sharding.Fixture.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import io.trencadis.txn.history.History;
import io.trencadis.txn.history.HistoryChecker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real threads at the real rim: what they saw is judged as the simulator's histories are.
@Timeout(60)
class StressTest {
  private static final int KEYS = 3;
  private static final int OPENING_BALANCE = 1000;

  private final Node node = new Fixture().node;
  private final Map<Long, History.Txn> seen = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

  /// For each key, its writers by commit timestamp.
  private final Map<String, TreeMap<Long, Long>> versions = new ConcurrentHashMap<>();

  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger conflicts = new AtomicInteger();

  private record Row(long writer, long balance) {
    static Row of(byte[] bytes) {
      if (bytes == null) {
        return null;
      }
      ByteReader in = new ByteReader(bytes);
      return new Row(in.getLong(), in.getLong());
    }

    byte[] bytes() {
      return new ByteWriter().putLong(writer).putLong(balance).toByteArray();
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(Transaction transaction, History.Txn seen, Set<String> written);
  }

  private static String name(int shard, int key) {
    return "s" + shard + "k" + key;
  }

  private void run(boolean readOnly, Work work) {
    long begin = System.nanoTime();
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, readOnly, WaitPolicy.PATIENT);
    History.Txn mine = new History.Txn(transaction.id(), begin);
    seen.put(mine.id, mine);
    Set<String> written = new HashSet<>();
    try {
      work.run(transaction, mine, written);
      transaction.commit();
      mine.committed(System.nanoTime());
      commits.incrementAndGet();
      for (String key : written) {
        mine.wrote(key);
        TreeMap<Long, Long> order = versions.computeIfAbsent(key, _ -> new TreeMap<>());
        synchronized (order) {
          order.put(transaction.report().commitTimestamp(), mine.id);
        }
      }
    } catch (SqlException failure) {
      transaction.rollback();
      mine.aborted(System.nanoTime());
      conflicts.incrementAndGet();
      if (!failure.state().retryable()) {
        faults.add(failure.toString());
      }
    }
  }

  private void transfer(Random random) {
    int[] shards = {random.nextInt(4), random.nextInt(4)};
    int[] keys = {random.nextInt(KEYS), random.nextInt(KEYS)};
    boolean locking = random.nextBoolean();
    run(
        false,
        (transaction, mine, written) -> {
          for (int i = 0; i < 2; i++) {
            transaction.beginStatement();
            Row row;
            while (true) {
              try {
                byte[] key = key(keys[i]);
                row =
                    Row.of(
                        locking
                            ? transaction.lockAndGet(
                                shards[i], REL, key, RowLock.NO_KEY_UPDATE, LockWait.WAIT)
                            : transaction.get(shards[i], REL, key));
                if (!locking) {
                  // Blindly over what was read: only validation stands between this and a lost
                  // update.
                  Thread.yield();
                }
                break;
              } catch (StatementRestartException again) {
                transaction.restartStatement();
              }
            }
            String name = name(shards[i], keys[i]);
            if (row.writer != mine.id) {
              mine.read(name, row.writer);
            }
            Row changed = new Row(mine.id, row.balance + (i == 0 ? -1 : 1));
            transaction.mutate(
                shards[i], REL, List.of(new Mutation.Put(key(keys[i]), changed.bytes())));
            written.add(name);
          }
        });
  }

  private void addUp(Random random) {
    boolean reverse = random.nextBoolean();
    run(
        random.nextBoolean(),
        (transaction, mine, _) -> {
          long sum = 0;
          transaction.beginStatement();
          for (int shard = 0; shard < 4; shard++) {
            RowCursor cursor = transaction.scan(shard, REL, key(0), null, reverse);
            while (cursor.next()) {
              Row row = Row.of(cursor.value());
              mine.read(name(shard, cursor.key()[6]), row.writer);
              sum += row.balance;
            }
          }
          if (sum != 4 * KEYS * OPENING_BALANCE) {
            faults.add("the balances add up to " + sum);
          }
        });
  }

  private void open() {
    run(
        false,
        (transaction, mine, written) -> {
          transaction.beginStatement();
          for (int shard = 0; shard < 4; shard++) {
            for (int key = 0; key < KEYS; key++) {
              Row row = new Row(mine.id, OPENING_BALANCE);
              transaction.mutate(shard, REL, List.of(new Mutation.Insert(key(key), row.bytes())));
              written.add(name(shard, key));
            }
          }
        });
  }

  private void stress(ThreadFactory factory, int threads, int rounds) throws InterruptedException {
    open();
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Random random = new Random(t);
      Thread thread =
          factory.newThread(
              () -> {
                try {
                  for (int i = 0; i < rounds; i++) {
                    if (random.nextInt(4) == 0) {
                      addUp(random);
                    } else {
                      transfer(random);
                    }
                  }
                } catch (RuntimeException | Error broken) {
                  faults.add(broken + " at " + broken.getStackTrace()[0]);
                }
              });
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(faults));
    assertEquals(0, node.waitingForLocks());
    History history = new History();
    history.txns().addAll(seen.values());
    versions.forEach(
        (key, order) -> order.values().forEach(writer -> history.version(key, writer)));
    assertNull(HistoryChecker.judge(history));
    assertTrue(
        commits.get() > conflicts.get(), () -> commits + " commits, " + conflicts + " conflicts");
  }

  @Test
  void platformThreadsSeeAStrictlySerializableHistory() throws InterruptedException {
    stress(Thread.ofPlatform().factory(), 6, 1000);
  }

  @Test
  void virtualThreadsSeeAStrictlySerializableHistory() throws InterruptedException {
    stress(Thread.ofVirtual().factory(), 32, 200);
  }

  @Test
  void aHotRowLosesNoUpdate() throws InterruptedException {
    run(
        false,
        (transaction, mine, _) -> {
          transaction.beginStatement();
          transaction.mutate(
              0, REL, List.of(new Mutation.Insert(key(0), new Row(mine.id, 0).bytes())));
        });
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 500; i++) {
                      run(
                          false,
                          (transaction, mine, _) -> {
                            transaction.beginStatement();
                            Row row =
                                Row.of(
                                    transaction.lockAndGet(
                                        0, REL, key(0), RowLock.NO_KEY_UPDATE, LockWait.WAIT));
                            Mutation put =
                                new Mutation.Put(key(0), new Row(mine.id, row.balance + 1).bytes());
                            transaction.mutate(0, REL, List.of(put));
                          });
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(faults));
    assertEquals(0, conflicts.get(), "a row that is locked first never fails");
    run(
        true,
        (transaction, _, _) -> assertEquals(8000, Row.of(transaction.get(0, REL, key(0))).balance));
  }
}
