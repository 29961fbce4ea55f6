package io.trencadis.sql.system;

import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Walks up and down between partitioned tables and their partitions. Both functions return sets.
final class Partitions {
  private static final PgType[] TREE_TYPES = {
    Types.REGCLASS, Types.REGCLASS, Types.BOOL, Types.INT4
  };

  private Partitions() {}

  /// The table and the tables above it, the topmost last; none for what takes no part in
  /// partitioning.
  static List<Long> ancestors(Reading reading, int oid) {
    List<Long> chain = new ArrayList<>();
    TableDescriptor table = reading.catalog().table(oid);
    if (table == null || (table.parentOid() == 0 && !table.isPartitioned())) {
      return chain;
    }
    for (; table != null; table = reading.catalog().table(table.parentOid())) {
      chain.add(table.oid() & 0xffff_ffffL);
    }
    return chain;
  }

  /// The table and all below it: oid, parent, whether it has none below, and how deep it is.
  static List<SqlRow> tree(Reading reading, int oid) {
    List<SqlRow> rows = new ArrayList<>();
    if (!ancestors(reading, oid).isEmpty()) {
      List<TableDescriptor> level = List.of(reading.catalog().table(oid));
      for (int depth = 0; !level.isEmpty(); depth++) {
        List<TableDescriptor> next = new ArrayList<>();
        for (TableDescriptor table : level) {
          Long parent = table.parentOid() == 0 ? null : (Long) (table.parentOid() & 0xffff_ffffL);
          rows.add(
              new SqlRow(
                  TREE_TYPES,
                  new Object[] {
                    table.oid() & 0xffff_ffffL, parent, !table.isPartitioned(), depth
                  }));
          next.addAll(reading.catalog().partitionsOf(table.oid()));
        }
        level = next;
      }
    }
    return rows;
  }
}
