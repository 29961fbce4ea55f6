package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.PreparedTransactions;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.WouldBlockException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Transactions that are prepared by name on a node whose power fails at random moments, with
/// flushes in between, against a model: whatever was prepared is prepared again, with its writes,
/// its locks and what it has read, until somebody ends it; and then it happens whole, or not at
/// all.
class HeldModelTest {
  private static final int SEEDS = Integer.getInteger("seeds", 150);
  private static final RelationRef REL = new RelationRef(7, 0, "t");
  private static final int KEYS = 40;

  private static final WaitPolicy HURRIED =
      new WaitPolicy() {
        @Override
        public boolean mayBlock() {
          return false;
        }

        @Override
        public void checkInterrupts() {}

        @Override
        public long lockTimeoutMillis() {
          return 0;
        }

        @Override
        public boolean waitsForDurability() {
          return true;
        }
      };

  /// What a prepared transaction has done: to null for a deletion.
  private record Held(Map<Integer, Integer> writes, Set<Integer> reads, Set<Integer> locked) {}

  /// All that is there.
  private record State(Map<Integer, Integer> rows, Map<String, Held> held) {
    State copy() {
      return new State(new TreeMap<>(rows), new TreeMap<>(held));
    }

    boolean isBusy(int key) {
      return held.values().stream()
          .anyMatch(
              h -> h.writes.containsKey(key) || h.reads.contains(key) || h.locked.contains(key));
    }

    void commit(String gid) {
      held.remove(gid)
          .writes
          .forEach(
              (key, value) -> {
                if (value == null) {
                  rows.remove(key);
                } else {
                  rows.put(key, value);
                }
              });
    }
  }

