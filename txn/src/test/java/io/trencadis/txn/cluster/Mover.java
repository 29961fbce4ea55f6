package io.trencadis.txn.cluster;

import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A session that moves the table's rows to other shards while others use them, again and again:
/// each step a transaction of its own, as `ALTER TABLE … MOVE PARTITION` has them. Between two
/// steps everything may die. What it finds begun by others, or in an earlier life of its gateway,
/// it takes back; at times it changes the table in another way, as `SPLIT PARTITION` does, which
/// ends a move.
///
/// The table's descriptor is a row, and each version of it is known by its number, as the schema
/// version at every shard is.
final class Mover {
  static final int CATALOG = 5;
  static final byte[] DESCRIPTOR = Cluster.key(CATALOG, 0);
  private static final RelationRef DESCRIPTORS = new RelationRef(CATALOG, 0, "descriptors");

  private final Cluster cluster;

  // What its session has in memory.
  private int life;
  private Layout begun;
  private final Set<Integer> copied = new HashSet<>();

  Mover(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Does the next step in a transaction that has a snapshot, and ends that.
  void step(ClientTransaction in, int gatewayLife) {
    if (life != gatewayLife) {
      life = gatewayLife;
      begun = null;
    }
    Layout plan = in.plan();
    int dice = cluster.random.nextInt(8);
    if (!plan.isMoving()) {
      if (dice == 0) {
        define(in, plan.changed(cluster.nextVersion(plan)));
        return;
      }
      int shift = cluster.random.nextInt(cluster.shardCount());
      define(in, plan.movingTo(cluster.nextRelation(), shift, cluster.nextVersion(plan)));
    } else if (begun == null || begun.version() != plan.version()) {
      if (dice == 0) {
        define(in, plan.changed(cluster.nextVersion(plan)));
      } else {
        in.abort("others move the table");
      }
    } else if (copied.size() < cluster.shardCount()) {
      copy(in, copied.size(), 0, new ArrayList<>());
    } else {
      long version = cluster.nextVersion(plan);
      define(in, dice == 0 ? plan.changed(version) : plan.moved(version));
    }
  }

  private record Call(int shard, Request request) {}

  /// Commits another descriptor, under the table's lock.
  private void define(ClientTransaction in, Layout next) {
    Layout plan = in.plan();
    cluster.layouts.put(next.version(), next);
    int shards = cluster.shardCount();
    Set<Integer> relations = new TreeSet<>(List.of(plan.relation(), next.relation()));
    if (next.isMoving()) {
      relations.add(next.toRelation());
    }
    List<Call> locks = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      locks.add(
          new Call(
              shard,
              new Request.LockRelation(
                  in.id(),
                  plan.relation(),
                  RelationLock.ACCESS_EXCLUSIVE,
                  LockWait.WAIT,
                  1,
                  true)));
    }
    List<Call> writes = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      for (int relation : relations) {
        writes.add(new Call(shard, new Request.SetSchema(in.id(), relation, next.version(), 1)));
      }
    }
    Row row = new Row(next.version(), 0);
    List<Mutation> put = List.of(new Mutation.Put(DESCRIPTOR, row.bytes()));
    writes.add(new Call(0, new Request.Mutate(in.id(), DESCRIPTORS, put, in.readTs(), 1, true)));
    Request lookAgain =
        new Request.LockRow(
            in.id(),
            DESCRIPTORS,
            DESCRIPTOR,
            RowLock.UPDATE,
            LockWait.WAIT,
            true,
            in.readTs(),
            1,
            true);
    all(
        in,
        locks,
        false,
        () ->
            in.affect(
                0,
                lookAgain,
                false,
                reply -> {
                  Row now = Row.of(((Reply.Row) reply).value());
                  long version = now == null ? 0 : now.writer();
                  if (version != plan.version()) {
                    in.outdated(version);
                    return;
                  }
                  all(in, writes, true, () -> in.commitStep(() -> defined(in, next)));
                }));
  }

  private void defined(ClientTransaction in, Layout next) {
    boolean moved = next.relation() != in.plan().relation();
    cluster.note((moved ? "MOVED: " : "the table is ") + next);
    begun = next.isMoving() ? next : null;
    copied.clear();
    in.announce(next);
  }

  private static void all(ClientTransaction in, List<Call> calls, boolean write, Runnable then) {
    if (calls.isEmpty()) {
      then.run();
      return;
    }
    Call first = calls.getFirst();
    in.affect(
        first.shard,
        first.request,
        write,
        _ -> all(in, calls.subList(1, calls.size()), write, then));
  }

  /// Writes the rows of a shard where they are on their way to.
  private void copy(ClientTransaction in, int shard, int from, List<byte[]> keys) {
    Layout plan = in.plan();
    int home = plan.home(shard, cluster.shardCount());
    in.read(
        home,
        new Request.Scan(
            in.id(),
            in.relation(),
            Cluster.key(plan.relation(), from),
            Cluster.key(plan.relation(), Cluster.MOST_KEYS),
            false,
            in.readTs(),
            Integer.MAX_VALUE,
            Cluster.MOST_KEYS,
            true),
        reply -> {
          Reply.Rows rows = (Reply.Rows) reply;
          for (int i = 0; i < rows.count(); i++) {
            keys.add(rows.rows().key(i));
          }
          if (rows.done()) {
            copy(in, shard, keys);
          } else {
            int next = keys.isEmpty() ? 0 : keys.getLast()[Cluster.KEY_BYTE] + 1;
            copy(in, shard, next, keys);
          }
        });
  }

  private void copy(ClientTransaction in, int shard, List<byte[]> keys) {
    Layout plan = in.plan();
    if (keys.isEmpty()) {
      if (in.hasWritten()) {
        in.commitStep(() -> copied.add(shard));
      } else {
        copied.add(shard);
        in.endStep();
      }
      return;
    }
    byte[] key = keys.getFirst();
    int home = plan.home(shard, cluster.shardCount());
    RelationRef there = new RelationRef(plan.toRelation(), plan.version(), "t");
    Consumer<Reply> write =
        reply -> {
          byte[] row = ((Reply.Row) reply).value();
          byte[] itsKey = Cluster.key(plan.toRelation(), key[Cluster.KEY_BYTE]);
          List<Mutation> put = List.of(new Mutation.Put(itsKey, row, true));
          in.affect(
              plan.newHome(shard, cluster.shardCount()),
              new Request.Mutate(in.id(), there, put, in.readTs(), 1, true),
              true,
              _ -> copy(in, shard, keys.subList(1, keys.size())));
        };
    if (cluster.moveRules.contains(MoveRule.COPIED_UNDER_LOCK)) {
      in.affect(
          home,
          new Request.LockRow(
              in.id(),
              in.relation(),
              key,
              RowLock.SHARE,
              LockWait.WAIT,
              true,
              in.readTs(),
              1,
              true),
          false,
          write);
    } else {
      in.read(home, new Request.Get(in.id(), in.relation(), key, in.readTs(), true), write);
    }
  }
}
