package io.trencadis.txn.cluster;

import io.trencadis.txn.HeldRow;
import io.trencadis.txn.Rules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Scripts for clients.
enum ClusterWorkload {
  /// Reads and writes single rows anywhere.
  REGISTERS {
    @Override
    List<Op> script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(2);
        ops.add(random.nextBoolean() ? new Op.Get(shard, key) : new Op.Put(shard, key));
      }
      return ops;
    }
  },

  /// Reads two rows of different logs and writes one of them, and a third.
  WRITE_SKEW {
    @Override
    List<Op> script(Random random, int shards) {
      int a = random.nextInt(shards);
      int b = (a + Cluster.SHARDS_A_LOG) % shards;
      List<Op> ops = new ArrayList<>(List.of(new Op.Get(a, 0), new Op.Get(b, 0)));
      ops.add(new Op.Put(random.nextBoolean() ? a : b, 0));
      if (random.nextBoolean()) {
        ops.add(new Op.Put(random.nextInt(shards), 1));
      }
      return ops;
    }
  },

  /// Writes at several logs, while others look at all.
  TRANSFERS {
    @Override
    List<Op> script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        for (int shard = 0; shard < shards; shard++) {
          ops.add(new Op.Scan(shard, 0, Cluster.KEYS));
        }
        return ops;
      }
      int a = random.nextInt(shards);
      int b = (a + Cluster.SHARDS_A_LOG) % shards;
      ops.add(new Op.Put(a, random.nextInt(2)));
      ops.add(new Op.Put(b, random.nextInt(2)));
      if (random.nextInt(3) == 0) {
        ops.add(new Op.Put(a, random.nextInt(2)));
      }
      return ops;
    }
  },

  /// Locks one row so that it stays, and writes another because of it; and the other way round.
  LOCKED_READS {
    @Override
    List<Op> script(Random random, int shards) {
      List<Op> ops = new ArrayList<>();
      int a = random.nextInt(shards);
      int b = (a + 1 + random.nextInt(shards - 1)) % shards;
      ops.add(new Op.Share(a, 0));
      if (random.nextBoolean()) {
        ops.add(new Op.Get(b, 1));
      }
      ops.add(new Op.Put(b, 0));
      if (random.nextInt(3) == 0) {
        ops.add(new Op.Put(random.nextInt(shards), 1));
      }
      return ops;
    }
  },

  /// Reads, locks and writes, and is prepared by name; others end such ones, or are as the rest.
  PREPARED_BY_NAME {
    @Override
    List<Op> script(Random random, int shards) {
      if (random.nextInt(5) < 2) {
        return List.of(new Op.Finish(HeldRow.HOME, random.nextInt(3) > 0));
      }
      List<Op> ops = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        int shard = random.nextInt(shards);
        int key = random.nextInt(2);
        ops.add(
            switch (random.nextInt(6)) {
              case 0, 1 -> new Op.Get(shard, key);
              case 2 -> new Op.Scan(shard, 0, Cluster.KEYS);
              case 3 -> new Op.Share(shard, key);
              default -> new Op.Put(shard, key);
            });
      }
      if (random.nextInt(2) == 0) {
        ops.add(new Op.Put(random.nextInt(shards), random.nextInt(2)));
      }
      if (random.nextInt(3) > 0) {
        ops.add(new Op.Hold(HeldRow.HOME));
      }
      return ops;
    }

    @Override
    void clean(Cluster cluster) {
      // A manager that finds what was forgotten.
      List<List<Op>> sweeps = new ArrayList<>();
      for (int i = 0; i < 3 * cluster.held.size() + 50; i++) {
        sweeps.add(List.of(new Op.Finish(HeldRow.HOME, i % 2 == 0)));
      }
      cluster.gateways[0].addClient(sweeps);
    }
  },

  /// Any of those that prepare nothing by name, while the rows move from shard to shard.
  MOVES {
    @Override
    List<Op> script(Random random, int shards) {
      if (random.nextInt(3) == 0) {
        // Reads what moves and writes what does not, or the other way round.
        int a = random.nextInt(shards);
        int b = random.nextInt(shards);
        return random.nextBoolean()
            ? List.of(new Op.Get(a, 0), new Op.Put(b, Cluster.STAYS))
            : List.of(new Op.Get(b, Cluster.STAYS), new Op.Put(a, 0));
      }
      List<ClusterWorkload> others = List.of(REGISTERS, WRITE_SKEW, TRANSFERS, LOCKED_READS);
      return others.get(random.nextInt(others.size())).script(random, shards);
    }

    @Override
    int seeds() {
      // Each takes as long as ten of the others.
      return 150;
    }

    @Override
    void besides(Cluster cluster) {
      for (GatewayNode gateway : cluster.gateways) {
        gateway.addClient(Collections.nCopies(STEPS, List.of(new Op.Move(0, new Mover(cluster)))));
        List<List<Op>> more = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
          more.add(script(cluster.random, cluster.shardCount()));
        }
        gateway.addClient(more);
      }
    }
  };

  /// Steps that a session tries which moves the rows.
  private static final int STEPS = 30;

  private static final int CLIENTS = 3;
  private static final int SCRIPTS = 5;

  abstract List<Op> script(Random random, int shards);

  /// How many seeds there are unless told.
  int seeds() {
    return 500;
  }

  /// Adds clients of another kind.
  void besides(Cluster cluster) {}

  /// Has clients clean up when all others are done.
  void clean(Cluster cluster) {}

  /// Runs one seed.
  ///
  /// @param replicated whether each log is on several nodes
  /// @return what is wrong, or null
  String run(long seed, Rules rules, boolean replicated, List<String> trace) {
    return run(seed, rules, EnumSet.allOf(MoveRule.class), replicated, trace);
  }

  /// As above.
  ///
  /// @param moveRules what moves keep to
  String run(
      long seed, Rules rules, Set<MoveRule> moveRules, boolean replicated, List<String> trace) {
    int logs = 2 + (int) (seed % 2);
    Cluster cluster =
        new Cluster(
            seed * 31 + ordinal(), rules, moveRules, logs, 2, replicated, null, trace != null);
    for (GatewayNode gateway : cluster.gateways) {
      for (int client = 0; client < CLIENTS; client++) {
        List<List<Op>> scripts = new ArrayList<>();
        for (int i = 0; i < SCRIPTS; i++) {
          scripts.add(script(cluster.random, cluster.shardCount()));
        }
        gateway.addClient(scripts);
      }
    }
    besides(cluster);
    cluster.lastly = () -> clean(cluster);
    String fault = cluster.run();
    if (trace != null) {
      trace.addAll(cluster.trace);
    }
    return fault;
  }
}
