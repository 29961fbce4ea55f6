package io.trencadis.sql.planning;

import io.trencadis.sql.execute.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// Comparisons of rows, such as `(a, b) < (1, 2)`, as bounds of keys. They stand in a condition as
/// `a < 1 OR (a = 1 AND b < 2)`. A bound leaves nulls behind the first column to the condition,
/// which is checked again.
final class RowBounds {
  private RowBounds() {}

  /// The bound that a comparison of rows is: of its first column, and of more where a key has them.
  static Optional<Sarg> of(RexNode conjunct) {
    List<Sarg> columns = new ArrayList<>();
    return collect(conjunct, columns) && columns.size() > 1
        ? Optional.of(bound(columns, conjunct, columns.size()))
        : Optional.empty();
  }

  private static Sarg bound(List<Sarg> columns, RexNode conjunct, int count) {
    Sarg first = columns.getFirst();
    Sarg last = columns.get(count - 1);
    boolean whole = count == columns.size();
    return new Sarg(
        first.place(),
        whole ? last.kind() : Sarg.inclusive(last.kind()),
        first.value(),
        conjunct,
        false,
        columns.subList(1, count));
  }

  /// A bound of a key, from one of its columns on: as much of a comparison of rows as the key has
  /// in its order.
  static Sarg fitting(Sarg bound, KeyCodec key, int part) {
    if (bound == null || bound.more().isEmpty()) {
      return bound;
    }
    int count = 0;
    while (count < bound.more().size()
        && part + count + 1 < key.width()
        && key.columns()[part + count + 1] == bound.more().get(count).place()
        && key.descending(part + count + 1) == key.descending(part)) {
      count++;
    }
    return count == bound.more().size()
        ? bound
        : new Sarg(
            bound.place(),
            Sarg.inclusive(bound.kind()),
            bound.value(),
            bound.conjunct(),
            false,
            bound.more().subList(0, count));
  }

  /// Adds the comparisons of single columns that a comparison of rows consists of, each of which
  /// decides where those before it are equal.
  ///
  /// @return false where it is none
  private static boolean collect(RexNode node, List<Sarg> columns) {
    if (node.getKind() != SqlKind.OR) {
      Sarg last = Sarg.of(node).orElse(null);
      if (last == null || last.kind() == Sarg.Kind.EQUAL || !fits(last, columns)) {
        return false;
      }
      columns.add(last);
      return true;
    }
    List<RexNode> sides = ((RexCall) node).getOperands();
    if (sides.size() != 2 || sides.get(1).getKind() != SqlKind.AND) {
      return false;
    }
    Sarg strict = Sarg.of(sides.get(0)).orElse(null);
    List<RexNode> both = RelOptUtil.conjunctions(sides.get(1));
    Sarg equal = both.size() == 2 ? Sarg.of(both.get(0)).orElse(null) : null;
    if (strict == null
        || equal == null
        || strict.kind() == Sarg.Kind.EQUAL
        || equal.kind() != Sarg.Kind.EQUAL
        || !strict.exact()
        || !equal.exact()
        || strict.place() != equal.place()
        || !strict.value().equals(equal.value())
        || !fits(strict, columns)) {
      return false;
    }
    columns.add(strict);
    return collect(both.get(1), columns);
  }

  private static boolean fits(Sarg next, List<Sarg> columns) {
    return columns.isEmpty()
        || next.exact() && next.kind().isLower() == columns.getFirst().kind().isLower();
  }
}
