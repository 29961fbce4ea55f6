package io.trencadis.sql.planning;

import io.trencadis.sql.execute.KeyCodec;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Says where a sort has nothing to do, since its rows are read by a key in that order.
final class KeyOrder {
  private KeyOrder() {}

  /// Whether the rows of `input` come in an order anyway. They do where they are read by one key
  /// from one shard, and the order is that of the key's columns behind those whose value is given.
  static boolean holds(RelNode input, List<RelFieldCollation> order) {
    PhysicalRels.Scan scan = scan(input);
    if (scan == null) {
      return false;
    }
    AccessPaths.Path path = scan.choice().paths().getFirst();
    return path.list() == null
        && path.partitionValues() != null
        && follows(path, columns(input, order), order, false);
  }

  /// The scan of one table below projections; null where there is none, or several leaves.
  static PhysicalRels.Scan scan(RelNode input) {
    RelNode node = input;
    while (node instanceof PhysicalRels.PhysicalProject project) {
      node = project.getInput();
    }
    return node instanceof PhysicalRels.Scan scan
            && !scan.source().table().isPartitioned()
            && scan.choice().paths().size() == 1
        ? scan
        : null;
  }

  /// The columns of the scan below projections that an order goes by; null where one of them is
  /// computed.
  static int[] columns(RelNode input, List<RelFieldCollation> order) {
    int[] columns = order.stream().mapToInt(RelFieldCollation::getFieldIndex).toArray();
    RelNode node = input;
    while (node instanceof PhysicalRels.PhysicalProject project) {
      List<RexNode> projects = project.getProjects();
      for (int i = 0; i < columns.length; i++) {
        if (!(projects.get(columns[i]) instanceof RexInputRef ref)) {
          return null;
        }
        columns[i] = ref.getIndex();
      }
      node = project.getInput();
    }
    return columns;
  }

  /// Whether an order is that of a path's key behind the columns whose value is given.
  ///
  /// @param columns null for none that could be
  /// @param backward whether the key is read against its order
  static boolean follows(
      AccessPaths.Path path, int[] columns, List<RelFieldCollation> order, boolean backward) {
    return columns != null && followed(path, columns, order, backward) == columns.length;
  }

  /// How many of an order's columns, from the first on, a path's key has in that order behind the
  /// columns whose value is given.
  ///
  /// @param columns of the table; -1 for what is none of its columns
  /// @param backward whether the key is read against its order
  static int followed(
      AccessPaths.Path path, int[] columns, List<RelFieldCollation> order, boolean backward) {
    KeyCodec key = path.index() == null ? path.table().key() : path.index().key();
    if (key == null) {
      return 0;
    }
    int part = path.equal().size();
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] < 0 || columns[i] >= path.places().length) {
        return i;
      }
      int place = path.places()[columns[i]];
      boolean decided = part == key.width() && path.index() == null;
      if (decided || isAmong(key.columns(), path.equal().size(), place)) {
        continue;
      }
      RelFieldCollation wanted = order.get(i);
      if (part == key.width()
          || key.columns()[part] != place
          || key.descending(part) != (backward ^ wanted.getDirection().isDescending())
          || key.nullsFirst(part)
              != (backward ^ wanted.nullDirection == RelFieldCollation.NullDirection.FIRST)) {
        return i;
      }
      part++;
    }
    return columns.length;
  }

  private static boolean isAmong(int[] columns, int count, int place) {
    for (int i = 0; i < count; i++) {
      if (columns[i] == place) {
        return true;
      }
    }
    return false;
  }
}
