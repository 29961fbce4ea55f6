package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.qnames;
import static io.trencadis.sql.parser.Nodes.text;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import java.util.List;

/// CREATE TABLE, CREATE TABLE AS and CREATE VIEW.
final class TableBuilder {
  private TableBuilder() {}

  static Statement createTable(PgParser.CreateTableContext c) {
    boolean partition = c.K_PARTITION() != null;
    Statement.PartitionOf partitionOf =
        partition
            ? new Statement.PartitionOf(
                qname(c.qname(1)), IndexBuilder.bound(c.partitionBound()), pos(c.partitionBound()))
            : null;
    QualifiedName ofType = !partition && c.K_OF() != null ? qname(c.qname(1)) : null;
    List<TableElement> elements =
        c.typedElement().isEmpty()
            ? c.tableElement().stream().map(TableBuilder::element).toList()
            : c.typedElement().stream().map(TableBuilder::typedElement).toList();
    return new Statement.CreateTable(
        qname(c.qname(0)),
        c.ifNotExists() != null,
        persistence(c.persistence()),
        elements,
        qnames(c.qnameList()),
        c.partitionBy() == null ? null : IndexBuilder.partitionBy(c.partitionBy()),
        partitionOf,
        ofType,
        IndexBuilder.options(c.withOptions()),
        onCommit(c.onCommit()),
        tablespace(c.tablespace()),
        c.colId() == null ? null : name(c.colId()),
        pos(c));
  }

  static Statement.Persistence persistence(PgParser.PersistenceContext c) {
    return c == null
        ? Statement.Persistence.PERMANENT
        : c.K_UNLOGGED() != null ? Statement.Persistence.UNLOGGED : Statement.Persistence.TEMPORARY;
  }

  private static String tablespace(PgParser.TablespaceContext c) {
    return c == null ? null : name(c.colId());
  }

  private static Statement.OnCommit onCommit(PgParser.OnCommitContext c) {
    return c == null
        ? Statement.OnCommit.NOOP
        : c.K_DROP() != null
            ? Statement.OnCommit.DROP
            : c.K_DELETE() != null
                ? Statement.OnCommit.DELETE_ROWS
                : Statement.OnCommit.PRESERVE_ROWS;
  }

  private static TableElement element(PgParser.TableElementContext c) {
    if (c.columnDef() != null) {
      return column(c.columnDef());
    }
    if (c.tableConstraint() != null) {
      return ConstraintBuilder.table(c.tableConstraint());
    }
    List<TableElement.LikeOption> options =
        c.likeOption().stream()
            .map(
                o -> new TableElement.LikeOption(Nodes.value(o.getStop()), o.K_INCLUDING() != null))
            .toList();
    return new TableElement.LikeClause(qname(c.qname()), options, pos(c));
  }

  private static TableElement typedElement(PgParser.TypedElementContext c) {
    if (c.tableConstraint() != null) {
      return ConstraintBuilder.table(c.tableConstraint());
    }
    return new TableElement.ColumnDef(
        name(c.colId()),
        null,
        ConstraintBuilder.collation(c.columnConstraint()),
        ConstraintBuilder.columns(c.columnConstraint()),
        pos(c));
  }

  static TableElement.ColumnDef column(PgParser.ColumnDefContext c) {
    return new TableElement.ColumnDef(
        name(c.colId(0)),
        TypeBuilder.type(c.typeName()),
        ConstraintBuilder.collation(c.columnConstraint()),
        ConstraintBuilder.columns(c.columnConstraint()),
        pos(c));
  }

  // ---------------------------------------------------------------- tables and views from queries

  static Statement createAs(PgParser.CreateTableAsContext c) {
    if (c.kind.getType() == PgParser.K_MATERIALIZED) {
      return new Statement.Unsupported("CREATE MATERIALIZED VIEW", pos(c));
    }
    PgParser.CreateAsTargetContext target = c.createAsTarget();
    boolean withData = c.withData() == null || c.withData().K_NO() == null;
    Statement.Persistence persistence = persistence(c.persistence());
    if (c.executeStmt() != null) {
      Statement.CreateTableAsTarget into =
          new Statement.CreateTableAsTarget(
              qname(target.qname()),
              c.ifNotExists() != null,
              persistence,
              names(target.nameList()));
      return new Statement.CreateTableAsExecute(
          into, SessionBuilder.execute(c.executeStmt()), withData, pos(c));
    }
    return new Statement.CreateTableAs(
        qname(target.qname()),
        c.ifNotExists() != null,
        persistence,
        names(target.nameList()),
        IndexBuilder.options(target.withOptions()),
        onCommit(target.onCommit()),
        QueryBuilder.subquery(c.query()),
        withData,
        pos(c));
  }

  /// `SELECT … INTO name` is CREATE TABLE AS in another order.
  static Statement selectInto(PgParser.IntoClauseContext into, Query query, int pos) {
    Statement.Persistence persistence =
        has(into, PgParser.K_UNLOGGED)
            ? Statement.Persistence.UNLOGGED
            : has(into, PgParser.K_TEMP) || has(into, PgParser.K_TEMPORARY)
                ? Statement.Persistence.TEMPORARY
                : Statement.Persistence.PERMANENT;
    return new Statement.CreateTableAs(
        qname(into.qname()),
        false,
        persistence,
        List.of(),
        List.of(),
        Statement.OnCommit.NOOP,
        query,
        true,
        pos);
  }

  static Statement createView(PgParser.CreateViewContext c) {
    Statement.CheckOption check =
        c.K_CHECK() == null
            ? Statement.CheckOption.NONE
            : c.K_LOCAL().stream().anyMatch(l -> pos(l) > pos(c.query()))
                ? Statement.CheckOption.LOCAL
                : Statement.CheckOption.CASCADED;
    return new Statement.CreateView(
        qname(c.qname()),
        c.K_REPLACE() != null,
        c.K_TEMP() != null || c.K_TEMPORARY() != null,
        c.K_RECURSIVE() != null,
        names(c.nameList()),
        IndexBuilder.options(c.storageOptions()),
        viewQuery(c.query()),
        text(c.query()),
        check,
        pos(c));
  }

  private static Query viewQuery(PgParser.QueryContext c) {
    if (QueryBuilder.into(c) != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "views must not contain SELECT INTO");
    }
    return QueryBuilder.query(c);
  }
}
