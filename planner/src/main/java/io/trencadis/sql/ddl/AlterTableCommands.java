package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// ALTER TABLE, and the parts of it that views, sequences and indexes share.
final class AlterTableCommands {
  private final DdlContext cx;
  private final OwnerCommands owners;
  private final TableLocks locks;
  private final IndexCommands indexes;
  private final DropCommands drops;
  private final ForeignKeyCommands foreignKeys;
  private final TableShape shape;
  private final ConstraintCommands constraints;
  private final ColumnCommands columns;
  private final ColumnTypeCommands columnTypes;

  AlterTableCommands(
      DdlContext cx,
      TableLocks locks,
      IndexCommands indexes,
      DropCommands drops,
      ForeignKeyCommands foreignKeys,
      OwnerCommands owners) {
    this.owners = owners;
    this.foreignKeys = foreignKeys;
    this.cx = cx;
    this.locks = locks;
    this.indexes = indexes;
    this.drops = drops;
    shape = new TableShape(cx);
    constraints = new ConstraintCommands(cx, indexes, drops, foreignKeys, shape);
    columns = new ColumnCommands(cx, drops, foreignKeys, shape, constraints);
    columnTypes = new ColumnTypeCommands(cx, foreignKeys, shape, indexes);
  }

  void alter(Statement.AlterTable alter) {
    Descriptor found = cx.names().findRelation(alter.name());
    if (found == null) {
      TableDescriptor owner = cx.names().tableOfIndex(alter.name());
      if (owner != null && alter.actions().getFirst() instanceof AlterAction.RenameTable rename) {
        shape.renameIndex(owner, alter.name().name(), rename.newName());
        return;
      }
      if (owner != null && alterIndex(owner, alter)) {
        return;
      }
      if (owner != null && alter.actions().getFirst() instanceof AlterAction.AttachPartition part) {
        new PartitionIndexes(cx).attach(alter.name(), part.partition());
        return;
      }
      if (cx.names().findSystemView(alter.name()) != null) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "permission denied: \"" + alter.name().name() + "\" is a system catalog");
      }
      if (alter.ifExists()) {
        cx.notice(Notice.notice("relation \"" + alter.name() + "\" does not exist, skipping"));
        return;
      }
      throw Names.undefined(alter.name());
    }
    if (found instanceof SequenceDescriptor sequence) {
      alterSequence(sequence, alter);
      return;
    }
    TableDescriptor table = (TableDescriptor) found;
    if (table.isView()) {
      alter.actions().forEach(action -> requireForViews(table, action));
    }
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, alter.only());
    List<AlterAction> inOrder = new ArrayList<>(alter.actions());
    inOrder.sort(Comparator.comparingInt(AlterTableCommands::pass));
    for (AlterAction action : inOrder) {
      TableDescriptor current = cx.catalog().table(table.oid());
      PartitionColumns.require(cx.catalog(), current, action, alter.only());
      apply(current, action, alter.only());
    }
  }

  /// Applies what indexes take of the actions of tables, beside a new name.
  ///
  /// @return whether the first action is one of these
  private boolean alterIndex(TableDescriptor owner, Statement.AlterTable alter) {
    for (AlterAction action : alter.actions()) {
      switch (action) {
        case AlterAction.SetOptions _, AlterAction.ResetOptions _ ->
            shape.changeIndex(
                cx.catalog().table(owner.oid()),
                alter.name().name(),
                index -> IndexOptions.changed(index, action));
        case AlterAction.SetTablespace set -> requireTablespace(set.tablespace());
        case AlterAction.SetStatistics _ -> {
          // Accepted: expressions of indexes have no statistics of their own.
        }
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  /// There is one tablespace for what users make.
  private static void requireTablespace(String name) {
    if (name.equals("pg_global")) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "only shared relations can be placed in pg_global tablespace");
    }
    if (!name.equals("pg_default")) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "tablespace \"" + name + "\" does not exist");
    }
  }

  /// Which turn an action has among those of one statement, however they were written: what is
  /// dropped goes first, so that what is added and changed need not agree with it.
  private static int pass(AlterAction action) {
    return switch (action) {
      case AlterAction.DropColumn _,
          AlterAction.DropConstraint _,
          AlterAction.DropNotNull _,
          AlterAction.DropDefault _,
          AlterAction.DropExpression _,
          AlterAction.DropIdentity _ ->
          0;
      case AlterAction.AlterColumnType _ -> 1;
      case AlterAction.AddColumn _ -> 2;
      case AlterAction.SetNotNull _ -> 3;
      case AlterAction.AddConstraint add ->
          switch (add.constraint()) {
            case TableElement.TableConstraint.PrimaryKey _,
                TableElement.TableConstraint.Unique _,
                TableElement.TableConstraint.Exclude _ ->
                4;
            case TableElement.TableConstraint.Check _, TableElement.TableConstraint.ForeignKey _ ->
                5;
          };
      case AlterAction.SetDefault _, AlterAction.AddIdentity _ -> 5;
      default -> 6;
    };
  }

  /// Fails for what only tables have.
  private static void requireForViews(TableDescriptor view, AlterAction action) {
    String name =
        switch (action) {
          case AlterAction.AddColumn _ -> "ADD COLUMN";
          case AlterAction.DropColumn _ -> "DROP COLUMN";
          case AlterAction.SetNotNull _ -> "ALTER COLUMN ... SET NOT NULL";
          case AlterAction.DropNotNull _ -> "ALTER COLUMN ... DROP NOT NULL";
          case AlterAction.DropExpression _ -> "ALTER COLUMN ... DROP EXPRESSION";
          case AlterAction.AlterColumnType _ -> "ALTER COLUMN ... SET DATA TYPE";
          case AlterAction.AddConstraint _ -> "ADD CONSTRAINT";
          case AlterAction.AlterConstraint _ -> "ALTER CONSTRAINT";
          case AlterAction.DropConstraint _ -> "DROP CONSTRAINT";
          case AlterAction.ValidateConstraint _ -> "VALIDATE CONSTRAINT";
          case AlterAction.Inherit inherit -> inherit.remove() ? "NO INHERIT" : "INHERIT";
          case AlterAction.AttachPartition _ -> "ATTACH PARTITION";
          case AlterAction.DetachPartition _ -> "DETACH PARTITION";
          case AlterAction.SplitPartition _ -> "SPLIT PARTITION";
          case AlterAction.MovePartition _ -> "MOVE PARTITION";
          default -> null;
        };
    if (name != null) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "ALTER action " + name + " cannot be performed on relation \"" + view.name() + "\"")
          .detail("This operation is not supported for views.");
    }
  }

  private void alterSequence(SequenceDescriptor sequence, Statement.AlterTable alter) {
    for (AlterAction action : alter.actions()) {
      switch (action) {
        case AlterAction.RenameTable rename ->
            cx.put(sequence.withName(sequence.schemaOid(), rename.newName()));
        case AlterAction.SetSchema schema ->
            cx.put(
                sequence.withName(
                    cx.names().schema(schema.schema(), schema.pos()).oid(), sequence.name()));
        case AlterAction.OwnerTo owner -> owners.alter(sequence, owner.role());
        default ->
            throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE, "\"" + sequence.name() + "\" is not a table");
      }
    }
  }

  /// @param only whether children stay as they are
  private void apply(TableDescriptor table, AlterAction action, boolean only) {
    if (ViewOptions.apply(cx, table, action)) {
      return;
    }
    switch (action) {
      case AlterAction.AddColumn add -> columns.add(table, add, only, false);
      case AlterAction.DropColumn drop -> columns.drop(table, drop, only, false);
      case AlterAction.AlterColumnType change -> columnTypes.change(table, change, only);
      case AlterAction.SetDefault set -> columns.setDefault(table, set, only);
      case AlterAction.DropDefault drop -> columns.dropDefault(table, drop, only);
      case AlterAction.DropExpression drop -> columns.dropExpression(table, drop, only, false);
      case AlterAction.SetNotNull set -> columns.setNotNull(table, set, only);
      case AlterAction.DropNotNull drop -> columns.dropNotNull(table, drop, only);
      case AlterAction.Inherit inherit -> new Inheritance(cx).alter(table, inherit);
      case AlterAction.AddConstraint add -> constraints.add(table, add, only);
      case AlterAction.AddIdentity add ->
          new IdentityCommands(cx).add(table, ColumnCommands.require(table, add.column()), add);
      case AlterAction.SetIdentity set ->
          new IdentityCommands(cx).set(table, ColumnCommands.require(table, set.column()), set);
      case AlterAction.DropIdentity drop ->
          new IdentityCommands(cx).drop(table, ColumnCommands.require(table, drop.column()), drop);
      case AlterAction.DropConstraint drop -> constraints.drop(table, drop, only, false);
      case AlterAction.RenameTable rename -> {
        ObjectNames.requireFree(cx.catalog(), table.schemaOid(), rename.newName());
        shape.put(table, table.change().name(table.schemaOid(), rename.newName()));
      }
      case AlterAction.RenameColumn rename -> columns.rename(table, rename, only);
      case AlterAction.RenameConstraint rename -> constraints.rename(table, rename, only);
      case AlterAction.SetSchema set -> {
        var schema = cx.names().schema(set.schema(), set.pos());
        if (cx.catalog().relationNameTaken(schema.oid(), table.name())) {
          throw new SqlException(
              SqlState.DUPLICATE_TABLE,
              "relation \""
                  + table.name()
                  + "\" already exists in schema \""
                  + schema.name()
                  + "\"");
        }
        shape.put(table, table.change().name(schema.oid(), table.name()));
        for (SequenceDescriptor own : cx.catalog().sequencesOf(table)) {
          ObjectNames.requireFree(cx.catalog(), schema.oid(), own.name());
          cx.put(own.withName(schema.oid(), own.name()));
        }
      }
      case AlterAction.OwnerTo owner -> owners.alter(table, owner.role());
      case AlterAction.AttachPartition attach -> attach(table, attach);
      case AlterAction.SplitPartition split ->
          new PlacementChanges(cx, shape, locks).split(table, split);
      case AlterAction.MovePartition move ->
          new PlacementChanges(cx, shape, locks).move(table, move);
      case AlterAction.DetachPartition detach -> {
        TableDescriptor partition = cx.names().table(detach.partition());
        if (partition.parentOid() != table.oid()) {
          throw new SqlException(
              SqlState.UNDEFINED_TABLE,
              "relation \""
                  + partition.name()
                  + "\" is not a partition of relation \""
                  + table.name()
                  + "\"");
        }
        if (detach.concurrently()
            && cx.catalog().partitionsOf(table.oid()).stream()
                .anyMatch(each -> each.bound() instanceof PartitionBound.Default)) {
          throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "cannot detach partitions concurrently when a default partition exists");
        }
        shape.put(partition, PartitionColumns.detached(cx, partition));
        foreignKeys.leaves(partition, shape.put(table, table.change()));
      }
      case AlterAction.SetStatistics _,
          AlterAction.SetStorage _,
          AlterAction.SetCompression _,
          AlterAction.SetColumnOptions _,
          AlterAction.SetLogged _,
          AlterAction.ReplicaIdentity _ -> {
        requireColumn(table, action);
        // Accepted: these tune what this server does otherwise.
      }
      case AlterAction.SetOptions _, AlterAction.ResetOptions _ -> {
        AlterAction rest = new PlacementOptions(cx, shape).apply(table, action);
        TableDescriptor placed = cx.catalog().table(table.oid());
        shape.put(placed, placed.change().options(TableOptions.changed(placed.options(), rest)));
      }
      case AlterAction.SetTablespace set -> requireTablespace(set.tablespace());
      case AlterAction.SetAccessMethod set -> {
        if (!set.method().equals("heap")) {
          throw new SqlException(
              SqlState.UNDEFINED_OBJECT, "access method \"" + set.method() + "\" does not exist");
        }
      }
      case AlterAction.ValidateConstraint validate -> {
        if (!foreignKeys.validate(table, validate.name())) {
          constraints.validate(table, validate.name(), only);
        }
      }
      case AlterAction.AlterConstraint alter -> constraints.alter(table, alter);
      case AlterAction.AddConstraintUsingIndex add ->
          new ConstraintFromIndex(cx, constraints, drops, shape).add(table, add);
      case AlterAction.ClusterOn cluster -> requireIndex(table, cluster);
      case AlterAction.EnableTrigger enable -> new TriggerCommands(cx, locks).enable(table, enable);
      case AlterAction.Unsupported unsupported ->
          throw SqlException.notSupported("ALTER TABLE ... " + unsupported.what())
              .at(unsupported.pos());
      default ->
          throw SqlException.notSupported("ALTER TABLE ... " + action.getClass().getSimpleName())
              .at(action.pos());
    }
  }

  TableLocks locks() {
    return locks;
  }

  void dropColumn(TableDescriptor table, AlterAction.DropColumn drop) {
    columns.drop(table, drop, false, false);
  }

  /// Fails where a column that is to be tuned is not there.
  private static void requireColumn(TableDescriptor table, AlterAction action) {
    switch (action) {
      case AlterAction.SetStatistics set when set.column() != null ->
          ColumnCommands.require(table, set.column());
      case AlterAction.SetStorage set -> ColumnCommands.require(table, set.column());
      case AlterAction.SetCompression set -> ColumnCommands.require(table, set.column());
      case AlterAction.SetColumnOptions set -> ColumnCommands.require(table, set.column());
      default -> {
        // Of the whole table.
      }
    }
  }

  /// Rows lie in the order of the primary key, whatever is said of an index.
  private static void requireIndex(TableDescriptor table, AlterAction.ClusterOn cluster) {
    if (table.isPartitioned()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot mark index clustered in partitioned table");
    }
    if (cluster.index() != null
        && table.indexes().stream().noneMatch(each -> each.name().equals(cluster.index()))) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "index \"" + cluster.index() + "\" for table \"" + table.name() + "\" does not exist");
    }
  }

  /// Fails where a table cannot become a partition, whatever its columns.
  private void requireAlone(TableDescriptor table, TableDescriptor partition) {
    String fault = null;
    if (!partition.inherits().isEmpty()) {
      fault = "cannot attach inheritance child as partition";
    } else if (!partition.isPartitioned() && !cx.catalog().childrenOf(partition.oid()).isEmpty()) {
      fault = "cannot attach inheritance parent as partition";
    }
    for (TableDescriptor at = table;
        fault == null && at != null;
        at = cx.catalog().table(at.parentOid())) {
      if (at.oid() == partition.oid()) {
        throw new SqlException(SqlState.DUPLICATE_TABLE, "circular inheritance not allowed")
            .detail("\"" + table.name() + "\" is already a child of \"" + partition.name() + "\".");
      }
    }
    if (fault != null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, fault);
    }
    TableCommands.requireLikePermanence(
        "attach",
        ObjectNames.isTemporary(cx, table.schemaOid()),
        table.name(),
        ObjectNames.isTemporary(cx, partition.schemaOid()));
  }

  private void attach(TableDescriptor table, AlterAction.AttachPartition attach) {
    TableDescriptor partition = cx.names().table(attach.partition());
    if (!table.isPartitioned()) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "table \"" + table.name() + "\" is not partitioned");
    }
    if (partition.parentOid() != 0) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + partition.name() + "\" is already a partition");
    }
    requireAlone(table, partition);
    PartitionRows rows = new PartitionRows(cx);
    rows.requireNoMore(table, partition);
    var bound = new PartitionBounds(cx).bound(table, attach.bound(), partition.name());
    rows.requireShape(table, partition);
    TableDescriptor attached =
        shape.put(partition, partition.change().partitionOf(table.oid(), bound));
    shape.put(table, table.change());
    rows.requireAtHome(attached);
    for (IndexDescriptor missing : rows.missingIndexes(table, attached)) {
      indexes.copy(
          cx.catalog().table(attached.oid()),
          table,
          missing,
          missing.primary() && missing.deferrable()
              ? "pkey"
              : missing.constraint() ? "key" : "idx");
    }
    foreignKeys.joins(attached);
  }
}
