package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.Rules;
import io.trencadis.txn.coordinator.Coordinator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The transactions of a node that are prepared by name (PostgreSQL 15 manual, PREPARE
/// TRANSACTION): they belong to no session any more, survive the process, and end when some session
/// says so. Thread-safe.
public final class PreparedTransactions {
  /// One that is prepared.
  ///
  /// @param transaction its id
  public record View(long transaction, GlobalName name) {}

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

  /// @param node null for a cluster, where nothing can be prepared by name yet
  PreparedTransactions(Node node) {
    this.node = node;
  }

  /// The log has it as prepared.
  synchronized void restored(HeldRecord record) {
    entries.put(
        record.name().gid(),
        new Entry(record.name(), Coordinator.restored(record, node.shardCount(), Rules.ALL)));
  }

  /// All that are prepared now, in the order of their preparation.
  public synchronized List<View> list() {
    List<View> all = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.coordinator != null) {
        all.add(new View(entry.coordinator.id(), entry.name));
      }
    }
    return all;
  }

  /// Prepares a transaction, which is over for its session then, whatever the outcome.
  ///
  /// @param most how many there may be at a time
  /// @throws SqlException 42710 if the name is taken, 53200 if there are too many, 40001 if
  ///   something it read has changed, and what the log says if it has no room; then the transaction
  ///   has been rolled back
  public void prepare(Transaction transaction, GlobalName name, int most) {
    if (!(transaction instanceof LocalTransaction local)) {
      transaction.rollback();
      throw SqlException.notSupported("PREPARE TRANSACTION in a cluster");
    }
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
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "transaction identifier \"" + entry.name.gid() + "\" is already in use");
    }
    if (entries.size() >= most) {
      throw new SqlException(
              SqlState.OUT_OF_MEMORY, "maximum number of prepared transactions reached")
          .hint("Increase max_prepared_transactions (currently " + most + ").");
    }
    entries.put(entry.name.gid(), entry);
  }

  /// Commits one that is prepared, or rolls it back. Durable when it returns.
  ///
  /// @param check throws if the caller may not; called before anything is done
  /// @throws SqlException 42704 if there is none of that name, 55000 if another session is at it,
  ///   and what the log says if it has no room: then it is prepared as before
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
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "prepared transaction with identifier \"" + gid + "\" does not exist");
    }
    if (entry.busy) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "prepared transaction with identifier \"" + gid + "\" is busy");
    }
    check.accept(entry.name);
    entry.busy = true;
    return entry;
  }
}
