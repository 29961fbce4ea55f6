package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.CatalogAccess;

/// `trencadis_drain(node, force)`: has a node of the cluster moved out of all groups; and
/// `trencadis_replication_factor(copies)`: has each shard have so many copies. Both are for
/// superusers and return when that has begun; `trencadis_nodes` and `trencadis_shards` show how far
/// it is. PostgreSQL has nothing of the kind.
final class PlacementFunctions {
  private static final int MOST_COPIES = 7;

  private PlacementFunctions() {}

  static String drain(int node, boolean force, CatalogAccess access) {
    if (!access.role().superuser()) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function trencadis_drain")
          .detail("Only superusers may take a node out of the cluster.");
    }
    return access.drain(node, force);
  }

  static String copies(int copies, CatalogAccess access) {
    if (!access.role().superuser()) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "permission denied for function trencadis_replication_factor")
          .detail("Only superusers may change how many copies shards have.");
    }
    if (copies < 1 || copies > MOST_COPIES) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "a shard has 1 to " + MOST_COPIES + " copies, not " + copies);
    }
    return access.copies(copies);
  }
}
