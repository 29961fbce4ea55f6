package io.trencadis.sql.session;

import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.execute.ModifyNode;
import java.util.Locale;

/// What statements are told apart by where they are counted: few enough for a graph.
public enum StatementKind {
  SELECT,
  INSERT,
  UPDATE,
  DELETE,
  MERGE,
  COPY,
  /// BEGIN, COMMIT, ROLLBACK, savepoints, and what prepares a transaction or ends a prepared one.
  TRANSACTION,
  /// What changes the catalog.
  SCHEMA,
  OTHER;

  /// In small letters.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kind of a statement that has run.
  static StatementKind of(PreparedStatement prepared) {
    PreparedPlan plan = prepared.plan();
    if (plan != null) {
      return plan.root() instanceof ModifyNode change
          ? switch (change.kind()) {
            case INSERT -> INSERT;
            case UPDATE -> UPDATE;
            case DELETE -> DELETE;
            case MERGE -> MERGE;
          }
          : SELECT;
    }
    return switch (prepared.statement()) {
      case Statement.Copy _ -> COPY;
      case Statement.Begin _,
          Statement.Commit _,
          Statement.Rollback _,
          Statement.Savepoint _,
          Statement.Release _,
          Statement.RollbackTo _,
          Statement.PrepareTransaction _,
          Statement.CommitPrepared _,
          Statement.RollbackPrepared _ ->
          TRANSACTION;
      case null -> OTHER;
      case Statement other -> byName(other.getClass().getSimpleName());
    };
  }

  /// Statements of the catalog are many, and are named after their first word.
  private static StatementKind byName(String name) {
    boolean schema =
        name.startsWith("Create")
            || name.startsWith("Alter")
            || name.startsWith("Drop")
            || name.startsWith("Grant")
            || name.equals("Truncate")
            || name.equals("Owned")
            || name.equals("Comment");
    return schema && !name.equals("AlterSystem") ? SCHEMA : OTHER;
  }
}
