package io.trencadis.sharding;

import io.trencadis.base.Outside;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Prints what transactions cost on one node. A tool, not a test: it asserts nothing.
public final class MeasureTransactions {
  private static final RelationRef ACCOUNTS = new RelationRef(10, 0, "accounts");
  private static final RelationRef HISTORY = new RelationRef(11, 0, "history");
  private static final int ROWS = 1_000_000;
  private static final byte[] ROW = new byte[100];

  private final Node node = new Node(Outside.real(), 4);
  private final HashPlacement placement = HashPlacement.evenly(4, 4, 0);
  private final byte[][] keys = new byte[ROWS][];
  private final int[] shards = new int[ROWS];
  private final AtomicLong historyId = new AtomicLong();

  public static void main(String[] args) throws Exception {
    MeasureTransactions measure = new MeasureTransactions();
    measure.load(false);
    measure = new MeasureTransactions();
    measure.load(true);
    measure = new MeasureTransactions();
    measure.load(true);
    for (int round = 0; round < 3; round++) {
      measure.pointReads(IsolationLevel.SERIALIZABLE, true);
      measure.pointReads(IsolationLevel.SERIALIZABLE, false);
      measure.scans(false);
      measure.scans(true);
      measure.tpcb(1, ROWS);
      measure.tpcb(2, ROWS);
      measure.tpcb(8, ROWS);
      measure.tpcb(8, 1);
    }
  }

  private static byte[] key(RelationRef rel, long id) {
    return new KeyWriter()
        .relation(rel.relationId())
        .beginColumn()
        .putLong(id)
        .endColumn(false)
        .toByteArray();
  }

  private static long usedMemory() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private void load(boolean unlocked) {
    for (int i = 0; i < ROWS; i++) {
      keys[i] = key(ACCOUNTS, i);
      shards[i] = placement.shardOf(keys[i], 4, keys[i].length - 4);
    }
    byte[][] rows = new byte[ROWS][];
    long before = usedMemory();
    long start = System.nanoTime();
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    if (unlocked) {
      transaction.lockRelation(
          ACCOUNTS, new int[] {0, 1, 2, 3}, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    }
    List<List<Mutation>> batches = new ArrayList<>();
    for (int shard = 0; shard < 4; shard++) {
      batches.add(new ArrayList<>());
    }
    for (int i = 0; i < ROWS; i++) {
      rows[i] = ROW.clone();
      List<Mutation> batch = batches.get(shards[i]);
      batch.add(new Mutation.Insert(keys[i], rows[i], unlocked));
      if (batch.size() == 1000) {
        transaction.mutate(shards[i], ACCOUNTS, batch);
        batches.set(shards[i], new ArrayList<>());
      }
    }
    for (int shard = 0; shard < 4; shard++) {
      transaction.mutate(shard, ACCOUNTS, batches.get(shard));
    }
    long during = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() - before;
    transaction.commit();
    long nanos = System.nanoTime() - start;
    rows = null;
    long after = usedMemory() - before;
    System.out.printf(
        "insert of %d rows of %d bytes in one transaction (%s): %.2f s; a row: %d bytes kept (keys not counted),"
            + " up to %d before commit, garbage included%n",
        ROWS,
        ROW.length,
        unlocked ? "unlocked" : "row locks",
        nanos / 1e9,
        after / ROWS,
        during / ROWS);
  }

  private void pointReads(IsolationLevel level, boolean readOnly) {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    int count = 1_000_000;
    long bytes = allocated();
    long start = System.nanoTime();
    long found = 0;
    for (int i = 0; i < count; i++) {
      int row = random.nextInt(ROWS);
      Transaction transaction = node.begin(level, readOnly, WaitPolicy.PATIENT);
      transaction.beginStatement();
      found += transaction.get(shards[row], ACCOUNTS, keys[row]).length;
      transaction.commit();
    }
    long nanos = System.nanoTime() - start;
    System.out.printf(
        "begin + get + commit (%s%s): %d ns, %d bytes (%d)%n",
        level,
        readOnly ? ", read only" : "",
        nanos / count,
        (allocated() - bytes) / count,
        found / count);
  }

  private void scans(boolean reverse) {
    long start = System.nanoTime();
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    transaction.beginStatement();
    int rows = 0;
    for (int shard = 0; shard < 4; shard++) {
      RowCursor cursor = transaction.scan(shard, ACCOUNTS, key(ACCOUNTS, 0), null, reverse);
      while (cursor.next()) {
        rows++;
      }
    }
    transaction.commit();
    System.out.printf(
        "scan%s: %d ns a row over %d rows%n",
        reverse ? " backwards" : "", (System.nanoTime() - start) / rows, rows);
  }

  private void tpcb(int threads, int branches) throws InterruptedException {
    int count = 200_000 / threads;
    CountDownLatch done = new CountDownLatch(threads);
    AtomicLong bytes = new AtomicLong();
    AtomicLong restarts = new AtomicLong();
    long start = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      Thread.ofVirtual()
          .start(
              () -> {
                RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
                for (int i = 0; i < count; i++) {
                  restarts.addAndGet(transfer(random, branches));
                }
                done.countDown();
              });
    }
    done.await();
    long nanos = System.nanoTime() - start;
    if (threads == 1) {
      long before = allocated();
      RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
      for (int i = 0; i < 10_000; i++) {
        transfer(random, branches);
      }
      bytes.set((allocated() - before) / 10_000);
    }
    System.out.printf(
        "3 lockAndGet, 3 put, 1 insert, 1 get; %d threads, %s branches: %.1f µs each, %d restarts, %d bytes%n",
        threads,
        branches == 1 ? "one" : "many",
        nanos / 1e3 / (count * threads),
        restarts.get(),
        bytes.get());
  }

  private int transfer(RandomGenerator random, int branches) {
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    int restarts = 0;
    for (int step = 0; step < 3; step++) {
      int row = random.nextInt(step == 2 ? branches : ROWS);
      transaction.beginStatement();
      while (true) {
        try {
          transaction.lockAndGet(
              shards[row], ACCOUNTS, keys[row], RowLock.NO_KEY_UPDATE, LockWait.WAIT);
          break;
        } catch (StatementRestartException again) {
          restarts++;
          transaction.restartStatement();
        } catch (io.trencadis.base.SqlException deadlock) {
          transaction.rollback();
          return restarts + 1;
        }
      }
      transaction.mutate(shards[row], ACCOUNTS, List.of(new Mutation.Put(keys[row], ROW)));
      if (step == 0) {
        transaction.beginStatement();
        transaction.get(shards[row], ACCOUNTS, keys[row]);
      }
    }
    long id = historyId.incrementAndGet();
    byte[] key = key(HISTORY, id);
    transaction.beginStatement();
    transaction.mutate((int) (id & 3), HISTORY, List.of(new Mutation.Insert(key, ROW)));
    transaction.commit();
    return restarts;
  }
}
