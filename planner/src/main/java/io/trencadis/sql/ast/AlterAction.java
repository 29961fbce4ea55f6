package io.trencadis.sql.ast;

import io.trencadis.sql.ast.TableElement.ColumnDef;
import io.trencadis.sql.ast.TableElement.Deferral;
import io.trencadis.sql.ast.TableElement.TableConstraint;
import java.util.List;

/// One action of ALTER TABLE (and of ALTER INDEX, VIEW, …, which share them).
public sealed interface AlterAction {
  int pos();

  record AddColumn(ColumnDef column, boolean ifNotExists, int pos) implements AlterAction {}

  /// `ADD ATTRIBUTE` of a composite type.
  record AddAttribute(TableRef.ColumnDefinition column, int pos) implements AlterAction {}

  record DropAttribute(String name, boolean ifExists, int pos) implements AlterAction {}

  /// @param collation null when none was written
  record AlterAttribute(String name, TypeName type, QualifiedName collation, int pos)
      implements AlterAction {}

  record RenameAttribute(String name, String newName, int pos) implements AlterAction {}

  record DropColumn(String name, boolean ifExists, boolean cascade, int pos)
      implements AlterAction {}

  /// @param collation null when none was written
  /// @param using null when none was written
  record AlterColumnType(
      String column, TypeName type, QualifiedName collation, Expr using, String usingText, int pos)
      implements AlterAction {}

  record SetDefault(String column, Expr expr, String text, int pos) implements AlterAction {}

  record DropDefault(String column, int pos) implements AlterAction {}

  record SetNotNull(String column, int pos) implements AlterAction {}

  record DropNotNull(String column, int pos) implements AlterAction {}

  /// `DROP EXPRESSION`: a generated column becomes a plain one.
  record DropExpression(String column, boolean ifExists, int pos) implements AlterAction {}

  /// @param column its name, or for an index its number
  record SetStatistics(String column, long target, int pos) implements AlterAction {}

  record SetStorage(String column, String storage, int pos) implements AlterAction {}

  record SetCompression(String column, String method, int pos) implements AlterAction {}

  /// `ALTER COLUMN c {SET (…)|RESET (…)}`.
  record SetColumnOptions(
      String column, List<Statement.StorageOption> options, boolean reset, int pos)
      implements AlterAction {}

  record AddIdentity(String column, boolean always, Statement.SequenceOptions options, int pos)
      implements AlterAction {}

  /// `SET GENERATED … SET sequence_option … RESTART …`.
  ///
  /// @param always null when SET GENERATED was not written
  record SetIdentity(String column, Boolean always, Statement.SequenceOptions options, int pos)
      implements AlterAction {}

  record DropIdentity(String column, boolean ifExists, int pos) implements AlterAction {}

  record AddConstraint(TableConstraint constraint, boolean notValid, int pos)
      implements AlterAction {}

  /// `ADD CONSTRAINT name {UNIQUE|PRIMARY KEY} USING INDEX index`; `name` may be null.
  record AddConstraintUsingIndex(
      String name, boolean primary, String index, Deferral deferral, int pos)
      implements AlterAction {}

  record AlterConstraint(String name, Deferral deferral, int pos) implements AlterAction {}

  record DropConstraint(String name, boolean ifExists, boolean cascade, int pos)
      implements AlterAction {}

  record ValidateConstraint(String name, int pos) implements AlterAction {}

  /// `CLUSTER ON index`, or `SET WITHOUT CLUSTER` where `index` is null.
  record ClusterOn(String index, int pos) implements AlterAction {}

  /// RENAME TO, of any kind of relation.
  record RenameTable(String newName, int pos) implements AlterAction {}

  record RenameColumn(String column, String newName, int pos) implements AlterAction {}

  record RenameConstraint(String constraint, String newName, int pos) implements AlterAction {}

  record SetSchema(String schema, int pos) implements AlterAction {}

  record SetTablespace(String tablespace, boolean nowait, int pos) implements AlterAction {}

  record OwnerTo(String role, int pos) implements AlterAction {}

  /// `SET (options)`.
  record SetOptions(List<Statement.StorageOption> options, int pos) implements AlterAction {}

  /// `RESET (names)`.
  record ResetOptions(List<Statement.StorageOption> options, int pos) implements AlterAction {}

  record SetLogged(boolean logged, int pos) implements AlterAction {}

  record SetAccessMethod(String method, int pos) implements AlterAction {}

  /// `{INHERIT|NO INHERIT} parent`.
  record Inherit(QualifiedName parent, boolean remove, int pos) implements AlterAction {}

  /// `REPLICA IDENTITY …`; `what` is nothing, full, default, or index with the name of one.
  record ReplicaIdentity(String what, String index, int pos) implements AlterAction {}

  /// @param bound null when an index is attached to another
  record AttachPartition(QualifiedName partition, Statement.PartitionBoundSpec bound, int pos)
      implements AlterAction {}

  /// @param finish FINALIZE
  record DetachPartition(QualifiedName partition, boolean concurrently, boolean finish, int pos)
      implements AlterAction {}

  /// Our `SPLIT PARTITION AT (…)`: the range that has this point is two from now on.
  record SplitPartition(List<Expr> at, int pos) implements AlterAction {}

  /// Our `MOVE PARTITION {n | FOR (…)} TO SHARD s`.
  ///
  /// @param at a point of the range; null where it is named by its number
  /// @param number from 0; null where a point is given
  record MovePartition(List<Expr> at, Integer number, int shard, int pos) implements AlterAction {}

  /// `{ENABLE|DISABLE} TRIGGER`, `CLUSTER ON`, `ROW LEVEL SECURITY`, … named by their leading
  /// words. ENABLE and DISABLE TRIGGER.
  ///
  /// @param name null for all
  /// @param state as in `pg_trigger.tgenabled`
  record EnableTrigger(String name, char state, int pos) implements AlterAction {}

  record Unsupported(String what, int pos) implements AlterAction {}

  /// `REFRESH VERSION` of a collation.
  record RefreshVersion(int pos) implements AlterAction {}
}
