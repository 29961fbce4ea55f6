package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Branches;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.Proof;
import io.trencadis.txn.message.TimestampAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A log that three nodes hold, by an ideal consensus: records of the rightful leader are committed
/// in their order or, when his term ends, lost from some point on; of what he had on its way some
/// may have come through. Whoever is deposed goes on for a while without knowing it, and is sent
/// messages by those who do not know it either. A record may be refused in the middle of a term, as
/// when leadership is about to be handed over and then is not: what comes after it is taken.
final class LogGroup implements SimulatedLog {
  private static final int COPIES = 3;
  private static final long AGAIN = 20;

  private final class Pending {
    final BranchRecord record;

    Pending(BranchRecord record) {
      this.record = record;
    }
  }

  /// One node's copy. Its disk outlives it: what was flushed; the log is the group's.
  private final class Copy extends Machines {
    private final int copy;

    // The disk.
    private List<Installed> flushedRows = List.of();
    private List<BranchRecord> flushedBranches = List.of();
    private int flushedTo;

    // What a crash takes.
    private boolean up = true;
    private int life;
    private Map<Integer, SimulatedStore> stores;
    private Branches replayed;
    private int applied;

    Copy(int copy) {
      super(LogGroup.this.cluster, LogGroup.this.number, copy);
      this.copy = copy;
      restart();
    }

    private void restart() {
      life++;
      up = true;
      stores = emptyStores();
      disk.begin();
      Installed.all(flushedRows, stores);
      replayed = new Branches(number, stores.keySet(), 1, cluster.rules);
      flushedBranches.forEach(replayed::replay);
      applied = flushedTo;
    }

    void crash() {
      up = false;
      follow();
      disk.crash();
    }

    void follow() {
      term = 0;
      end();
    }

    void lead(long begun) {
      catchUp(committed.size());
      cluster.note("copy " + copy + " leads log " + number + " in term " + begun);
      term = begun;
      Branches known =
          new Branches(number, stores.keySet(), begun, cluster.rules, Cluster.PIECE_BYTES);
      replayed.snapshot().forEach(known::replay);
      begin(known, stores);
    }

    void catchUp(int to) {
      while (up && applied < to) {
        apply(committed.get(applied), applied + 1);
      }
    }

    private void apply(BranchRecord record, int index) {
      applied = index;
      List<BranchRecord.Part> installs = replayed.replay(record);
      if (!leads()) {
        install(record, installs, stores, index);
      }
      disk.pieces().take(record);
      if (leads()) {
        step(() -> branches.durable(record, index, this));
      }
    }

    void flush() {
      if (up) {
        flushedRows = Installed.in(stores);
        flushedBranches = replayed.snapshot();
        flushedTo = applied;
        disk.flush(stores.values());
      }
    }

    void take(Message message, int from) {
      if (Proof.isNeededToTake(message, branches)) {
        confirm(this, () -> carryOut(message, from));
      } else {
        carryOut(message, from);
      }
    }

    @Override
    public void toGateway(Message message) {
      if (Proof.isNeededToSend(message, cluster.rules)) {
        confirm(this, () -> super.toGateway(message));
      } else {
        super.toGateway(message);
      }
    }

    @Override
    public void append(BranchRecord record) {
      LogGroup.this.append(this, record, term);
    }
  }

  private final Cluster cluster;
  private final int number;
  private final List<BranchRecord> committed = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private final Copy[] copies = new Copy[COPIES];
  private long term;

  /// Who leads; null while nobody does.
  private Copy leader;

  LogGroup(Cluster cluster, int number) {
    this.cluster = cluster;
    this.number = number;
    for (int i = 0; i < COPIES; i++) {
      copies[i] = new Copy(i);
    }
    elect();
  }

  // ---- consensus

  /// Ends the term. The next one begins soon, with any copy that is up.
  private void elect() {
    int kept = cluster.random.nextInt(pending.size() + 1);
    pending.subList(0, kept).forEach(each -> committed.add(each.record));
    pending.clear();
    Copy deposed = leader;
    leader = null;
    long next = ++term;
    if (deposed != null && deposed.leads()) {
      long stale = deposed.term;
      cluster.note("copy " + deposed.copy + " of log " + number + " is deposed");
      cluster.after(
          cluster.calm() ? 0 : cluster.random.nextInt(400),
          () -> {
            if (deposed.leads() && deposed.term == stale) {
              deposed.follow();
            }
          });
    }
    cluster.after(1 + cluster.random.nextInt(40), () -> elected(next));
  }

