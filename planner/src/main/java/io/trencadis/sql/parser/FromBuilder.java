package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.ExprBuilder.exprOrNull;
import static io.trencadis.sql.parser.ExprBuilder.exprs;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.qnameOrNull;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TableRef;
import java.util.List;

/// The items of FROM.
final class FromBuilder {
  private FromBuilder() {}

  /// @param c may be null
  static List<TableRef> tables(PgParser.FromClauseContext c) {
    if (c == null) {
      return List.of();
    }
    if (c.asOf() != null
        && !(c.getParent() instanceof PgParser.SelectCoreContext core
            && QueryBuilder.isTop(core))) {
      throw SqlException.notSupported("AS OF SYSTEM TIME anywhere but in a SELECT of its own")
          .at(pos(c.asOf()))
          .hint("It may end a SELECT that is a whole statement, or follow its FROM list.");
    }
    return tables(c.tableRef());
  }

  static List<TableRef> tables(List<PgParser.TableRefContext> list) {
    return list.stream().map(FromBuilder::table).toList();
  }

  static TableRef table(PgParser.TableRefContext c) {
    TableRef left = primary(c.tablePrimary());
    for (PgParser.JoinTailContext tail : c.joinTail()) {
      left = join(left, tail);
    }
    return left;
  }

  private static TableRef join(TableRef left, PgParser.JoinTailContext c) {
    boolean natural = c.K_NATURAL() != null;
    TableRef right = c.tableRef() != null ? table(c.tableRef()) : primary(c.tablePrimary());
    PgParser.JoinQualContext qual = c.joinQual();
    List<String> using = qual == null ? List.of() : names(qual.nameList());
    String usingAlias = qual == null || qual.colId() == null ? null : name(qual.colId());
    Expr on = qual == null ? null : exprOrNull(qual.expr());
    return new TableRef.Join(kind(c), left, right, natural, using, usingAlias, on, null, pos(c));
  }

  private static TableRef.JoinKind kind(PgParser.JoinTailContext c) {
    if (c.K_CROSS() != null) {
      return TableRef.JoinKind.CROSS;
    }
    if (c.joinType() == null) {
      return TableRef.JoinKind.INNER;
    }
    return switch (c.joinType().getStart().getType()) {
      case PgParser.K_LEFT -> TableRef.JoinKind.LEFT;
      case PgParser.K_RIGHT -> TableRef.JoinKind.RIGHT;
      case PgParser.K_FULL -> TableRef.JoinKind.FULL;
      default -> TableRef.JoinKind.INNER;
    };
  }

  /// `name`, `ONLY name` or `name *`, without an alias.
  static TableRef.TableName relation(PgParser.RelationContext c) {
    return new TableRef.TableName(qname(c.qname()), c.K_ONLY() != null, null, null, pos(c));
  }

  private static TableRef primary(PgParser.TablePrimaryContext c) {
    return switch (c) {
      case PgParser.RelationTableContext x ->
          new TableRef.TableName(
              qname(x.relation().qname()),
              x.relation().K_ONLY() != null,
              alias(x.alias()),
              sample(x.sample()),
              pos(x));
      case PgParser.QueryTableContext x -> subquery(x);
      case PgParser.ParenTableContext x -> {
        if (!(table(x.tableRef()) instanceof TableRef.Join j) || !isJoin(x.tableRef())) {
          throw SyntaxErrors.at(x.RPAREN().getSymbol());
        }
        TableRef.Alias alias = alias(x.alias());
        yield alias == null
            ? j
            : new TableRef.Join(
                j.kind(),
                j.left(),
                j.right(),
                j.natural(),
                j.using(),
                j.usingAlias(),
                j.on(),
                alias,
                j.pos());
      }
      case PgParser.FunctionTableContext x ->
          new TableRef.FunctionTable(
              x.K_LATERAL() != null,
              false,
              List.of(
                  new TableRef.RowFunction(function(x.tableFunc()), List.of(), pos(x.tableFunc()))),
              x.K_ORDINALITY() != null,
              alias(x.funcAlias()),
              columns(x.funcAlias() == null ? null : x.funcAlias().columnDefs()),
              pos(x));
      case PgParser.RowsFromTableContext x -> {
        List<TableRef.RowFunction> functions =
            x.rowsFromItem().stream()
                .map(
                    i ->
                        new TableRef.RowFunction(
                            function(i.tableFunc()), columns(i.columnDefs()), pos(i)))
                .toList();
        yield new TableRef.FunctionTable(
            x.K_LATERAL() != null,
            true,
            functions,
            x.K_ORDINALITY() != null,
            alias(x.funcAlias()),
            columns(x.funcAlias() == null ? null : x.funcAlias().columnDefs()),
            pos(x));
      }
      case PgParser.XmlTableContext x -> throw SqlException.notSupported("XMLTABLE").at(pos(x));
      default -> throw new IllegalStateException("no table: " + c.getClass());
    };
  }

  /// Parentheses may stand around a join, or around another pair of them with a join inside.
  private static boolean isJoin(PgParser.TableRefContext c) {
    return !c.joinTail().isEmpty()
        || c.tablePrimary() instanceof PgParser.ParenTableContext p && p.alias() == null;
  }

  static void requireAlias(PgParser.QueryTableContext c) {
    if (c.alias() == null) {
      boolean values = c.query().getStart().getType() == PgParser.K_VALUES;
      throw SyntaxErrors.because(
              (values ? "VALUES in FROM" : "subquery in FROM") + " must have an alias",
              pos(c.LPAREN()))
          .hint("For example, FROM (" + (values ? "VALUES ..." : "SELECT ...") + ") [AS] foo.");
    }
  }

  private static TableRef subquery(PgParser.QueryTableContext c) {
    return new TableRef.SubqueryTable(
        c.K_LATERAL() != null, QueryBuilder.subquery(c.query()), alias(c.alias()), pos(c));
  }

  private static Expr function(PgParser.TableFuncContext c) {
    return c.specialFunc() != null
        ? SpecialFunctions.build(c.specialFunc())
        : PrimaryBuilder.plainCall(ExprBuilder.function(c.funcName()), c.funcArgs());
  }

  private static TableRef.Sample sample(PgParser.SampleContext c) {
    return c == null
        ? null
        : new TableRef.Sample(
            ExprBuilder.function(c.funcName()), exprs(c.exprList()), exprOrNull(c.expr()), pos(c));
  }

  static TableRef.Alias alias(PgParser.AliasContext c) {
    return c == null ? null : new TableRef.Alias(name(c.colId()), names(c.nameList()), pos(c));
  }

  private static TableRef.Alias alias(PgParser.FuncAliasContext c) {
    return c == null || c.colId() == null
        ? null
        : new TableRef.Alias(name(c.colId()), names(c.nameList()), pos(c));
  }

  static List<TableRef.ColumnDefinition> columns(PgParser.ColumnDefsContext c) {
    return c == null ? List.of() : c.columnDefItem().stream().map(FromBuilder::column).toList();
  }

  static TableRef.ColumnDefinition column(PgParser.ColumnDefItemContext c) {
    return new TableRef.ColumnDefinition(
        name(c.colId()), TypeBuilder.type(c.typeName()), qnameOrNull(c.qname()), pos(c));
  }
}
