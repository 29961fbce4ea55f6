package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Branches;
import io.trencadis.txn.distributed.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A node that has a log by itself. Its disk outlives it: what was flushed, and of the log what was
/// fsynced, with a part of what was not.
final class LogNode extends Machines implements SimulatedLog {
  private record Logged(BranchRecord record, long position) {}

  // The disk.
  private final List<Logged> log = new ArrayList<>();
  private List<Installed> flushedRows = List.of();
  private List<BranchRecord> flushedBranches = List.of();
  private long nextPosition = 1;

  // What a crash takes.
  private final List<Logged> unsynced = new ArrayList<>();
  private Map<Integer, SimulatedStore> stores;

  LogNode(Cluster cluster, int number) {
    super(cluster, number, 0);
    start();
  }

  // ---- lives

  @Override
  public void crash(long down) {
    if (!leads()) {
      return;
    }
    // Of what was on its way to the disk a part may have arrived.
    int kept = cluster.random.nextInt(unsynced.size() + 1);
    log.addAll(unsynced.subList(0, kept));
    unsynced.clear();
    end();
    disk.crash();
    cluster.note("CRASH of log " + number + " for " + down);
    long life = term;
    cluster.after(
        down,
        () -> {
          if (life == term) {
            settle();
          }
        });
  }

  @Override
  public void settle() {
    if (!leads()) {
      start();
    }
  }

  private void start() {
    term++;
    cluster.note("log " + number + " starts its life " + term);
    stores = emptyStores();
    disk.begin();
    Branches known =
        new Branches(number, stores.keySet(), term, cluster.rules, Cluster.PIECE_BYTES);
    Installed.all(flushedRows, stores);
    flushedBranches.forEach(record -> replay(known, record, 0));
    log.forEach(logged -> replay(known, logged.record, logged.position));
    begin(known, stores);
  }

  private void replay(Branches known, BranchRecord record, long position) {
    install(record, known.replay(record), stores, position);
    disk.pieces().take(record);
  }

  /// Moves everything down, and lets the log go.
  @Override
  public void flush() {
    if (!leads()) {
      return;
    }
    cluster.note("log " + number + " is flushed");
    flushedRows = Installed.in(stores);
    flushedBranches = branches.snapshot();
    disk.flush(stores.values());
    log.clear();
  }

  @Override
  public String leftOver() {
    String left = super.leftOver();
    return left == null ? filesLeft(stores) : left;
  }

  @Override
  public List<Version> versions(int shard, byte[] key) {
    return versions(stores.get(shard), key);
  }

  // ---- what comes in

  @Override
  public void on(Message message, int from) {
    if (leads()) {
      carryOut(message, from);
    }
  }

  // ---- what the machines want

  @Override
  public void append(BranchRecord record) {
    unsynced.add(new Logged(record, nextPosition++));
    long life = term;
    cluster.after(
        1 + cluster.random.nextInt(8),
        () -> {
          if (leads() && life == term) {
            synced(record);
          }
        });
  }

  /// All up to the record is durable.
  private void synced(BranchRecord record) {
    while (unsynced.stream().anyMatch(logged -> logged.record == record)) {
      Logged first = unsynced.removeFirst();
      log.add(first);
      cluster.note(
          "log "
              + number
              + " has "
              + first.record.getClass().getSimpleName()
              + " of T"
              + first.record.txn());
      disk.pieces().take(first.record);
      step(() -> branches.durable(first.record, first.position, this));
    }
  }
}
