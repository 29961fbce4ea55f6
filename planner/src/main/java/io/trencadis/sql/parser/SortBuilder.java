package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.pos;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.OperatorName;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.WindowSpec;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// ORDER BY and windows.
final class SortBuilder {
  private SortBuilder() {}

  static List<SortKey> keys(PgParser.SortClauseContext c) {
    return c == null ? List.of() : c.sortKey().stream().map(SortBuilder::key).toList();
  }

  private static SortKey key(PgParser.SortKeyContext c) {
    OperatorName using = c.qualAllOp() == null ? null : ExprBuilder.operator(c.qualAllOp());
    return new SortKey(
        ExprBuilder.expr(c.expr()), direction(c.dir), nulls(c.nulls()), using, pos(c));
  }

  static SortKey.Direction direction(Token token) {
    return token == null
        ? SortKey.Direction.DEFAULT
        : token.getType() == PgParser.K_ASC ? SortKey.Direction.ASC : SortKey.Direction.DESC;
  }

  static SortKey.Nulls nulls(PgParser.NullsContext c) {
    return c == null
        ? SortKey.Nulls.DEFAULT
        : c.K_FIRST() != null ? SortKey.Nulls.FIRST : SortKey.Nulls.LAST;
  }

  /// @param name what a WINDOW clause calls it, or null
  static WindowSpec window(String name, PgParser.WindowSpecContext c) {
    return new WindowSpec(
        name,
        nameOrNull(c.base),
        false,
        ExprBuilder.exprs(c.exprList()),
        keys(c.sortClause()),
        c.frame() == null ? null : frame(c.frame()),
        pos(c));
  }

  static WindowSpec window(PgParser.WindowDefContext c) {
    return window(name(c.colId()), c.windowSpec());
  }

  private static WindowSpec.Frame frame(PgParser.FrameContext c) {
    WindowSpec.FrameUnit unit =
        switch (c.unit.getType()) {
          case PgParser.K_ROWS -> WindowSpec.FrameUnit.ROWS;
          case PgParser.K_RANGE -> WindowSpec.FrameUnit.RANGE;
          default -> WindowSpec.FrameUnit.GROUPS;
        };
    WindowSpec.FrameBound start = bound(c.frameBound(0));
    boolean between = c.frameBound().size() == 2;
    WindowSpec.FrameBound end =
        between
            ? bound(c.frameBound(1))
            : new WindowSpec.FrameBound(WindowSpec.BoundKind.CURRENT_ROW, null, -1);
    check(start, end, between);
    WindowSpec.Exclusion exclusion = WindowSpec.Exclusion.NO_OTHERS;
    PgParser.ExclusionContext e = c.exclusion();
    if (e != null) {
      exclusion =
          e.K_CURRENT() != null
              ? WindowSpec.Exclusion.CURRENT_ROW
              : e.K_GROUP() != null
                  ? WindowSpec.Exclusion.GROUP
                  : e.K_TIES() != null ? WindowSpec.Exclusion.TIES : WindowSpec.Exclusion.NO_OTHERS;
    }
    return new WindowSpec.Frame(unit, start, end, exclusion);
  }

  private static void check(
      WindowSpec.FrameBound start, WindowSpec.FrameBound end, boolean between) {
    WindowSpec.BoundKind from = start.kind();
    WindowSpec.BoundKind to = end.kind();
    String fault = null;
    int pos = start.pos();
    if (from == WindowSpec.BoundKind.UNBOUNDED_FOLLOWING) {
      fault = "frame start cannot be UNBOUNDED FOLLOWING";
    } else if (!between && from == WindowSpec.BoundKind.FOLLOWING) {
      fault = "frame starting from following row cannot end with current row";
    } else if (to == WindowSpec.BoundKind.UNBOUNDED_PRECEDING) {
      fault = "frame end cannot be UNBOUNDED PRECEDING";
      pos = end.pos();
    } else if (from == WindowSpec.BoundKind.CURRENT_ROW && to == WindowSpec.BoundKind.PRECEDING) {
      fault = "frame starting from current row cannot have preceding rows";
      pos = end.pos();
    } else if (from == WindowSpec.BoundKind.FOLLOWING
        && (to == WindowSpec.BoundKind.PRECEDING || to == WindowSpec.BoundKind.CURRENT_ROW)) {
      fault = "frame starting from following row cannot have preceding rows";
      pos = end.pos();
    }
    if (fault != null) {
      throw new SqlException(SqlState.WINDOWING_ERROR, fault).at(pos);
    }
  }

  private static WindowSpec.FrameBound bound(PgParser.FrameBoundContext c) {
    boolean preceding = c.K_PRECEDING() != null;
    Expr offset = null;
    WindowSpec.BoundKind kind;
    if (c.K_UNBOUNDED() != null) {
      kind =
          preceding
              ? WindowSpec.BoundKind.UNBOUNDED_PRECEDING
              : WindowSpec.BoundKind.UNBOUNDED_FOLLOWING;
    } else if (c.K_CURRENT() != null) {
      kind = WindowSpec.BoundKind.CURRENT_ROW;
    } else {
      kind = preceding ? WindowSpec.BoundKind.PRECEDING : WindowSpec.BoundKind.FOLLOWING;
      offset = ExprBuilder.expr(c.expr());
    }
    return new WindowSpec.FrameBound(kind, offset, pos(c));
  }
}
