package io.trencadis.sql.system;

import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.Types;

/// The condition that a partition's rows meet. Printed for hash partitions and for ranges and lists
/// over one column; others would need the expression of every sibling and are left out.
final class PartitionConstraint {
  private PartitionConstraint() {}

  static String text(Reading reading, int oid) {
    TableDescriptor table = reading.catalog().table(oid);
    TableDescriptor parent = table == null ? null : reading.catalog().table(table.parentOid());
    if (parent == null) {
      return null;
    }
    String column = PartitionText.part(reading, parent, 0);
    int type = parent.partitioning().typeOid(0, parent);
    if (table.bound() instanceof PartitionBound.Hash hash) {
      StringBuilder columns = new StringBuilder();
      for (int i = 0; i < parent.partitioning().columns().size(); i++) {
        columns.append(", ").append(PartitionText.part(reading, parent, i));
      }
      return "satisfies_hash_partition('"
          + Integer.toUnsignedString(parent.oid())
          + "'::oid, "
          + hash.modulus()
          + ", "
          + hash.remainder()
          + columns
          + ")";
    }
    if (table.bound() instanceof PartitionBound.Range range && range.lower().size() == 1) {
      return "(("
          + column
          + " IS NOT NULL)"
          + edge(column, " >= ", range.lower().getFirst(), type)
          + edge(column, " < ", range.upper().getFirst(), type)
          + ")";
    }
    if (table.bound() instanceof PartitionBound.ListOf list
        && list.values().size() == 1
        && list.values().getFirst() != null) {
      return "(("
          + column
          + " IS NOT NULL) AND ("
          + column
          + " = "
          + constant(list.values().getFirst(), type)
          + "))";
    }
    return null;
  }

  private static String edge(String column, String operator, PartitionBound.Edge edge, int type) {
    return edge.infinity() != 0
        ? ""
        : " AND (" + column + operator + constant(edge.value(), type) + ")";
  }

  private static String constant(String value, int type) {
    return type == Types.INT4.oid() && !value.startsWith("-")
        ? value
        : "'" + value.replace("'", "''") + "'::" + Types.formatType(type, -1);
  }
}
