package io.trencadis.sql.system;

import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.CatalogAccess;
import io.trencadis.sql.session.LockInfo;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `pg_locks`, and who waits for whom. Rows have no page or place here, so those columns are null;
/// reading takes no lock, so there is none to list.
final class LockViews {
  private LockViews() {}

  private record Place(int oid, int databaseOid) {}

  static void register(Registration to) {
    to.current("pg_locks", LockViews::locks);
  }

  private static void locks(Rows rows, Reading reading) {
    Map<Integer, Place> places = places(reading);
    for (LockInfo lock : reading.access().locks()) {
      Place place = places.get(lock.relationId());
      if (lock.relationId() != 0 && place == null) {
        // Of a relation that this statement does not see yet or that is the server's own.
        continue;
      }
      rows.add()
          .set("locktype", lock.type())
          .set("virtualtransaction", lock.virtualTransaction())
          .set("pid", lock.processId() == 0 ? null : lock.processId())
          .set("mode", lock.mode())
          .set("granted", lock.granted())
          .set("fastpath", false);
      if (place != null) {
        rows.set("database", place.databaseOid).set("relation", place.oid);
      }
      switch (lock.type()) {
        case "transactionid" -> rows.set("transactionid", lock.transactionId());
        case "virtualxid" -> rows.set("virtualxid", lock.virtualTransaction());
        case "advisory" ->
            rows.set("database", lock.databaseOid())
                .set("classid", lock.high())
                .set("objid", lock.low())
                .set("objsubid", lock.space());
        default -> {}
      }
    }
  }

  private static Map<Integer, Place> places(Reading reading) {
    Map<Integer, Place> places = new HashMap<>();
    for (TableDescriptor table : reading.catalog().all(TableDescriptor.class)) {
      for (IndexDescriptor index : table.indexes()) {
        places.put(index.relationId(), new Place(index.oid(), table.databaseOid()));
      }
      if (table.relationId() != 0) {
        // After its indexes: the primary key's is the table itself.
        places.put(table.relationId(), new Place(table.oid(), table.databaseOid()));
      }
    }
    return places;
  }

  /// What each waiting process waits for, as `wait_event` names it.
  static Map<Integer, String> waits(CatalogAccess access) {
    Map<Integer, String> waits = new HashMap<>();
    for (LockInfo lock : access.locks()) {
      if (!lock.granted()) {
        waits.put(lock.processId(), lock.type());
      }
    }
    return waits;
  }

  /// `pg_isolation_test_session_is_blocked`, which PostgreSQL's isolation tester asks with.
  ///
  /// @param by whom it matters to be blocked by
  static boolean isBlocked(int processId, SqlArray by, CatalogAccess access) {
    List<Object> blockers = List.of(blocking(processId, access).elements());
    return Arrays.stream(by.elements()).anyMatch(blockers::contains);
  }

  /// `pg_blocking_pids`.
  static SqlArray blocking(int processId, CatalogAccess access) {
    List<Object> blockers =
        access.locks().stream()
            .filter(lock -> !lock.granted() && lock.processId() == processId)
            .flatMap(lock -> lock.blockers().stream())
            .<Object>map(pid -> pid)
            .distinct()
            .toList();
    return blockers.isEmpty() ? SqlArray.empty(Types.INT4) : SqlArray.of(Types.INT4, blockers);
  }
}