  private void elected(long next) {
    if (next != term) {
      return;
    }
    Copy chosen = copies[cluster.random.nextInt(COPIES)];
    if (!chosen.up) {
      cluster.after(1 + cluster.random.nextInt(40), () -> elected(next));
      return;
    }
    if (chosen.leads()) {
      chosen.follow();
    }
    leader = chosen;
    chosen.lead(next);
  }

  /// One record in so many is refused; more of those that nobody waits for, which others overtake.
  private static int refusals(BranchRecord record) {
    return record instanceof BranchRecord.Resolved ? 2 : 40;
  }

  private void append(Copy from, BranchRecord record, long inTerm) {
    if (inTerm != term) {
      return;
    }
    if (!cluster.calm() && cluster.random.nextInt(refusals(record)) == 0) {
      cluster.note("log " + number + " refuses a record of T" + record.txn());
      cluster.after(
          AGAIN,
          () -> {
            if (from.leads() && from.term == inTerm) {
              append(from, record, inTerm);
            }
          });
      return;
    }
    Pending each = new Pending(record);
    pending.add(each);
    cluster.after(1 + cluster.random.nextInt(8), () -> commit(each));
  }

  private void commit(Pending last) {
    while (pending.contains(last)) {
      BranchRecord record = pending.removeFirst().record;
      committed.add(record);
      cluster.note(
          "log " + number + " has " + record.getClass().getSimpleName() + " of T" + record.txn());
      int to = committed.size();
      for (Copy copy : copies) {
        int life = copy.life;
        cluster.after(
            copy == leader ? 0 : cluster.random.nextInt(30),
            () -> {
              // Who leads no more does not hear either.
              if (copy.life == life && !(copy.leads() && copy.term != term)) {
                copy.catchUp(to);
              }
            });
      }
    }
  }

  /// Asks a majority whether a copy leads still.
  private void confirm(Copy copy, Runnable then) {
    long inTerm = copy.term;
    cluster.after(
        1 + cluster.random.nextInt(8),
        () -> {
          boolean proven = inTerm == term;
          cluster.after(
              cluster.random.nextInt(8),
              () -> {
                if (proven && copy.leads() && copy.term == inTerm) {
                  copy.catchUp(committed.size());
                  then.run();
                }
              });
        });
  }

  // ---- faults

  /// Takes the leader, or another copy, or only deposes who leads.
  @Override
  public void crash(long down) {
    int dice = cluster.random.nextInt(4);
    if (dice == 0) {
      elect();
      return;
    }
    Copy copy = dice == 1 || leader == null ? copies[cluster.random.nextInt(COPIES)] : leader;
    boolean majority = java.util.Arrays.stream(copies).filter(each -> each.up).count() == COPIES;
    if (!copy.up || !majority) {
      return;
    }
    cluster.note("CRASH of copy " + copy.copy + " of log " + number + " for " + down);
    copy.crash();
    int life = copy.life;
    cluster.after(
        down,
        () -> {
          if (copy.life == life && !copy.up) {
            copy.restart();
          }
        });
    if (copy == leader) {
      elect();
    }
  }

  @Override
  public void flush() {
    copies[cluster.random.nextInt(COPIES)].flush();
  }

  @Override
  public void settle() {
    for (Copy copy : copies) {
      if (!copy.up) {
        copy.restart();
      }
      if (copy != leader && copy.leads()) {
        copy.follow();
      }
    }
  }

  // ---- what comes in

  /// Who is taken for the leader: mostly he who is, at times one who was.
  private Copy believed() {
    Copy chosen = copies[cluster.random.nextInt(COPIES)];
    return chosen.leads() ? chosen : leader;
  }

  @Override
  public void on(Message message, int from) {
    Copy to = believed();
    if (to != null && to.leads()) {
      to.take(message, from);
    }
  }

  @Override
  public void on(int shard, TimestampAnswer answer) {
    for (Copy copy : copies) {
      copy.on(shard, answer);
    }
  }

  @Override
  public void heard(int gateway, long oldestLive) {
    for (Copy copy : copies) {
      copy.heard(gateway, oldestLive);
    }
  }

  // ---- when all is over

  @Override
  public List<Version> versions(int shard, byte[] key) {
    return Machines.versions(leader.stores.get(shard), key);
  }

  @Override
  public String leftOver() {
    if (leader == null) {
      return "log " + number + " has no leader";
    }
    for (Copy copy : copies) {
      copy.catchUp(committed.size());
      List<Installed> rows = Installed.in(copy.stores);
      List<Installed> led = Installed.in(leader.stores);
      if (!rows.toString().equals(led.toString())) {
        return "copies of log " + number + " differ: " + rows + " and " + led;
      }
      String left = copy.filesLeft(copy.stores);
      if (left != null) {
        return left;
      }
    }
    return leader.leftOver();
  }
}
