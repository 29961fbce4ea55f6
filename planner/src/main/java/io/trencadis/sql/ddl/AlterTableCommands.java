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
import io.trencadis.sql.catalog.KeyPart;
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
  }

  void alter(Statement.AlterTable alter) {
    Descriptor found = cx.names().findRelation(alter.name());
    if (found == null) {
      TableDescriptor owner = cx.names().tableOfIndex(alter.name());
      if (owner != null && alter.actions().getFirst() instanceof AlterAction.RenameTable rename) {
        renameIndex(owner, alter.name().name(), rename.newName());
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
      if (action instanceof AlterAction.AddConstraint add) {
        addConstraint(current, add, alter.only());
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

  private void renameIndex(TableDescriptor table, String name, String newName) {
    if (cx.catalog().relationNameTaken(table.schemaOid(), newName)) {
      throw ObjectNames.taken(newName);
    }
    List<IndexDescriptor> renamed = new ArrayList<>();
    IndexDescriptor primary = table.primaryKey();
    for (IndexDescriptor index : table.indexes()) {
      IndexDescriptor one = index.name().equals(name) ? index.withName(newName) : index;
      renamed.add(one);
      primary = one.primary() ? one : primary;
    }
    put(table, table.change().indexes(renamed).primaryKey(primary));
  }

  /// Stores a changed table.
  private TableDescriptor put(TableDescriptor old, TableDescriptor.Builder change) {
    TableDescriptor changed = change.build();
    cx.put(changed);
    return changed;
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
    switch (action) {
      case AlterAction.AddColumn add -> addColumn(table, add);
      case AlterAction.DropColumn drop -> dropColumn(table, drop);
      case AlterAction.AlterColumnType change -> changeType(table, change);
      case AlterAction.SetDefault set -> {
        Column column = require(table, set.column());
        ColumnRules.requirePlain(table, column, null);
        PgType type = Types.byOid(column.typeOid());
        new Expressions(cx).value(set.expr(), column.name(), type, column.typmod());
        String text =
            Expressions.isNothing(set.expr(), type)
                ? null
                : StoredText.ofExpression(cx.names(), set.text());
        put(table, table.change().column(column.withDefault(text)));
      }
      case AlterAction.DropDefault drop -> {
        Column column = require(table, drop.column());
        ColumnRules.requirePlain(
            table, column, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
        put(table, table.change().column(column.withDefault(null)));
      }
      case AlterAction.DropExpression drop -> dropExpression(table, drop);
      case AlterAction.SetNotNull set -> {
        Column column = require(table, set.column());
        requireNoNulls(table, column);
        put(table, table.change().column(column.withNotNull(true)));
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
        put(table, table.change().column(column.withNotNull(false)));
      }
      case AlterAction.AddConstraint add -> addConstraint(table, add, false);
      case AlterAction.AddIdentity add ->
          new IdentityCommands(cx).add(table, require(table, add.column()), add);
      case AlterAction.DropConstraint drop -> dropConstraint(table, drop);
      case AlterAction.RenameTable rename -> {
        ObjectNames.requireFree(cx.catalog(), table.schemaOid(), rename.newName());
        put(table, table.change().name(table.schemaOid(), rename.newName()));
      }
      case AlterAction.RenameColumn rename -> renameColumn(table, rename);
      case AlterAction.RenameConstraint rename -> renameConstraint(table, rename);
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
        put(table, table.change().name(schema.oid(), table.name()));
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
        put(partition, partition.change().partitionOf(0, null));
        put(table, table.change());
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
          throw undefinedConstraint(table, validate.name());
        }
      }
      case AlterAction.AlterConstraint alter -> alterConstraint(table, alter);
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
      put(table, table.change().column(column.withoutGeneration()));
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
    boolean empty = TableLocks.leaves(cx.catalog(), table).stream().allMatch(this::isEmpty);
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
          rewritten(
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
      addConstraint(
          cx.catalog().table(table.oid()),
          new AlterAction.AddConstraint(constraint, false, add.pos()),
          false);
    }
  }

  private boolean isEmpty(TableDescriptor table) {
    if (table.isPartitioned()) {
      return cx.catalog().partitionsOf(table.oid()).stream().allMatch(this::isEmpty);
    }
    boolean[] any = {false};
    try {
      new TableRewriter(cx)
          .forEach(
              table,
              _ -> {
                any[0] = true;
                throw new FoundRow();
              });
    } catch (FoundRow found) {
      return false;
    }
    return !any[0];
  }

  /// Ends a scan that only wanted to know whether there is a row.
  private static final class FoundRow extends RuntimeException {
    FoundRow() {
      super(null, null, false, false);
    }
  }

  /// Moves the rows to new relations, changed on the way.
  ///
  /// @param definition the new definition, still with the old relation ids
  private TableDescriptor rewritten(
      TableDescriptor old,
      TableDescriptor definition,
      java.util.function.UnaryOperator<Object[]> change) {
    int relationId = cx.newRelationId();
    List<IndexDescriptor> moved = new ArrayList<>();
    IndexDescriptor primary = null;
    for (IndexDescriptor index : definition.indexes()) {
      IndexDescriptor renewed =
          index.withRelation(index.primary() ? relationId : cx.newRelationId());
      moved.add(renewed);
      primary = renewed.primary() ? renewed : primary;
    }
    // Rows are rewritten whole: no column is missing from any of them.
    List<Column> columns = new ArrayList<>();
    definition.columns().forEach(column -> columns.add(column.withMissing(null)));
    TableDescriptor target =
        put(
            definition,
            definition
                .change()
                .relation(relationId)
                .primaryKey(primary)
                .indexes(moved)
                .columns(columns));
    long rows = new TableRewriter(cx).rewrite(old, target, change);
    cx.rows(target.oid(), rows);
    return target;
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
          case null ->
              table.isPartitioned() && table.partitioning().columns().contains(column.number());
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
      now = withoutPrimaryKey(now);
    }
    List<CheckConstraint> checks = new ArrayList<>(now.checks());
    checks.removeIf(check -> check.columns().contains(column.number()));
    put(now, now.change().column(column.asDropped()).checks(checks));
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

  /// The table keyed by a hidden row id again.
  private TableDescriptor withoutPrimaryKey(TableDescriptor table) {
    List<IndexDescriptor> left = new ArrayList<>(table.indexes());
    left.removeIf(IndexDescriptor::primary);
    if (table.isPartitioned()) {
      return put(table, table.change().primaryKey(null).indexes(left));
    }
    PlacementDescriptor placement =
        table.placement() instanceof PlacementDescriptor.Single
            ? table.placement()
            : Placements.evenly(List.of(), cx.shardCount());
    List<IndexDescriptor> replaced = replaced(left, placement);
    TableDescriptor definition =
        table.change().primaryKey(null).indexes(replaced).placement(placement).build();
    return rewritten(table, definition, row -> row);
  }

  private List<IndexDescriptor> replaced(List<IndexDescriptor> indexes, PlacementDescriptor table) {
    List<IndexDescriptor> out = new ArrayList<>();
    for (IndexDescriptor index : indexes) {
      out.add(
          index.withPlacement(
              index.primary() ? table : Placements.ofIndex(table, index, cx.shardCount())));
    }
    return out;
  }

  private void changeType(TableDescriptor table, AlterAction.AlterColumnType change) {
    Column column = require(table, change.column());
    Names.TypeReference type = cx.names().type(change.type());
    boolean placed =
        table.isPartitioned() && table.partitioning().columns().contains(column.number());
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
    if (placed || table.isPartitioned()) {
      throw SqlException.notSupported("ALTER COLUMN TYPE of a partitioned table").at(change.pos());
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
    int place = table.liveColumns().indexOf(column);
    TableDescriptor definition = table.change().column(changed).build();
    rewritten(
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
    put(table, table.change().column(column.withTypmod(typmod)));
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
    if (table.indexes().stream().anyMatch(index -> index.computesFrom(column.number()))) {
      throw SqlException.notSupported("renaming a column that an index expression names")
          .at(rename.pos());
    }
    if (!new Expressions(cx).generatedFrom(table, column).isEmpty()) {
      throw SqlException.notSupported("renaming a column that a generated column is computed from")
          .at(rename.pos());
    }
    put(table, table.change().column(column.withName(rename.newName())));
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      renameColumn(partition, rename);
    }
  }

  private void requireNoNulls(TableDescriptor table, Column column) {
    for (TableDescriptor leaf : TableLocks.leaves(cx.catalog(), table)) {
      if (leaf.column(column.name()).notNull()) {
        continue;
      }
      int place = leaf.liveColumns().indexOf(leaf.column(column.name()));
      new TableRewriter(cx)
          .forEach(
              leaf,
              row -> {
                if (row[place] == null) {
                  throw ColumnRules.containsNulls(column, table);
                }
              });
    }
  }

  // ---- constraints

  /// @param only whether partitions stay as they are
  private void addConstraint(TableDescriptor table, AlterAction.AddConstraint add, boolean only) {
    switch (add.constraint()) {
      case TableElement.TableConstraint.PrimaryKey key -> addPrimaryKey(table, key, only);
      case TableElement.TableConstraint.Unique unique -> {
        List<KeyPart> parts = new ArrayList<>();
        unique
            .columns()
            .forEach(
                name ->
                    parts.add(
                        KeyPart.ascending(requireKeyColumn(table, name, unique.pos()).number())));
        String name =
            unique.name() != null
                ? unique.name()
                : ObjectNames.choose(
                    table.name(),
                    String.join("_", unique.columns()),
                    "key",
                    candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
        if (cx.catalog().relationNameTaken(table.schemaOid(), name)) {
          throw ObjectNames.taken(name);
        }
        indexes.add(table, name, parts, true, unique.nullsNotDistinct(), only);
      }
      case TableElement.TableConstraint.Check check -> addCheck(table, check, add.notValid());
      case TableElement.TableConstraint.ForeignKey key ->
          foreignKeys.add(table, key, add.notValid());
      case TableElement.TableConstraint.Exclude _ ->
          throw SqlException.notSupported("EXCLUDE").at(add.pos());
    }
  }

  private static Column requireKeyColumn(TableDescriptor table, String name, int pos) {
    Column column = table.column(name);
    if (column == null) {
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" named in key does not exist")
          .at(pos);
    }
    return column;
  }

  private void addCheck(
      TableDescriptor table, TableElement.TableConstraint.Check check, boolean notValid) {
    Expressions expressions = new Expressions(cx);
    Expressions.Compiled compiled = expressions.condition(check.expr(), table);
    String column =
        compiled.columns().size() == 1
            ? table.columnNumbered(compiled.columns().getFirst()).name()
            : null;
    String name =
        check.name() != null
            ? check.name()
            : ObjectNames.choose(
                table.name(),
                column,
                "check",
                candidate ->
                    table.checks().stream().anyMatch(other -> other.name().equals(candidate)));
    if (table.checks().stream().anyMatch(other -> other.name().equals(name))) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists");
    }
    if (!notValid && !table.isPartitioned()) {
      new TableRewriter(cx)
          .forEach(
              table,
              row -> {
                if (Boolean.FALSE.equals(
                    compiled.eval().eval(row, expressions.execution(compiled)))) {
                  throw new SqlException(
                          SqlState.CHECK_VIOLATION,
                          "check constraint \""
                              + name
                              + "\" of relation \""
                              + table.name()
                              + "\" is violated by some row")
                      .with(SqlException.Field.TABLE_NAME, table.name())
                      .with(SqlException.Field.CONSTRAINT_NAME, name);
                }
              });
    }
    List<CheckConstraint> checks = new ArrayList<>(table.checks());
    checks.add(
        new CheckConstraint(
            cx.newOid(),
            name,
            StoredText.ofExpression(cx.names(), check.text()),
            compiled.columns()));
    put(table, table.change().checks(checks));
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      addCheck(partition, check, notValid);
    }
  }

  /// Re-keys the stored rows by the new key, and moves them to where it says.
  private void addPrimaryKey(
      TableDescriptor table, TableElement.TableConstraint.PrimaryKey key, boolean only) {
    if (table.primaryKey() != null) {
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + table.name() + "\" are not allowed")
          .at(key.pos());
    }
    List<KeyPart> parts = new ArrayList<>();
    List<Column> columns = new ArrayList<>(table.columns());
    for (String name : key.columns()) {
      Column column = requireKeyColumn(table, name, key.pos());
      requireNoNulls(table, column);
      parts.add(KeyPart.ascending(column.number()));
      columns.set(column.number() - 1, column.withNotNull(true));
    }
    List<Integer> numbers = parts.stream().map(KeyPart::column).toList();
    String name =
        key.name() != null
            ? key.name()
            : ObjectNames.choose(
                table.name(),
                null,
                "pkey",
                candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
    if (cx.catalog().relationNameTaken(table.schemaOid(), name)) {
      throw ObjectNames.taken(name);
    }
    PlacementDescriptor placement =
        switch (table.placement()) {
          case null -> null;
          case PlacementDescriptor.Single single -> single;
          case PlacementDescriptor.Hash hash when !hash.columns().isEmpty() ->
              required(hash, hash.columns(), numbers, table);
          case PlacementDescriptor.Hash _ ->
              Placements.evenly(List.of(numbers.getFirst()), cx.shardCount());
          case PlacementDescriptor.Range range -> required(range, range.columns(), numbers, table);
        };
    IndexDescriptor primary =
        new IndexDescriptor(
            cx.newOid(),
            name,
            table.relationId(),
            parts,
            List.of(),
            true,
            true,
            false,
            true,
            cx.newOid(),
            placement);
    List<IndexDescriptor> all = replaced(table.indexes(), placement);
    all.addFirst(primary);
    TableDescriptor definition =
        table
            .change()
            .columns(columns)
            .primaryKey(primary)
            .indexes(all)
            .placement(placement)
            .build();
    if (table.isPartitioned()) {
      required(null, table.partitioning().columns(), numbers, table);
      put(table, table.change().columns(columns).primaryKey(primary).indexes(all));
      for (TableDescriptor partition :
          only ? List.<TableDescriptor>of() : cx.catalog().partitionsOf(table.oid())) {
        addPrimaryKey(
            partition,
            new TableElement.TableConstraint.PrimaryKey(
                null, key.columns(), key.index(), key.deferral(), key.pos()),
            false);
      }
      return;
    }
    rewritten(table, definition, row -> row);
  }

  private static PlacementDescriptor required(
      PlacementDescriptor placement,
      List<Integer> needed,
      List<Integer> key,
      TableDescriptor table) {
    for (int number : needed) {
      if (!key.contains(number)) {
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "unique constraint on partitioned table must include all partitioning columns")
            .detail(
                "PRIMARY KEY constraint on table \""
                    + table.name()
                    + "\" lacks column \""
                    + table.columnNumbered(number).name()
                    + "\" which is part of the partition key.");
      }
    }
    return placement;
  }

  private static SqlException undefinedConstraint(TableDescriptor table, String name) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
  }

  private void alterConstraint(TableDescriptor table, AlterAction.AlterConstraint alter) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(alter.name())) {
        foreignKeys.replace(
            table,
            key,
            key.withDeferral(alter.deferral().deferrable(), alter.deferral().initiallyDeferred()));
        return;
      }
    }
    if (ForeignKeyCommands.hasConstraint(table, alter.name())) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE,
          "constraint \""
              + alter.name()
              + "\" of relation \""
              + table.name()
              + "\" is not a foreign key constraint");
    }
    throw undefinedConstraint(table, alter.name());
  }

  private void dropConstraint(TableDescriptor table, AlterAction.DropConstraint drop) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(drop.name())) {
        foreignKeys.replace(table, key, null);
        return;
      }
    }
    for (CheckConstraint check : table.checks()) {
      if (check.name().equals(drop.name())) {
        List<CheckConstraint> left = new ArrayList<>(table.checks());
        left.remove(check);
        put(table, table.change().checks(left));
        for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
          dropConstraint(
              partition,
              new AlterAction.DropConstraint(drop.name(), true, drop.cascade(), drop.pos()));
        }
        return;
      }
    }
    for (IndexDescriptor index : table.indexes()) {
      if (index.constraint() && index.name().equals(drop.name())) {
        foreignKeys.removeReferences(
            table,
            key -> key.indexOid() == index.oid(),
            "constraint " + index.name() + " on table " + table.name(),
            "index " + index.name(),
            drop.cascade(),
            drops::announceCascade);
        if (index.primary()) {
          withoutPrimaryKey(cx.catalog().table(table.oid()));
        } else {
          drops.removeIndex(cx.catalog().table(table.oid()), index);
        }
        return;
      }
    }
    if (!drop.ifExists()) {
      throw undefinedConstraint(table, drop.name());
    }
    cx.notice(
        Notice.notice(
            "constraint \""
                + drop.name()
                + "\" of relation \""
                + table.name()
                + "\" does not exist, skipping"));
  }

  private void renameConstraint(TableDescriptor table, AlterAction.RenameConstraint rename) {
    List<CheckConstraint> checks = new ArrayList<>();
    boolean found = false;
    for (CheckConstraint check : table.checks()) {
      boolean this1 = check.name().equals(rename.constraint());
      found |= this1;
      checks.add(
          this1
              ? new CheckConstraint(check.oid(), rename.newName(), check.text(), check.columns())
              : check);
    }
    if (found) {
      put(table, table.change().checks(checks));
      return;
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(rename.constraint())) {
        foreignKeys.replace(table, key, key.withName(rename.newName()));
        return;
      }
    }
    if (table.indexes().stream()
        .anyMatch(i -> i.constraint() && i.name().equals(rename.constraint()))) {
      renameIndex(table, rename.constraint(), rename.newName());
      return;
    }
    throw new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "constraint \""
            + rename.constraint()
            + "\" for table \""
            + table.name()
            + "\" does not exist");
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
    TableDescriptor attached = put(partition, partition.change().partitionOf(table.oid(), bound));
    put(table, table.change());
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
