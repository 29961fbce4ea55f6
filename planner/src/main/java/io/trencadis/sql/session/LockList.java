package io.trencadis.sql.session;

import io.trencadis.sharding.PreparedTransactions;
import io.trencadis.sharding.SessionLocks;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tells the shards' locks in PostgreSQL's words, where row locks are not listed: who waits for a
/// row waits for the transaction that has it, and who queues behind another waiter, for the row
/// ("tuple").
final class LockList {
  private record Owner(int processId, long transaction) {
    String virtualTransaction() {
      return (processId == 0 ? -1 : processId) + "/" + transaction;
    }
  }

  private final Map<Long, Owner> owners = new HashMap<>();
  private final List<LockInfo> transactions = new ArrayList<>();

  LockList(List<SessionOwner> sessions, List<PreparedTransactions.View> prepared) {
    for (SessionOwner session : sessions) {
      long running = session.running();
      Owner owner = new Owner(session.processId(), running);
      if (session.locks() != 0) {
        owners.put(session.locks(), owner);
      }
      if (running != 0) {
        owners.put(running, owner);
        transactions.add(info("virtualxid", 0, owner, "ExclusiveLock"));
        if (session.writes()) {
          transactions.add(info("transactionid", running, owner, "ExclusiveLock"));
        }
      }
    }
    for (PreparedTransactions.View each : prepared) {
      Owner owner = new Owner(0, each.transaction());
      owners.put(each.transaction(), owner);
      transactions.add(info("transactionid", each.transaction(), owner, "ExclusiveLock"));
    }
  }

  private static LockInfo info(String type, long transaction, Owner owner, String mode) {
    return new LockInfo(
        type,
        0,
        0,
        transaction,
        0,
        0,
        0,
        owner.processId,
        owner.virtualTransaction(),
        mode,
        true,
        List.of());
  }

  /// Locks of transactions that belong to no session, such as the server's own, are left out.
  List<LockInfo> list(List<LockView> views) {
    // One relation is locked at several shards, and listed once.
    Map<List<Object>, LockInfo> all = new LinkedHashMap<>();
    for (LockInfo own : transactions) {
      all.put(List.of(own), own);
    }
    for (LockView view : views) {
      Owner owner = owners.get(view.owner());
      if (owner == null) {
        continue;
      }
      for (LockInfo info : infos(view, owner)) {
        all.merge(
            List.of(
                info.type(),
                info.relationId(),
                info.transactionId(),
                info.databaseOid(),
                info.high(),
                info.low(),
                info.space(),
                info.processId(),
                info.mode()),
            info,
            // Held at one shard and waited for at another: waited for.
            (a, b) -> a.granted() ? b : a);
      }
    }
    return List.copyOf(all.values());
  }

  private List<LockInfo> infos(LockView view, Owner owner) {
    Wanted wanted = view.wanted();
    if (!wanted.isRow()) {
      String mode = mode(wanted.relationMode());
      return List.of(lock("relation", wanted.relationId(), 0, owner, mode, view, both(view)));
    }
    if (wanted.relationId() == SessionLocks.RELATION) {
      SessionLocks.Name name = SessionLocks.Name.of(wanted.key());
      return List.of(
          new LockInfo(
              "advisory",
              name.database(),
              0,
              0,
              name.high(),
              name.low(),
              name.space(),
              owner.processId,
              owner.virtualTransaction(),
              advisoryMode(wanted.rowMode()),
              view.granted(),
              both(view)));
    }
    if (view.granted()) {
      return List.of();
    }
    String tuple = tupleMode(wanted.rowMode());
    if (!view.ahead().isEmpty() || view.holders().isEmpty()) {
      return List.of(
          lock("tuple", wanted.relationId(), 0, owner, tuple, view, processes(view.ahead())));
    }
    return List.of(
        new LockInfo(
            "tuple",
            0,
            wanted.relationId(),
            0,
            0,
            0,
            0,
            owner.processId,
            owner.virtualTransaction(),
            tuple,
            true,
            List.of()),
        lock(
            "transactionid",
            0,
            view.holders().getFirst(),
            owner,
            "ShareLock",
            view,
            processes(view.holders())));
  }

  private static LockInfo lock(
      String type,
      int relationId,
      long transaction,
      Owner owner,
      String mode,
      LockView view,
      List<Integer> blockers) {
    return new LockInfo(
        type,
        0,
        relationId,
        transaction,
        0,
        0,
        0,
        owner.processId,
        owner.virtualTransaction(),
        mode,
        view.granted(),
        blockers);
  }

  private List<Integer> both(LockView view) {
    List<Long> both = new ArrayList<>(view.holders());
    both.addAll(view.ahead());
    return processes(both);
  }

  private List<Integer> processes(List<Long> blockers) {
    return blockers.stream().map(this::processId).distinct().toList();
  }

  /// 0 for one that belongs to no session, as PostgreSQL has it for prepared transactions.
  private int processId(long owner) {
    Owner known = owners.get(owner);
    return known == null ? 0 : known.processId;
  }

  private static String mode(RelationLock mode) {
    StringBuilder name = new StringBuilder();
    for (String word : mode.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.append("Lock").toString();
  }

  private static String advisoryMode(RowLock mode) {
    return mode == RowLock.SHARE ? "ShareLock" : "ExclusiveLock";
  }

  /// What PostgreSQL locks a row's place with while it waits for that row lock.
  private static String tupleMode(RowLock mode) {
    return switch (mode) {
      case KEY_SHARE -> "AccessShareLock";
      case SHARE -> "RowShareLock";
      case NO_KEY_UPDATE -> "ExclusiveLock";
      case UPDATE -> "AccessExclusiveLock";
    };
  }

  /// The detail of a deadlock's error.
  String deadlock(List<Wanted.Wait> circle, Catalog catalog) {
    StringBuilder detail = new StringBuilder();
    for (int i = 0; i < circle.size(); i++) {
      Wanted.Wait wait = circle.get(i);
      long next = circle.get((i + 1) % circle.size()).txn();
      detail
          .append(i == 0 ? "" : "\n")
          .append("Process ")
          .append(processId(wait.txn()))
          .append(" waits for ")
          .append(described(wait.wanted(), next, catalog))
          .append("; blocked by process ")
          .append(processId(next))
          .append('.');
    }
    return detail.toString();
  }

  private static String described(Wanted wanted, long next, Catalog catalog) {
    if (!wanted.isRow()) {
      String where = "";
      for (TableDescriptor table : catalog.all(TableDescriptor.class)) {
        int oid = oidOf(table, wanted.relationId());
        if (oid != 0) {
          where = oid + " of database " + table.databaseOid();
        }
      }
      return mode(wanted.relationMode()) + " on relation " + where;
    }
    if (wanted.relationId() == SessionLocks.RELATION) {
      SessionLocks.Name name = SessionLocks.Name.of(wanted.key());
      return advisoryMode(wanted.rowMode())
          + " on advisory lock ["
          + name.database()
          + ","
          + Integer.toUnsignedString(name.high())
          + ","
          + Integer.toUnsignedString(name.low())
          + ","
          + name.space()
          + "]";
    }
    return "ShareLock on transaction " + next;
  }

  /// The oid of the table or of its index that has this key prefix, or 0.
  private static int oidOf(TableDescriptor table, int relationId) {
    if (table.relationId() == relationId) {
      return table.oid();
    }
    for (IndexDescriptor index : table.indexes()) {
      if (index.relationId() == relationId) {
        return index.oid();
      }
    }
    return 0;
  }
}
