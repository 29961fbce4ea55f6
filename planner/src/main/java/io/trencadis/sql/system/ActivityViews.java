package io.trencadis.sql.system;

import io.trencadis.sharding.PreparedTransactions;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.rights.Roles;
import io.trencadis.sql.session.CatalogAccess;
import io.trencadis.sql.types.Inet;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.GlobalName;
import java.util.Map;

/// What the server's sessions do, and what this session has open.
final class ActivityViews {
  private ActivityViews() {}

  static void register(Registration to) {
    to.current("pg_stat_activity", ActivityViews::activity);
    to.current(
        "pg_stat_ssl",
        (rows, reading) -> {
          for (CatalogAccess.Activity each : reading.access().activity()) {
            rows.add().set("pid", each.processId()).set("ssl", false);
          }
        });
    to.current("pg_prepared_statements", ActivityViews::prepared);
    to.current("pg_prepared_xacts", ActivityViews::preparedTransactions);
    to.current(
        "pg_cursors",
        (rows, reading) -> {
          for (CatalogAccess.CursorInfo cursor : reading.access().cursors()) {
            rows.add()
                .set("name", cursor.name())
                .set("statement", cursor.statement())
                .set("is_holdable", cursor.holdable())
                .set("is_binary", cursor.binary())
                .set("is_scrollable", cursor.scrollable())
                .set("creation_time", cursor.createdMicros());
          }
        });
  }

  private static void activity(Rows rows, Reading reading) {
    Map<Integer, String> locks = LockViews.waits(reading.access());
    Roles roles = reading.rights().roles();
    int user = reading.access().role().oid();
    for (CatalogAccess.Activity each : reading.access().activity()) {
      // Whoever waits to learn whether another has committed is in no lock's queue.
      String lock = locks.getOrDefault(each.processId(), each.waits() ? "transactionid" : null);
      boolean idle = each.state() != null && each.state().startsWith("idle");
      rows.add()
          .set("datid", each.databaseOid())
          .set("datname", each.databaseName())
          .set("pid", each.processId())
          .set("usesysid", each.roleOid())
          .set("usename", each.roleName())
          .set("application_name", each.applicationName());
      if (!roles.has(user, each.roleOid()) && !roles.has(user, PredefinedRoles.READ_ALL_STATS)) {
        rows.set("query", "<insufficient privilege>");
        continue;
      }
      String client = each.clientAddress();
      rows.set("client_addr", client == null ? null : Inet.host(client))
          .set("client_port", each.clientPort())
          .set("backend_start", time(each.backendStartMicros()))
          .set("xact_start", time(each.transactionStartMicros()))
          .set("query_start", time(each.queryStartMicros()))
          .set("state_change", time(each.stateChangeMicros()))
          .set("wait_event_type", lock != null ? "Lock" : idle ? "Client" : null)
          .set("wait_event", lock != null ? lock : idle ? "ClientRead" : null)
          .set("state", each.state())
          .set("query", each.query() == null ? "" : each.query())
          .set("backend_type", "client backend");
    }
  }

  private static Long time(long micros) {
    return micros == 0 ? null : micros;
  }

  private static void prepared(Rows rows, Reading reading) {
    for (CatalogAccess.PreparedInfo each : reading.access().preparedStatements()) {
      Object[] types = new Object[each.parameterTypes().length];
      for (int i = 0; i < types.length; i++) {
        types[i] = each.parameterTypes()[i] & 0xffff_ffffL;
      }
      rows.add()
          .set("name", each.name())
          .set("statement", each.statement())
          .set("prepare_time", each.preparedMicros())
          .set("parameter_types", SqlArray.of(Types.REGTYPE, types))
          .set("from_sql", each.fromSql())
          .set("generic_plans", 0)
          .set("custom_plans", 0);
    }
  }

  private static void preparedTransactions(Rows rows, Reading reading) {
    for (PreparedTransactions.View each : reading.access().preparedTransactions()) {
      GlobalName name = each.name();
      Descriptor owner = reading.catalog().byOid(name.owner());
      Descriptor database = reading.catalog().byOid(name.database());
      rows.add()
          .set("transaction", each.transaction())
          .set("gid", name.gid())
          .set("prepared", name.preparedMicros())
          .set("owner", owner == null ? null : owner.name())
          .set("database", database == null ? null : database.name());
    }
  }
}