  @Test
  void whatWasPreparedOutlivesEveryLossOfPower() throws IOException {
    int restored = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        Lives lives = new Lives(seed);
        lives.run();
        restored += lives.restored;
      } catch (RuntimeException | Error broken) {
        throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
      }
    }
    assertTrue(restored > SEEDS, restored + " were found again in " + SEEDS + " seeds");
  }

  /// One disk through several lives of a node.
  private static final class Lives {
    final Random random;
    final FaultyDisk disk;
    final MemoryTree tree = new MemoryTree(4);
    final LocalConfig config;
    State state = new State(new TreeMap<>(), new TreeMap<>());

    /// What it is if the step whose outcome was open has happened.
    State open;

    int next;
    int restored;

    Lives(long seed) {
      random = new Random(seed);
      disk = new FaultyDisk(seed);
      long memtables = seed % 2 == 0 ? 4096 : 1 << 20;
      config =
          new LocalConfig(
              LogConfig.small(4096),
              new StorageConfig(memtables, 1 << 20, 10),
              8192,
              1L << 40,
              1L << 40,
              (_, _) -> tree,
              _ -> new HeapVersions());
    }

    void run() throws IOException {
      for (int life = 0; life < 6; life++) {
        LocalStore store =
            LocalStore.open(DataDirectory.open(disk, Path.of("/data")), 4, config, _ -> {});
        Node node = new Node(Outside.real(), store);
        check(node);
        disk.powerOffAfter(20 + random.nextInt(200));
        boolean orderly = random.nextInt(5) == 0;
        for (int i = 0; i < (orderly ? 15 : 500) && step(node); i++) {
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
      Map<Integer, Integer> rows = new TreeMap<>();
      Transaction reader = node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
      reader.beginStatement();
      for (int key = 0; key < KEYS; key++) {
        byte[] row = reader.get(key % 4, REL, key(key));
        if (row != null) {
          rows.put(key, row[0] << 8 | row[1] & 0xff);
        }
      }
      reader.commit();
      Set<String> gids = new TreeSet<>();
      for (PreparedTransactions.View view : node.preparedTransactions().list()) {
        gids.add(view.name().gid());
        assertEquals(7, view.name().owner());
        assertEquals(8, view.name().database());
      }
      if (open != null && rows.equals(open.rows) && gids.equals(open.held.keySet())) {
        state = open;
      }
      open = null;
      assertEquals(state.rows, rows);
      assertEquals(state.held.keySet(), gids);
      restored += gids.size();
      for (Held held : state.held.values()) {
        Set<Integer> kept = new TreeSet<>(held.writes.keySet());
        kept.addAll(held.reads);
        kept.addAll(held.locked);
        for (int key : kept) {
          Transaction other = node.begin(IsolationLevel.SERIALIZABLE, false, HURRIED);
          other.beginStatement();
          assertThrows(WouldBlockException.class, () -> put(other, key, 0), () -> "key " + key);
          other.rollback();
        }
      }
    }

    private void put(Transaction transaction, int key, int value) {
      byte[] row = {(byte) (value >>> 8), (byte) value};
      transaction.mutate(key % 4, REL, List.of(new Mutation.Put(key(key), row)));
    }

    /// @return false if the power has failed
    boolean step(Node node) {
      State after = state.copy();
      try {
        switch (random.nextInt(10)) {
          case 0 -> {
            if (random.nextInt(3) == 0) {
              node.checkpoint();
            }
          }
          case 1, 2, 3 -> prepare(node, after);
          case 4, 5 -> finish(node, after);
          default -> write(node, after);
        }
      } catch (SqlException e) {
        assertTrue(
            e.state() == SqlState.TRANSACTION_RESOLUTION_UNKNOWN || e.state() == SqlState.IO_ERROR,
            e::toString);
        open = after;
        return false;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      state = after;
      return true;
    }

    private List<Integer> freeKeys(State at) {
      List<Integer> free = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int key = random.nextInt(KEYS);
        if (!at.isBusy(key) && !free.contains(key)) {
          free.add(key);
        }
      }
      return free;
    }

    private Map<Integer, Integer> change(Transaction transaction, List<Integer> keys) {
      Map<Integer, Integer> writes = new TreeMap<>();
      for (int key : keys) {
        if (random.nextInt(4) == 0) {
          transaction.mutate(key % 4, REL, List.of(new Mutation.Delete(key(key))));
          writes.put(key, null);
        } else {
          next = next + 1 & 0x7fff;
          put(transaction, key, next);
          writes.put(key, next);
        }
      }
      return writes;
    }

    private void write(Node node, State after) {
      Transaction writer = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
      writer.beginStatement();
      after.held.put("", new Held(change(writer, freeKeys(state)), Set.of(), Set.of()));
      after.commit("");
      writer.commit();
    }

    private void prepare(Node node, State after) {
      if (state.held.size() > 5) {
        return;
      }
      Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
      transaction.beginStatement();
      Set<Integer> reads = new TreeSet<>();
      Set<Integer> locked = new TreeSet<>();
      for (int key : freeKeys(state)) {
        if (random.nextInt(3) == 0) {
          transaction.lockAndGet(
              key % 4, REL, key(key), RowLock.UPDATE, io.trencadis.txn.LockWait.WAIT);
          locked.add(key);
        } else if (random.nextBoolean()) {
          transaction.get(key % 4, REL, key(key));
          reads.add(key);
        } else {
          try (var rows =
              transaction.scan(key % 4, REL, key(key), key(key + 1), random.nextBoolean())) {
            while (rows.next()) {
              // To the end of it.
            }
          }
          reads.add(key);
        }
      }
      Map<Integer, Integer> writes = change(transaction, freeKeys(state));
      if (writes.isEmpty()) {
        // Then what it has read may change.
        reads.clear();
      }
      String gid = "g" + random.nextInt(1_000_000_000);
      after.held.put(gid, new Held(writes, reads, locked));
      node.preparedTransactions().prepare(transaction, new GlobalName(gid, 1, 7, 8), 10);
    }

    private void finish(Node node, State after) {
      if (state.held.isEmpty()) {
        return;
      }
      List<String> gids = new ArrayList<>(state.held.keySet());
      String gid = gids.get(random.nextInt(gids.size()));
      boolean commit = random.nextInt(3) > 0;
      if (commit) {
        after.commit(gid);
      } else {
        after.held.remove(gid);
      }
      node.preparedTransactions().finish(gid, commit, _ -> {});
    }

    private static byte[] key(int n) {
      return new byte[] {0, 0, 0, 7, (byte) n};
    }
  }
}
