package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.Rules;
import io.trencadis.txn.coordinator.Coordinator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The transactions of a node on its own that are prepared by name: its log has them.
final class NodePreparedTransactions implements PreparedTransactions {
  /// One that is prepared, or on the way there.
  private static final class Entry {
    final GlobalName name;

    /// Null until it is prepared.
    Coordinator coordinator;

    /// Whether some session prepares or ends it now.
    boolean busy;

    Entry(GlobalName name, Coordinator coordinator) {
      this.name = name;
      this.coordinator = coordinator;
      this.busy = coordinator == null;
    }
  }

  private final Node node;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  NodePreparedTransactions(Node node) {
    this.node = node;
  }

  /// The log has it as prepared.
  synchronized void restored(HeldRecord record) {
    entries.put(
        record.name().gid(),
        new Entry(record.name(), Coordinator.restored(record, node.shardCount(), Rules.ALL)));
  }

  @Override
  public synchronized List<View> list() {
    List<View> all = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.coordinator != null) {
        all.add(new View(entry.coordinator.id(), entry.name));
      }
    }
    return all;
  }

  @Override
  public void prepare(Transaction transaction, GlobalName name, int most) {
    LocalTransaction local = (LocalTransaction) transaction;
    Entry entry = new Entry(name, null);
    try {
      reserve(entry, most);
    } catch (SqlException refused) {
      transaction.rollback();
      throw refused;
    }
    boolean prepared = false;
    try {
      local.hold(name);
      prepared = true;
    } finally {
      synchronized (this) {
        if (prepared) {
          entry.coordinator = local.coordinator();
          entry.busy = false;
        } else {
          entries.remove(name.gid());
        }
      }
    }
  }

  private synchronized void reserve(Entry entry, int most) {
    if (entries.containsKey(entry.name.gid())) {
      throw Failures.nameInUse(entry.name.gid());
    }
    if (entries.size() >= most) {
      throw Failures.tooManyPrepared(most);
    }
    entries.put(entry.name.gid(), entry);
  }

  @Override
  public void finish(String gid, boolean commit, Consumer<GlobalName> check) {
    Entry entry = take(gid, check);
    boolean over = false;
    try {
      new LocalTransaction(node, entry.coordinator).finishHeld(commit);
      over = true;
    } finally {
      synchronized (this) {
        entry.busy = false;
        if (over) {
          entries.remove(gid);
        }
      }
    }
  }

  private synchronized Entry take(String gid, Consumer<GlobalName> check) {
    Entry entry = entries.get(gid);
    if (entry == null) {
      throw Failures.notPrepared(gid);
    }
    if (entry.busy) {
      throw Failures.preparedIsBusy(gid);
    }
    check.accept(entry.name);
    entry.busy = true;
    return entry;
  }
}
