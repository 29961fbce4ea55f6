package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random transactions on a node whose power fails at random moments, against a map: nothing that
/// was acknowledged is lost, and of the one transaction whose outcome was open all or nothing is
/// there.
class LocalStoreModelTest {
  private static final int SEEDS = Integer.getInteger("seeds", 150);
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final Path DIRECTORY = Path.of("/data");
  private static final int KEYS = 24;

  private final Outside outside = Outside.real();

  @Test
  void whatWasAcknowledgedOutlivesEveryLossOfPower() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        new Lives(seed).run();
      } catch (RuntimeException | Error broken) {
        throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
      }
    }
  }

  /// One disk through several lives of a node.
  private final class Lives {
    final Random random;
    final FaultyDisk disk;
    final MemoryTree tree = new MemoryTree(4);
    final LocalConfig config;
    Map<Integer, Integer> acknowledged = new TreeMap<>();
    Map<Integer, Integer> open;
    long lastTimestamp;
    int nextValue;

    Lives(long seed) {
      random = new Random(seed);
      disk = new FaultyDisk(seed);
      long memtables = seed % 2 == 0 ? 4096 : 1 << 20;
      config =
          new LocalConfig(
              LogConfig.small(4096),
              new StorageConfig(memtables, 1 << 20, 10),
              8192,
              // Every write of each third seed goes to a run at once.
              seed % 3 == 0 ? 1 : 1L << 40,
              1L << 40,
              (_, _) -> tree,
              _ -> new HeapVersions());
    }

    void run() throws IOException {
      for (int life = 0; life < 6; life++) {
        DataDirectory directory;
        LocalStore store;
        try {
          if (life > 0 && random.nextInt(4) == 0) {
            disk.powerOffAfter(random.nextInt(12));
          }
          directory = DataDirectory.open(disk, DIRECTORY);
          store = LocalStore.open(directory, 4, config, _ -> {});
        } catch (IOException powerFailedInRecovery) {
          assertTrue(disk.isOff(), powerFailedInRecovery::toString);
          disk.crash();
          continue;
        }
        Node node = new Node(outside, store);
        try {
          check(node);
        } catch (SqlException powerFailed) {
          // A power loss that was to hit the recovery came after it.
          assertTrue(disk.isOff(), powerFailed::toString);
          store.abandon();
          disk.crash();
          continue;
        }
        disk.powerOffAfter(20 + random.nextInt(150));
        boolean orderly = random.nextInt(5) == 0;
        for (int i = 0; i < (orderly ? 10 : 500) && write(node); i++) {
          // Until the power is off.
        }
        if (orderly && !disk.isOff()) {
          disk.powerOffAfter(1_000_000);
          store.close();
        } else {
          disk.powerOffAfter(0);
          store.abandon();
          disk.crash();
        }
      }
    }

    void check(Node node) {
      Map<Integer, Integer> found = new TreeMap<>();
      Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
      reader.beginStatement();
      assertTrue(node.currentTimestamp() > lastTimestamp, "a timestamp comes again");
      for (int key = 0; key < KEYS; key++) {
        byte[] row = reader.get(key % 4, REL, key(key));
        if (row != null) {
          found.put(
              key, row[0] << 24 | (row[1] & 0xff) << 16 | (row[2] & 0xff) << 8 | row[3] & 0xff);
        }
      }
      reader.commit();
      if (open == null || !found.equals(open)) {
        assertEquals(acknowledged, found);
      }
      acknowledged = found;
      open = null;
    }

    /// @return false if the power has failed
    boolean write(Node node) {
      Map<Integer, Integer> after = new TreeMap<>(acknowledged);
      if (random.nextInt(40) == 0) {
        try {
          node.checkpoint();
        } catch (SqlException powerFailed) {
          assertTrue(disk.isOff(), powerFailed::toString);
          return false;
        } catch (InterruptedException never) {
          throw new AssertionError(never);
        }
      }
      Transaction writer = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
      writer.beginStatement();
      try {
        lastTimestamp = Math.max(lastTimestamp, writer.readTimestamp());
      } catch (SqlException powerFailed) {
        return false;
      }
      for (int i = random.nextInt(4); i >= 0; i--) {
        int key = random.nextInt(KEYS);
        List<Mutation> ops = new ArrayList<>();
        if (random.nextInt(4) == 0) {
          ops.add(new Mutation.Delete(key(key)));
          after.remove(key);
        } else {
          int value = ++nextValue;
          byte[] row = {
            (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
          };
          ops.add(new Mutation.Put(key(key), row));
          after.put(key, value);
        }
        try {
          writer.mutate(key % 4, REL, ops);
        } catch (SqlException powerFailed) {
          assertTrue(disk.isOff(), powerFailed::toString);
          return false;
        }
      }
      try {
        writer.commit();
      } catch (SqlException e) {
        assertTrue(
            e.state() == SqlState.TRANSACTION_RESOLUTION_UNKNOWN || e.state() == SqlState.IO_ERROR,
            e::toString);
        open = after;
        return false;
      }
      lastTimestamp = Math.max(lastTimestamp, writer.report().commitTimestamp());
      acknowledged = after;
      return true;
    }

    byte[] key(int n) {
      return new byte[] {0, 0, 0, 7, (byte) n};
    }
  }
}
