package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.analyze.SystemColumns;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The parts of ALTER TABLE that add, change, rename and drop columns, of a table and of those
/// below it: partitions, and tables that inherit.
final class ColumnCommands {
  private final DdlContext cx;
  private final DropCommands drops;
  private final ForeignKeyCommands foreignKeys;
  private final TableShape shape;
  private final ConstraintCommands constraints;

  ColumnCommands(
      DdlContext cx,
      DropCommands drops,
      ForeignKeyCommands foreignKeys,
      TableShape shape,
      ConstraintCommands constraints) {
    this.cx = cx;
    this.drops = drops;
    this.foreignKeys = foreignKeys;
    this.shape = shape;
    this.constraints = constraints;
  }

  void dropExpression(
      TableDescriptor table, AlterAction.DropExpression drop, boolean only, boolean below) {
    Column column = require(table, drop.column());
    List<TableDescriptor> children = cx.catalog().childrenOf(table.oid());
    if (only && !children.isEmpty()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "ALTER TABLE / DROP EXPRESSION must be applied to child tables too");
    }
    if (column.generated()) {
      if (!below && column.inherited() > 0) {
        throw invalid("cannot drop generation expression from inherited column");
      }
      shape.put(table, table.change().column(column.withoutGeneration()));
      children.forEach(child -> dropExpression(child, drop, false, true));
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

  /// @param below whether it is added for a parent's sake
  void add(TableDescriptor table, AlterAction.AddColumn add, boolean only, boolean below) {
    TableElement.ColumnDef definition = add.column();
    if (SystemColumns.isOne(definition.name())) {
      throw SystemNames.taken(definition.name());
    }
    List<TableDescriptor> children = cx.catalog().childrenOf(table.oid());
    if (below && table.parentOid() == 0 && merges(table, definition)) {
      return;
    }
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
    if (only && !children.isEmpty()) {
      throw invalid("column must be added to child tables too");
    }
    if (below && table.parentOid() == 0) {
      column = column.withOrigin(1, false);
    }
    List<Column> columns = new ArrayList<>(table.columns());
    boolean empty = shape.isEmpty(table);
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
    List<TableDescriptor> partitions = cx.catalog().partitionsOf(table.oid());
    partitions.forEach(partition -> add(partition, add, false, true));
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
    if (partitions.isEmpty()) {
      children.forEach(
          child -> add(cx.catalog().table(child.oid()), withoutConstraints(add), false, true));
    }
    for (TableElement.TableConstraint constraint : addition.constraints()) {
      constraints.add(
          cx.catalog().table(table.oid()),
          new AlterAction.AddConstraint(constraint, false, add.pos()),
          false);
    }
  }

  /// The column as children get it: keys stay with the parent, and its checks go down by
  /// themselves.
  private static AlterAction.AddColumn withoutConstraints(AlterAction.AddColumn add) {
    TableElement.ColumnDef column = add.column();
    List<TableElement.ColumnConstraint> left = new ArrayList<>();
    for (TableElement.ColumnConstraint each : column.constraints()) {
      if (each instanceof TableElement.ColumnConstraint.NotNull
          || each instanceof TableElement.ColumnConstraint.DefaultValue
          || each instanceof TableElement.ColumnConstraint.Generated) {
        left.add(each);
      }
    }
    return new AlterAction.AddColumn(
        new TableElement.ColumnDef(
            column.name(), column.type(), column.collation(), left, column.pos()),
        add.ifNotExists(),
        add.pos());
  }

  /// Whether a child has the column already, which then is inherited, too.
  private boolean merges(TableDescriptor child, TableElement.ColumnDef definition) {
    Column own = child.column(definition.name());
    if (own == null) {
      return false;
    }
    Names.TypeReference type = cx.names().type(definition.type());
    if (own.typeOid() != type.type().oid() || own.typmod() != type.typmod()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "child table \""
              + child.name()
              + "\" has different type for column \""
              + own.name()
              + "\"");
    }
    shape.put(child, child.change().column(own.withOrigin(own.inherited() + 1, !own.notLocal())));
    cx.notice(
        Notice.notice(
            "merging definition of column \""
                + own.name()
                + "\" for child \""
                + child.name()
                + "\""));
    return true;
  }

