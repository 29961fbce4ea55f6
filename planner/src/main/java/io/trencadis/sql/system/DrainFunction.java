package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.CatalogAccess;

/// `trencadis_drain(node, force)`: has a node of the cluster moved out of all groups, for
/// superusers. It returns when that has begun; `trencadis_nodes` shows how far it is. PostgreSQL
/// has nothing of the kind.
final class DrainFunction {
  private DrainFunction() {}

  static String call(int node, boolean force, CatalogAccess access) {
    if (!access.role().superuser()) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function trencadis_drain")
          .detail("Only superusers may take a node out of the cluster.");
    }
    return access.drain(node, force);
  }
}
