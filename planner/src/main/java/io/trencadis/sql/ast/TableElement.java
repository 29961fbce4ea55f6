package io.trencadis.sql.ast;

import java.util.List;

/// One item between the parentheses of CREATE TABLE. Fields named `text` hold the source text of
/// the expression beside them, which is what the catalog keeps.
public sealed interface TableElement {
  int pos();

  /// @param type null in a table that is a partition, whose column types are its parent's
  /// @param collation null when none was written
  record ColumnDef(
      String name,
      TypeName type,
      QualifiedName collation,
      List<ColumnConstraint> constraints,
      int pos)
      implements TableElement {}

  /// `LIKE source INCLUDING …`.
  ///
  /// @param options in order, each with whether it is INCLUDING; the word is in lower case
  record LikeClause(QualifiedName source, List<LikeOption> options, int pos)
      implements TableElement {}

  record LikeOption(String what, boolean including) {}

  /// What a foreign key does about a row that is still referred to.
  enum ForeignKeyAction {
    NO_ACTION,
    RESTRICT,
    CASCADE,
    SET_NULL,
    SET_DEFAULT
  }

  enum MatchType {
    SIMPLE,
    FULL,
    PARTIAL
  }

  /// DEFERRABLE and INITIALLY DEFERRED.
  record Deferral(boolean deferrable, boolean initiallyDeferred) {
    /// Checked at once, always.
    public static final Deferral NONE = new Deferral(false, false);
  }

  /// What an ON DELETE or ON UPDATE clause says.
  ///
  /// @param columns those of `SET NULL (columns)`; empty means all
  record ForeignKeyRule(ForeignKeyAction action, List<String> columns) {
    /// What holds when nothing is written.
    public static final ForeignKeyRule NONE =
        new ForeignKeyRule(ForeignKeyAction.NO_ACTION, List.of());
  }

  /// The right-hand side of a foreign key.
  ///
  /// @param columns empty means the primary key of the table
  record ForeignKeyTarget(
      QualifiedName table,
      List<String> columns,
      MatchType match,
      ForeignKeyRule onDelete,
      ForeignKeyRule onUpdate) {}

  /// The options of an index that stands behind a constraint.
  ///
  /// @param tablespace null when none was written
  record ConstraintIndex(
      List<String> include, List<Statement.StorageOption> options, String tablespace) {}

  /// A constraint of one column; `name` is null unless CONSTRAINT was written.
  sealed interface ColumnConstraint {
    String name();

    int pos();

    record NotNull(String name, int pos) implements ColumnConstraint {}

    record Null(String name, int pos) implements ColumnConstraint {}

    record DefaultValue(String name, Expr expr, String text, int pos) implements ColumnConstraint {}

    record Check(String name, Expr expr, String text, boolean noInherit, int pos)
        implements ColumnConstraint {}

    record Unique(
        String name, boolean nullsNotDistinct, ConstraintIndex index, Deferral deferral, int pos)
        implements ColumnConstraint {}

    record PrimaryKey(String name, ConstraintIndex index, Deferral deferral, int pos)
        implements ColumnConstraint {}

    record References(String name, ForeignKeyTarget target, Deferral deferral, int pos)
        implements ColumnConstraint {}

    /// `GENERATED {ALWAYS|BY DEFAULT} AS IDENTITY (options)`.
    record Identity(String name, boolean always, Statement.SequenceOptions options, int pos)
        implements ColumnConstraint {}

    /// `GENERATED ALWAYS AS (expr) STORED`.
    record Generated(String name, Expr expr, String text, int pos) implements ColumnConstraint {}
  }

  /// A constraint of the table; `name` is null unless CONSTRAINT was written.
  sealed interface TableConstraint extends TableElement {
    String name();

    record Check(String name, Expr expr, String text, boolean noInherit, int pos)
        implements TableConstraint {}

    record Unique(
        String name,
        List<String> columns,
        boolean nullsNotDistinct,
        ConstraintIndex index,
        Deferral deferral,
        int pos)
        implements TableConstraint {}

    record PrimaryKey(
        String name, List<String> columns, ConstraintIndex index, Deferral deferral, int pos)
        implements TableConstraint {}

    record ForeignKey(
        String name, List<String> columns, ForeignKeyTarget target, Deferral deferral, int pos)
        implements TableConstraint {}

    /// @param method the index method, or null
    /// @param where the predicate, or null
    record Exclude(
        String name,
        String method,
        List<ExcludeElement> elements,
        ConstraintIndex index,
        Expr where,
        String whereText,
        Deferral deferral,
        int pos)
        implements TableConstraint {}
  }

  record ExcludeElement(Statement.IndexElement element, OperatorName operator) {}
}
