package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
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
  }

  void alter(Statement.AlterTable alter) {
    Descriptor found = cx.names().findRelation(alter.name());
    if (found == null) {
      TableDescriptor owner = cx.names().tableOfIndex(alter.name());
      if (owner != null && alter.actions().getFirst() instanceof AlterAction.RenameTable rename) {
        shape.renameIndex(owner, alter.name().name(), rename.newName());
        return;
      }
      if (owner != null && alter.actions().getFirst() instanceof AlterAction.AttachPartition part) {
        new PartitionIndexes(cx).attach(alter.name(), part.partition());
        return;
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
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    for (AlterAction action : alter.actions()) {
      TableDescriptor current = cx.catalog().table(table.oid());
      PartitionColumns.require(cx.catalog(), current, action, alter.only());
      if (action instanceof AlterAction.AddConstraint add) {
        constraints.add(current, add, alter.only());
      } else {
        apply(current, action);
      }
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

  private static Column require(TableDescriptor table, String name) {
    Column column = table.column(name);
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
    }
    return column;
  }

  private void apply(TableDescriptor table, AlterAction action) {
    if (ViewOptions.apply(cx, table, action)) {
      return;
    }
    switch (action) {
      case AlterAction.AddColumn add -> addColumn(table, add);
      case AlterAction.DropColumn drop -> dropColumn(table, drop);
      case AlterAction.AlterColumnType change -> changeType(table, change);
      case AlterAction.SetDefault set -> {
        Column column = require(table, set.column());
        ColumnRules.requirePlain(table, column, null);
        if (column.identity() != ' ') {
          throw IdentityCommands.isIdentity(table, column);
        }
        PgType type = Types.byOid(column.typeOid());
        new Expressions(cx).value(set.expr(), column.name(), type, column.typmod());
        String text =
            Expressions.isNothing(set.expr(), type)
                ? null
                : StoredText.ofExpression(cx.names(), set.text());
        shape.put(table, table.change().column(column.withDefault(text)));
      }
      case AlterAction.DropDefault drop -> {
        Column column = require(table, drop.column());
        ColumnRules.requirePlain(
            table, column, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
        shape.put(table, table.change().column(column.withDefault(null)));
      }
      case AlterAction.DropExpression drop -> dropExpression(table, drop);
      case AlterAction.SetNotNull set -> {
        Column column = require(table, set.column());
        shape.requireNoNulls(table, column);
        setNotNull(table, column.name());
      }
      case AlterAction.DropNotNull drop -> {
        Column column = require(table, drop.column());
        if (table.primaryKey() != null
            && table.primaryKey().parts().stream()
                .anyMatch(part -> part.column() == column.number())) {
          throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "column \"" + column.name() + "\" is in a primary key");
        }
        if (column.identity() != ' ') {
          throw IdentityCommands.isIdentity(table, column);
        }
        shape.put(table, table.change().column(column.withNotNull(false)));
      }
      case AlterAction.AddConstraint add -> constraints.add(table, add, false);
      case AlterAction.AddIdentity add ->
          new IdentityCommands(cx).add(table, require(table, add.column()), add);
      case AlterAction.SetIdentity set ->
          new IdentityCommands(cx).set(table, require(table, set.column()), set);
      case AlterAction.DropIdentity drop ->
          new IdentityCommands(cx).drop(table, require(table, drop.column()), drop);
      case AlterAction.DropConstraint drop -> constraints.drop(table, drop);
      case AlterAction.RenameTable rename -> {
        ObjectNames.requireFree(cx.catalog(), table.schemaOid(), rename.newName());
        shape.put(table, table.change().name(table.schemaOid(), rename.newName()));
      }
      case AlterAction.RenameColumn rename -> renameColumn(table, rename);
      case AlterAction.RenameConstraint rename -> constraints.rename(table, rename);
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
      }
      case AlterAction.OwnerTo owner -> owners.alter(table, owner.role());
      case AlterAction.AttachPartition attach -> attach(table, attach);
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
        shape.put(partition, partition.change().partitionOf(0, null));
        shape.put(table, table.change());
      }
      case AlterAction.SetStatistics _,
          AlterAction.SetStorage _,
          AlterAction.SetCompression _,
          AlterAction.SetColumnOptions _,
          AlterAction.SetOptions _,
          AlterAction.ResetOptions _,
          AlterAction.SetLogged _,
          AlterAction.ReplicaIdentity _ -> {
        // Accepted: these tune what this server does otherwise.
      }
      case AlterAction.ValidateConstraint validate -> {
        if (!foreignKeys.validate(table, validate.name())
            && table.checks().stream().noneMatch(c -> c.name().equals(validate.name()))) {
          throw ConstraintCommands.undefinedConstraint(table, validate.name());
        }
      }
      case AlterAction.AlterConstraint alter -> constraints.alter(table, alter);
      case AlterAction.EnableTrigger enable -> new TriggerCommands(cx, locks).enable(table, enable);
      case AlterAction.Unsupported unsupported ->
          throw SqlException.notSupported("ALTER TABLE ... " + unsupported.what())
              .at(unsupported.pos());
      default ->
          throw SqlException.notSupported("ALTER TABLE ... " + action.getClass().getSimpleName())
              .at(action.pos());
    }
  }

  // ---- columns

  private void dropExpression(TableDescriptor table, AlterAction.DropExpression drop) {
    Column column = require(table, drop.column());
    if (column.generated()) {
      shape.put(table, table.change().column(column.withoutGeneration()));
      return;
    }
    String message =
        "column \""
            + column.name()
            + "\" of relation \""
            + table.name()
            + "\" is not a stored generated column";
    if (!drop.ifExists()) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, message);
    }
    cx.notice(Notice.notice(message + ", skipping"));
  }

  private void addColumn(TableDescriptor table, AlterAction.AddColumn add) {
    TableElement.ColumnDef definition = add.column();
    if (table.column(definition.name()) != null) {
      if (add.ifNotExists()) {
        cx.notice(
            new Notice(
                "NOTICE",
                SqlState.DUPLICATE_COLUMN,
                "column \""
                    + definition.name()
                    + "\" of relation \""
                    + table.name()
                    + "\" already exists, skipping",
                null,
                null));
        return;
      }
      throw new SqlException(
              SqlState.DUPLICATE_COLUMN,
              "column \""
                  + definition.name()
                  + "\" of relation \""
                  + table.name()
                  + "\" already exists")
          .at(definition.pos());
    }
    ColumnAddition addition = ColumnAddition.of(cx, table, definition);
    Column column = addition.column();
    List<Column> columns = new ArrayList<>(table.columns());
    boolean empty = TableLocks.leaves(cx.catalog(), table).stream().allMatch(shape::isEmpty);
    Object constant = null;
    if (addition.value() != null && addition.value().deterministic() && !column.generated()) {
      Expressions expressions = new Expressions(cx);
      constant = expressions.evaluate(addition.value());
      if (constant != null) {
        PgType type = Types.byOid(column.typeOid());
        column = column.withMissing(type.codec().format(constant, TypeContext.DEFAULTS));
      }
    }
    boolean generated = column.generated();
    boolean computed = addition.value() != null && (generated || !addition.value().deterministic());
    if (column.notNull() && constant == null && !computed && !empty) {
      throw ColumnRules.containsNulls(column, table);
    }
    columns.add(column);
    Column added = column;
    addition.sequences().forEach(cx::put);
    TableDescriptor changed = table.change().columns(columns).build();
    boolean rewrites = computed && !empty && !table.isPartitioned();
    if (!rewrites) {
      // Where rows are rewritten the new definition comes with their new place.
      cx.put(changed);
    }
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      apply(partition, add);
    }
    if (rewrites) {
      Expressions expressions = new Expressions(cx);
      Expressions.Compiled value = addition.value();
      changed =
          shape.rewritten(
              table,
              changed,
              row -> {
                Object[] out = java.util.Arrays.copyOf(row, row.length + 1);
                out[row.length] =
                    generated
                        ? value.eval().eval(out, expressions.execution(value))
                        : expressions.evaluate(value);
                ColumnRules.requireNotNull(out[row.length], added, table);
                return out;
              });
    }
    for (TableElement.TableConstraint constraint : addition.constraints()) {
      constraints.add(
          cx.catalog().table(table.oid()),
          new AlterAction.AddConstraint(constraint, false, add.pos()),
          false);
    }
  }

  TableLocks locks() {
    return locks;
  }

  void dropColumn(TableDescriptor named, AlterAction.DropColumn drop) {
    Column column = named.column(drop.name());
    if (column == null) {
      if (drop.ifExists()) {
        cx.notice(
            Notice.notice(
                "column \""
                    + drop.name()
                    + "\" of relation \""
                    + named.name()
                    + "\" does not exist, skipping"));
        return;
      }
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + drop.name() + "\" of relation \"" + named.name() + "\" does not exist");
    }
    dropGeneratedFrom(named, column, drop);
    TableDescriptor table = cx.catalog().table(named.oid());
    boolean placed =
        switch (table.placement()) {
          case null -> table.isPartitioned() && table.partitioning().uses(column.number());
          case PlacementDescriptor.Hash hash -> hash.columns().contains(column.number());
          case PlacementDescriptor.Range range -> range.columns().contains(column.number());
          case PlacementDescriptor.Single _ -> false;
        };
    boolean key =
        table.primaryKey() != null
            && table.primaryKey().parts().stream()
                .anyMatch(part -> part.column() == column.number());
    if (placed && !key) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "cannot drop column \""
              + column.name()
              + "\" because it is part of the partition key of relation \""
              + table.name()
              + "\"");
    }
    foreignKeys.removeReferences(
        table,
        reference -> reference.referenced().contains(column.number()),
        "column " + column.name() + " of table " + table.name(),
        "column " + column.name() + " of table " + table.name(),
        drop.cascade(),
        drops::announceCascade);
    for (ForeignKey own : table.foreignKeys()) {
      if (own.columns().contains(column.number())) {
        foreignKeys.replace(cx.catalog().table(table.oid()), own, null);
      }
    }
    for (IndexDescriptor index : List.copyOf(table.indexes())) {
      if (!index.primary() && index.uses(column.number())) {
        drops.removeIndex(cx.catalog().table(table.oid()), index);
      }
    }
    TableDescriptor now = cx.catalog().table(table.oid());
    if (key) {
      now = shape.withoutPrimaryKey(now);
    }
    List<CheckConstraint> checks = new ArrayList<>(now.checks());
    checks.removeIf(check -> check.columns().contains(column.number()));
    shape.put(now, now.change().column(column.asDropped()).checks(checks));
    for (SequenceDescriptor sequence :
        cx.catalog().all(SequenceDescriptor.class, cx.databaseOid())) {
      if (sequence.ownerTableOid() == table.oid() && sequence.ownerColumn() == column.number()) {
        cx.remove(sequence.oid());
      }
    }
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      dropColumn(partition, drop);
    }
  }

  /// Drops the columns that are computed from one that is to be dropped.
  private void dropGeneratedFrom(
      TableDescriptor table, Column column, AlterAction.DropColumn drop) {
    List<String> dependents = new ArrayList<>();
    String own = "column " + column.name() + " of table " + table.name();
    List<Column> computed = new Expressions(cx).generatedFrom(table, column);
    for (Column from : computed) {
      dependents.add("column " + from.name() + " of table " + table.name() + " depends on " + own);
    }
    if (!computed.isEmpty() && !drop.cascade()) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop " + own + " because other objects depend on it")
          .detail(String.join("\n", dependents))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    drops.announceCascade(dependents);
    for (Column from : computed) {
      dropColumn(
          cx.catalog().table(table.oid()),
          new AlterAction.DropColumn(from.name(), false, true, drop.pos()));
    }
  }

  /// Here and in partitions.
  private void setNotNull(TableDescriptor table, String name) {
    shape.put(table, table.change().column(require(table, name).withNotNull(true)));
    cx.catalog().partitionsOf(table.oid()).forEach(each -> setNotNull(each, name));
  }

  private void changeType(TableDescriptor table, AlterAction.AlterColumnType change) {
    Column column = require(table, change.column());
    CompositeCommands.requireUnstored(cx, table);
    Names.TypeReference type = cx.names().type(change.type());
    DdlRights.requireUsage(cx, type.type());
    boolean placed = table.isPartitioned() && table.partitioning().uses(column.number());
    List<Column> computed = new Expressions(cx).generatedFrom(table, column);
    if (!computed.isEmpty()) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot alter type of a column used by a generated column")
          .detail(
              "Column \""
                  + column.name()
                  + "\" is used by generated column \""
                  + computed.getFirst().name()
                  + "\".");
    }
    if (change.using() == null && !placed && ColumnRules.widens(column, type)) {
      widen(table, column, type.typmod());
      return;
    }
    if (placed) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "cannot alter column \""
              + column.name()
              + "\" because it is part of the partition key of relation \""
              + table.name()
              + "\"");
    }
    if (table.indexes().stream().anyMatch(index -> index.computesFrom(column.number()))) {
      throw SqlException.notSupported(
              "altering the type of a column that an index expression names")
          .at(change.pos());
    }
    Expressions expressions = new Expressions(cx);
    var source =
        change.using() != null
            ? change.using()
            : new io.trencadis.sql.ast.Expr.ColumnRef(List.of(column.name()), false, change.pos());
    Expressions.Compiled conversion;
    try {
      conversion = expressions.conversion(source, table, column.name(), type.type(), type.typmod());
    } catch (SqlException e) {
      if (change.using() == null && e.state() == SqlState.DATATYPE_MISMATCH) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "column \""
                    + column.name()
                    + "\" cannot be cast automatically to type "
                    + Types.formatType(type.type(), type.typmod()))
            .hint(
                "You might need to specify \"USING "
                    + column.name()
                    + "::"
                    + Types.formatType(type.type(), type.typmod())
                    + "\".");
      }
      throw e;
    }
    Column changed =
        new Column(
            column.number(),
            column.name(),
            type.type().oid(),
            type.typmod(),
            column.notNull(),
            column.defaultText(),
            null,
            column.identity(),
            column.sequenceOid(),
            false,
            column.generated());
    if (table.isPartitioned()) {
      shape.put(table, table.change().column(changed));
      cx.catalog().partitionsOf(table.oid()).forEach(each -> changeType(each, change));
      return;
    }
    int place = table.liveColumns().indexOf(column);
    TableDescriptor definition = table.change().column(changed).build();
    shape.rewritten(
        table,
        definition,
        row -> {
          Object[] out = row.clone();
          out[place] = conversion.eval().eval(row, expressions.execution(conversion));
          return out;
        });
    foreignKeys.requireComparable(cx.catalog().table(table.oid()));
  }

  /// Only the definition changes, here and in partitions.
  private void widen(TableDescriptor table, Column column, int typmod) {
    shape.put(table, table.change().column(column.withTypmod(typmod)));
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      widen(partition, require(partition, column.name()), typmod);
    }
  }

  private void renameColumn(TableDescriptor table, AlterAction.RenameColumn rename) {
    Column column = require(table, rename.column());
    if (table.column(rename.newName()) != null) {
      throw new SqlException(
          SqlState.DUPLICATE_COLUMN,
          "column \""
              + rename.newName()
              + "\" of relation \""
              + table.name()
              + "\" already exists");
    }
    if (table.checks().stream().anyMatch(check -> check.columns().contains(column.number()))) {
      throw SqlException.notSupported("renaming a column that a check constraint names")
          .at(rename.pos());
    }
    if (table.isPartitioned()
        && table.partitioning().expressions().stream()
            .anyMatch(each -> each.columns().contains(column.number()))) {
      throw SqlException.notSupported("renaming a column that a partition key's expression names");
    }
    if (table.indexes().stream().anyMatch(index -> index.computesFrom(column.number()))) {
      throw SqlException.notSupported("renaming a column that an index expression names")
          .at(rename.pos());
    }
    if (!new Expressions(cx).generatedFrom(table, column).isEmpty()) {
      throw SqlException.notSupported("renaming a column that a generated column is computed from")
          .at(rename.pos());
    }
    shape.put(table, table.change().column(column.withName(rename.newName())));
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      renameColumn(partition, rename);
    }
  }

  private void attach(TableDescriptor table, AlterAction.AttachPartition attach) {
    TableDescriptor partition = cx.names().table(attach.partition());
    if (!table.isPartitioned()) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "table \"" + table.name() + "\" is not partitioned");
    }
    if (partition.parentOid() != 0) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + partition.name() + "\" is already a partition");
    }
    PartitionRows rows = new PartitionRows(cx);
    rows.requireShape(table, partition);
    var bound = new PartitionBounds(cx).bound(table, attach.bound(), partition.name());
    TableDescriptor attached =
        shape.put(partition, partition.change().partitionOf(table.oid(), bound));
    shape.put(table, table.change());
    rows.requireAtHome(attached);
    for (IndexDescriptor missing : rows.missingIndexes(table, attached)) {
      indexes.copy(
          cx.catalog().table(attached.oid()), table, missing, missing.constraint() ? "key" : "idx");
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (key.validated()) {
        foreignKeys.validate(cx.catalog().table(table.oid()), key);
      }
    }
  }
}