  /// @param below whether it is dropped for a parent's sake
  void drop(TableDescriptor named, AlterAction.DropColumn drop, boolean only, boolean below) {
    if (SystemColumns.isOne(drop.name())) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot drop system column \"" + drop.name() + "\"");
    }
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
    if (column.inherited() > 0 && !below) {
      throw invalid("cannot drop inherited column \"" + column.name() + "\"");
    }
    dropDependents(named, column, drop);
    TableDescriptor table = cx.catalog().table(named.oid());
    boolean placed =
        switch (table.placement()) {
          case null -> table.isPartitioned() && table.partitioning().uses(column.number());
          case PlacementDescriptor.Hash hash -> hash.columns().contains(column.number());
          case PlacementDescriptor.Range range -> range.columns().contains(column.number());
          case PlacementDescriptor.Single _, PlacementDescriptor.Replicated _ -> false;
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
      if (!index.ordersRows() && index.uses(column.number())) {
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
    for (SequenceDescriptor sequence : cx.catalog().sequencesOf(table)) {
      if (sequence.ownerColumn() == column.number()) {
        cx.remove(sequence.oid());
      }
    }
    for (TableDescriptor child : cx.catalog().childrenOf(table.oid())) {
      dropBelow(child, drop, only);
    }
  }

  /// A child loses a column of its parent, unless it has it from elsewhere, too.
  private void dropBelow(TableDescriptor child, AlterAction.DropColumn drop, boolean only) {
    Column own = child.column(drop.name());
    if (child.parentOid() != 0) {
      drop(child, drop, false, true);
    } else if (own != null && only) {
      shape.put(child, child.change().column(own.withOrigin(own.inherited() - 1, true)));
    } else if (own != null && own.inherited() == 1 && own.notLocal()) {
      drop(child, drop, false, true);
    } else if (own != null) {
      shape.put(child, child.change().column(own.withOrigin(own.inherited() - 1, !own.notLocal())));
    }
  }

  /// Drops what depends on a column that is to be dropped: columns computed from it, views that
  /// read it with those over them, and triggers that name it.
  ///
  /// @throws SqlException 2BP01 where there is any, without CASCADE
  private void dropDependents(TableDescriptor table, Column column, AlterAction.DropColumn drop) {
    String own = " depends on column " + column.name() + " of table " + table.name();
    List<String> dependents = new ArrayList<>();
    List<Column> computed = new Expressions(cx).generatedFrom(table, column);
    for (Column from : computed) {
      dependents.add("column " + from.name() + " of table " + table.name() + own);
    }
    ColumnUses uses = new ColumnUses(cx);
    Set<TableDescriptor> views = new LinkedHashSet<>();
    for (TableDescriptor view : uses.views(table, column)) {
      if (views.add(view)) {
        dependents.add("view " + view.name() + own);
        drops.addViewsOver(view, views, dependents);
      }
    }
    List<TriggerDescriptor> triggers = uses.triggers(table, column);
    for (TriggerDescriptor trigger : triggers) {
      dependents.add("trigger " + trigger.name() + " on table " + table.name() + own);
    }
    if (!dependents.isEmpty() && !drop.cascade()) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop column "
                  + column.name()
                  + " of table "
                  + table.name()
                  + " because other objects depend on it")
          .detail(String.join("\n", dependents))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    drops.announceCascade(dependents);
    if (!views.isEmpty()) {
      drops.removeAnnounced(views);
    }
    triggers.forEach(trigger -> cx.remove(trigger.oid()));
    for (Column from : computed) {
      drop(
          cx.catalog().table(table.oid()),
          new AlterAction.DropColumn(from.name(), false, true, drop.pos()),
          false,
          true);
    }
  }

  void setDefault(TableDescriptor table, AlterAction.SetDefault set, boolean only) {
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
    heirs(table, only).forEach(child -> setDefault(child, set, false));
  }

  void dropDefault(TableDescriptor table, AlterAction.DropDefault drop, boolean only) {
    Column column = require(table, drop.column());
    ColumnRules.requirePlain(
        table, column, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
    shape.put(table, table.change().column(column.withDefault(null)));
    heirs(table, only).forEach(child -> dropDefault(child, drop, false));
  }

  /// The tables below that inherit; partitions have defaults of their own.
  private List<TableDescriptor> heirs(TableDescriptor table, boolean only) {
    return only || table.isPartitioned() ? List.of() : cx.catalog().childrenOf(table.oid());
  }

  void setNotNull(TableDescriptor table, AlterAction.SetNotNull set, boolean only) {
    Column column = require(table, set.column());
    shape.requireNoNulls(table, column);
    shape.put(table, table.change().column(column.withNotNull(true)));
    if (!only) {
      cx.catalog().childrenOf(table.oid()).forEach(child -> setNotNull(child, set, false));
    }
  }

  void dropNotNull(TableDescriptor table, AlterAction.DropNotNull drop, boolean only) {
    Column column = require(table, drop.column());
    if (table.primaryIndex() != null
        && table.primaryIndex().parts().stream()
            .anyMatch(part -> part.column() == column.number())) {
      throw invalid("column \"" + column.name() + "\" is in a primary key");
    }
    if (column.identity() != ' ') {
      throw IdentityCommands.isIdentity(table, column);
    }
    shape.put(table, table.change().column(column.withNotNull(false)));
    heirs(table, only).forEach(child -> dropNotNull(child, drop, false));
  }

  void rename(TableDescriptor named, AlterAction.RenameColumn rename, boolean only) {
    List<TableDescriptor> family = tree(named);
    Column column = named.column(rename.column());
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN, "column \"" + rename.column() + "\" does not exist");
    }
    if (only && family.size() > 1) {
      throw invalid(
          "inherited column \"" + column.name() + "\" must be renamed in child tables too");
    }
    for (TableDescriptor each : family) {
      Column own = require(each, rename.column());
      if (own.inherited() > Inheritance.parentsWithin(each, family)) {
        throw invalid("cannot rename inherited column \"" + own.name() + "\"");
      }
      if (SystemColumns.isOne(rename.newName())) {
        throw SystemNames.taken(rename.newName());
      }
      if (each.column(rename.newName()) != null) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN,
            "column \""
                + rename.newName()
                + "\" of relation \""
                + each.name()
                + "\" already exists");
      }
    }
    family.forEach(each -> renameOne(each, rename));
  }

  /// A table with all that is below it, partitioned tables included, each once.
  private List<TableDescriptor> tree(TableDescriptor table) {
    Map<Integer, TableDescriptor> found = new LinkedHashMap<>();
    collect(table, found);
    return new ArrayList<>(found.values());
  }

  private void collect(TableDescriptor table, Map<Integer, TableDescriptor> found) {
    if (found.putIfAbsent(table.oid(), table) == null) {
      cx.catalog().childrenOf(table.oid()).forEach(child -> collect(child, found));
    }
  }

  private void renameOne(TableDescriptor table, AlterAction.RenameColumn rename) {
    Column column = require(table, rename.column());
    int number = column.number();
    ColumnRenaming renaming = new ColumnRenaming(column.name(), rename.newName());
    List<CheckConstraint> checks = new ArrayList<>();
    for (CheckConstraint check : table.checks()) {
      checks.add(
          check.columns().contains(number) ? check.withText(renaming.of(check.text())) : check);
    }
    if (table.isPartitioned()
        && table.partitioning().expressions().stream()
            .anyMatch(each -> each.columns().contains(number))) {
      throw SqlException.notSupported("renaming a column that a partition key's expression names");
    }
    List<IndexDescriptor> indexes = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      indexes.add(index.computesFrom(number) ? renamed(index, number, renaming) : index);
    }
    for (TriggerDescriptor trigger : new ColumnUses(cx).triggers(table, column)) {
      if (trigger.whenText() != null) {
        cx.put(trigger.withWhen(renaming.of(trigger.whenText())));
      }
    }
    Map<TableDescriptor, String> queries = new LinkedHashMap<>();
    ColumnUses uses = new ColumnUses(cx);
    for (TableDescriptor view : uses.views(table, column)) {
      Set<Integer> mentions = uses.mentions(view, table, column);
      queries.put(view, renaming.ofQuery(view.viewText(), mentions));
    }
    TableDescriptor.Builder change = table.change().checks(checks).indexes(indexes);
    change.column(column.withName(rename.newName()));
    for (Column computed : new Expressions(cx).generatedFrom(table, column)) {
      change.column(computed.withGeneration(renaming.of(computed.defaultText())));
    }
    shape.put(table, change);
    queries.forEach((view, text) -> follow(view, text, rename));
  }

  /// Gives a view the query in which a column has its new name.
  private void follow(TableDescriptor view, String query, AlterAction.RenameColumn rename) {
    try {
      ViewDependencies.analyzed(cx, query);
    } catch (SqlException e) {
      throw SqlException.notSupported(
              "renaming a column that view \""
                  + view.name()
                  + "\" names in JOIN ... USING or reaches through *")
          .at(rename.pos());
    }
    shape.put(view, view.change().viewText(query));
  }

  private static IndexDescriptor renamed(
      IndexDescriptor index, int column, ColumnRenaming renaming) {
    List<KeyPart> parts = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      parts.add(
          part.expression() != null && part.expression().columns().contains(column)
              ? new KeyPart(
                  0,
                  part.descending(),
                  part.nullsFirst(),
                  renamed(part.expression(), renaming),
                  part.operatorClass())
              : part);
    }
    return index.withParts(
        parts, index.predicate() == null ? null : renamed(index.predicate(), renaming));
  }

  private static IndexExpression renamed(IndexExpression expression, ColumnRenaming renaming) {
    return new IndexExpression(
        renaming.of(expression.text()),
        expression.typeOid(),
        expression.columns(),
        expression.collation());
  }

  static Column require(TableDescriptor table, String name) {
    Column column = table.column(name);
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
    }
    return column;
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_TABLE_DEFINITION, message);
  }
}
