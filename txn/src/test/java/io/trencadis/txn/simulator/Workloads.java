package io.trencadis.txn.simulator;

import static io.trencadis.txn.IsolationLevel.SERIALIZABLE;

import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.simulator.SimClient.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Scripts for clients: each workload is made to run into one kind of trouble.
enum Workloads {
  /// Moves amounts between rows it locks, while others add everything up.
  BANK {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      if (random.nextInt(4) == 0) {
        for (int shard = 0; shard < shards; shard++) {
          ops.add(new Op.Scan(shard, 0, KEYS, random.nextBoolean(), 99));
        }
        return new Script(SERIALIZABLE, random.nextBoolean(), ops);
      }
      for (int i = 0; i < 2; i++) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(KEYS);
        ops.add(new Op.Lock(shard, key, RowLock.NO_KEY_UPDATE, LockWait.WAIT));
        ops.add(new Op.Put(shard, key, i == 0 ? -7 : 7));
        ops.add(new Op.Statement());
      }
      return new Script(SERIALIZABLE, false, ops);
    }
  },

  /// Reads and writes single rows without locking first.
  REGISTERS {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      boolean readOnly = random.nextInt(3) == 0;
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(2);
        if (readOnly || random.nextBoolean()) {
          ops.add(new Op.Get(shard, key));
        } else if (random.nextInt(3) == 0) {
          ops.add(new Op.Lock(shard, key, RowLock.values()[random.nextInt(4)], LockWait.WAIT));
        } else {
          ops.add(new Op.Put(shard, key, 1));
        }
        if (random.nextBoolean()) {
          ops.add(new Op.Statement());
        }
      }
      return new Script(SERIALIZABLE, readOnly, ops);
    }
  },

  /// Reads two rows at different shards and writes one of them.
  WRITE_SKEW {
    @Override
    Script script(Random random, int shards) {
      int a = random.nextInt(shards);
      int b = (a + 1) % shards;
      int write = random.nextBoolean() ? a : b;
      List<Op> ops =
          List.of(new Op.Get(a, 0), new Op.Get(b, 0), new Op.Statement(), new Op.Put(write, 0, 1));
      return new Script(SERIALIZABLE, false, ops);
    }
  },

  /// Reads one column and changes another: of the same rows, now and then of the same column.
  COLUMNS {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(2);
        Value.Part part = Value.Part.values()[random.nextInt(3)];
        ops.add(
            random.nextInt(3) == 0
                ? new Op.Scan(shard, key, key + 2, random.nextBoolean(), 99, part)
                : new Op.Get(shard, key, part));
        ops.add(new Op.Statement());
      }
      int writes = random.nextInt(3);
      for (int i = writes; i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(2);
        ops.add(new Op.Lock(shard, key, RowLock.NO_KEY_UPDATE, LockWait.WAIT));
        ops.add(
            random.nextInt(10) == 0
                ? new Op.Delete(shard, key)
                : new Op.PutPart(
                    shard, key, random.nextBoolean() ? Value.Part.MAIN : Value.Part.SIDE));
        ops.add(new Op.Statement());
      }
      return new Script(SERIALIZABLE, writes == 0 && random.nextBoolean(), ops);
    }
  },

  /// Looks into a range and puts a row into another.
  PHANTOMS {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      int from = random.nextInt(KEYS);
      int rows = random.nextInt(3) == 0 ? 1 : 99;
      ops.add(new Op.Scan(random.nextInt(shards), from, from + 3, random.nextBoolean(), rows));
      ops.add(new Op.Statement());
      if (random.nextInt(4) > 0) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(KEYS + 3);
        ops.add(random.nextInt(6) == 0 ? new Op.Delete(shard, key) : new Op.Insert(shard, key, 1));
      }
      return new Script(SERIALIZABLE, ops.size() == 2 && random.nextBoolean(), ops);
    }
  },

  /// Inserts a row that only one can insert.
  UNIQUE_INSERTS {
    @Override
    Script script(Random random, int shards) {
      IsolationLevel level = IsolationLevel.values()[random.nextInt(3)];
      int shard = random.nextInt(shards);
      return new Script(
          level,
          false,
          List.of(
              new Op.Get(shard, random.nextInt(KEYS)),
              new Op.Statement(),
              new Op.Insert(shard, random.nextInt(KEYS), 1),
              new Op.Statement(),
              new Op.Put((shard + 1) % shards, 40 + random.nextInt(2), 1)));
    }
  },

  /// All want the same row.
  HOT_COUNTER {
    @Override
    Script script(Random random, int shards) {
      IsolationLevel level = IsolationLevel.values()[random.nextInt(3)];
      List<Op> ops = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        ops.add(new Op.Get(random.nextInt(shards), 1 + random.nextInt(3)));
        ops.add(new Op.Statement());
      }
      if (random.nextInt(4) == 0) {
        ops.add(new Op.Lock(0, 0, RowLock.SHARE, LockWait.WAIT));
        return new Script(SERIALIZABLE, false, ops);
      }
      ops.add(new Op.Lock(0, 0, RowLock.NO_KEY_UPDATE, LockWait.WAIT));
      ops.add(new Op.Put(0, 0, 1));
      ops.add(new Op.Statement());
      ops.add(new Op.Put(random.nextInt(shards), 1 + random.nextInt(3), 1));
      return new Script(level, false, ops);
    }
  },

  /// A bit of everything, savepoints too.
  MIX {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      for (int i = 2 + random.nextInt(7); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(KEYS);
        ops.add(
            switch (random.nextInt(14)) {
              case 0, 1 -> new Op.Get(shard, key);
              case 2, 3 ->
                  new Op.Scan(shard, key, key + 3, random.nextBoolean(), 1 + random.nextInt(3));
              case 4, 5 ->
                  new Op.Lock(
                      shard,
                      key,
                      RowLock.values()[random.nextInt(4)],
                      LockWait.values()[random.nextInt(8) == 0 ? 1 + random.nextInt(2) : 0]);
              case 6 -> new Op.Insert(shard, key, 1);
              case 7 -> new Op.Savepoint();
              case 8 -> new Op.RollbackTo();
              case 9 -> new Op.Delete(shard, 20 + key);
              case 10 -> new Op.LockNewest(shard, key);
              default -> new Op.Put(shard, key, 1);
            });
        if (random.nextInt(3) > 0) {
          ops.add(new Op.Statement());
        }
      }
      return new Script(SERIALIZABLE, false, ops);
    }
  },

  /// Reads some and writes others, and is prepared by name now and then.
  BY_NAME {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(3);
        ops.add(
            random.nextInt(3) == 0
                ? new Op.Scan(shard, key, key + 2, random.nextBoolean(), 99)
                : new Op.Get(shard, key));
      }
      ops.add(new Op.Statement());
      for (int i = random.nextInt(3); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(3);
        ops.add(random.nextInt(4) == 0 ? new Op.Insert(shard, key, 1) : new Op.Put(shard, key, 1));
      }
      if (random.nextInt(3) == 0) {
        ops.add(new Op.ByName());
      }
      return new Script(SERIALIZABLE, false, ops);
    }
  },

  /// Rows change their format under the feet of plans made before.
  SCHEMA_CHANGES {
    @Override
    Script script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      if (random.nextInt(5) == 0) {
        ops.add(new Op.NextSchema());
        return new Script(SERIALIZABLE, false, ops);
      }
      for (int i = 2 + random.nextInt(3); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(2);
        ops.add(random.nextBoolean() ? new Op.Get(shard, key) : new Op.Put(shard, key, 1));
        ops.add(new Op.Statement());
      }
      return new Script(SERIALIZABLE, false, ops);
    }
  };

  private static final int KEYS = 4;

  abstract Script script(Random random, int shards);

  /// Runs one seed.
  ///
  /// @return what is wrong, or null
  String run(long seed, io.trencadis.txn.Rules rules, List<String> trace) {
    // A small window for some seeds, so that its floor rises above snapshots that are still in use.
    int windowKeys = seed % 3 == 0 ? 3 : 1000;
    int shards = 2 + (int) (seed % 2);
    Simulation simulation =
        new Simulation(seed * 31 + ordinal(), rules, shards, windowKeys, trace != null);
    for (int client = 0; client < 5; client++) {
      List<Script> scripts = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        scripts.add(script(simulation.random, simulation.shardCount()));
      }
      new SimClient(simulation, scripts);
    }
    String fault = simulation.run();
    if (fault == null) {
      fault = invariant(simulation);
    }
    if (trace != null) {
      trace.addAll(simulation.trace);
    }
    return fault;
  }

  private String invariant(Simulation simulation) {
    var rows = simulation.finalState();
    switch (this) {
      case BANK -> {
        long sum = rows.values().stream().mapToLong(Value::number).sum();
        return sum == 0 ? null : "money was made: " + sum;
      }
      case HOT_COUNTER -> {
        Value counter = rows.get("s0k0");
        long expected = simulation.increments;
        long found = counter == null ? 0 : counter.number();
        return found == expected
            ? null
            : "lost update: the counter is " + found + " after " + expected + " increments";
      }
      case UNIQUE_INSERTS -> {
        return simulation.insertedTwice;
      }
      default -> {
        return null;
      }
    }
  }
}
