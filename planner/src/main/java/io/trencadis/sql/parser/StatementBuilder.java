package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.pos;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import org.antlr.v4.runtime.tree.ParseTree;

/// Gives each kind of statement to its builder.
final class StatementBuilder {
  private StatementBuilder() {}

  /// A query as a statement; with INTO it creates a table.
  static Statement select(PgParser.QueryContext c) {
    Query query = QueryBuilder.query(c);
    PgParser.IntoClauseContext into = QueryBuilder.into(c);
    return into == null
        ? new Statement.Select(query, null, pos(c))
        : TableBuilder.selectInto(into, query, pos(c));
  }

  /// A query that is a whole statement may read the past.
  private static Statement select(PgParser.QueryContext c, PgParser.AsOfContext atEnd) {
    PgParser.AsOfContext inFrom = QueryBuilder.asOf(c);
    if (inFrom != null && atEnd != null) {
      throw SyntaxErrors.because("multiple AS OF SYSTEM TIME clauses not allowed", pos(atEnd));
    }
    PgParser.AsOfContext asOf = inFrom == null ? atEnd : inFrom;
    Statement statement = select(c);
    if (asOf == null) {
      return statement;
    }
    if (!(statement instanceof Statement.Select select)) {
      throw SqlException.notSupported("SELECT INTO with AS OF SYSTEM TIME").at(pos(asOf));
    }
    return new Statement.Select(select.query(), ExprBuilder.expr(asOf.expr()), select.pos());
  }

  static Statement statement(PgParser.StatementContext c) {
    ParseTree tree = c.getChild(0);
    return switch (tree) {
      case PgParser.QueryContext x -> select(x, c.asOf());
      case PgParser.InsertStmtContext x -> ChangeBuilder.insert(x);
      case PgParser.UpdateStmtContext x -> ChangeBuilder.update(x);
      case PgParser.DeleteStmtContext x -> ChangeBuilder.delete(x);
      case PgParser.CreateTableContext x -> TableBuilder.createTable(x);
      case PgParser.CreateTableAsContext x -> TableBuilder.createAs(x);
      case PgParser.CreateViewContext x -> TableBuilder.createView(x);
      case PgParser.CreateIndexContext x -> IndexBuilder.createIndex(x);
      case PgParser.CreateSequenceContext x -> SequenceBuilder.create(x);
      case PgParser.AlterSequenceContext x -> SequenceBuilder.alter(x);
      case PgParser.CreateSchemaContext x -> ObjectBuilder.createSchema(x);
      case PgParser.CreateDatabaseContext x -> RightsBuilder.createDatabase(x);
      case PgParser.AlterDatabaseContext x -> RightsBuilder.alterDatabase(x);
      case PgParser.CreateRoleContext x -> RightsBuilder.createRole(x);
      case PgParser.AlterRoleContext x -> RightsBuilder.alterRole(x);
      case PgParser.GrantStmtContext x -> RightsBuilder.grant(x);
      case PgParser.DefaultPrivilegesContext x -> RightsBuilder.defaultPrivileges(x);
      case PgParser.AlterSystemContext x -> RightsBuilder.alterSystem(x);
      case PgParser.RefreshStmtContext x ->
          new Statement.Unsupported("REFRESH MATERIALIZED VIEW", pos(x));
      case PgParser.AlterExtensionContext x -> ObjectBuilder.alterExtension(x);
      case PgParser.CreateCollationContext x -> ObjectBuilder.createCollation(x);
      case PgParser.CreateExtensionContext x -> ObjectBuilder.createExtension(x);
      case PgParser.DropSignatureContext x -> SignatureBuilder.drop(x);
      case PgParser.CreateRoutineContext x -> RoutineBuilder.create(x);
      case PgParser.AlterRoutineContext x -> RoutineBuilder.alter(x);
      case PgParser.CallStmtContext x -> RoutineBuilder.call(x);
      case PgParser.DoStmtContext x -> RoutineBuilder.block(x);
      case PgParser.CreateTriggerContext x -> TriggerBuilder.create(x);
      case PgParser.AlterTriggerContext x -> TriggerBuilder.alter(x);
      case PgParser.CreateTypeContext x -> ObjectBuilder.createType(x);
      case PgParser.AlterEnumContext x -> ObjectBuilder.alterEnum(x);
      case PgParser.CreateDomainContext x -> ObjectBuilder.createDomain(x);
      case PgParser.AlterTableContext x -> AlterBuilder.alter(x);
      case PgParser.DropStmtContext x -> ObjectBuilder.drop(x);
      case PgParser.TruncateStmtContext x -> ObjectBuilder.truncate(x);
      case PgParser.CommentStmtContext x -> ObjectBuilder.comment(x);
      case PgParser.CopyStmtContext x -> CopyBuilder.copy(x);
      case PgParser.TransactionStmtContext x -> TransactionBuilder.transaction(x);
      case PgParser.SetStmtContext x -> SettingBuilder.set(x);
      case PgParser.ShowStmtContext x -> SettingBuilder.show(x);
      case PgParser.ResetStmtContext x -> SettingBuilder.reset(x);
      case PgParser.PrepareStmtContext x -> SessionBuilder.prepare(x);
      case PgParser.ExecuteStmtContext x -> SessionBuilder.execute(x);
      case PgParser.DeallocateStmtContext x -> SessionBuilder.deallocate(x);
      case PgParser.DeclareStmtContext x -> SessionBuilder.declare(x);
      case PgParser.FetchStmtContext x -> SessionBuilder.fetch(x);
      case PgParser.CloseStmtContext x ->
          new Statement.ClosePortal(Nodes.nameOrNull(x.colId()), pos(x));
      case PgParser.DiscardStmtContext x -> SessionBuilder.discard(x);
      case PgParser.ExplainStmtContext x -> SessionBuilder.explain(x);
      case PgParser.VacuumStmtContext x -> SessionBuilder.vacuum(x);
      case PgParser.AnalyzeStmtContext x -> SessionBuilder.analyze(x);
      case PgParser.LockStmtContext x -> SessionBuilder.lock(x);
      case PgParser.NotifyStmtContext x -> SessionBuilder.notify(x);
      case PgParser.MaintenanceStmtContext x -> SessionBuilder.maintenance(x);
      case PgParser.MergeStmtContext x -> ChangeBuilder.merge(x);
      default -> throw new IllegalStateException("no statement: " + tree.getClass());
    };
  }
}
