package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.List;

/// The parts of ALTER TABLE that add, change, drop and rename constraints.
final class ConstraintCommands {
  private final DdlContext cx;
  private final IndexCommands indexes;
  private final DropCommands drops;
  private final ForeignKeyCommands foreignKeys;
  private final TableShape shape;

  ConstraintCommands(
      DdlContext cx,
      IndexCommands indexes,
      DropCommands drops,
      ForeignKeyCommands foreignKeys,
      TableShape shape) {
    this.cx = cx;
    this.indexes = indexes;
    this.drops = drops;
    this.foreignKeys = foreignKeys;
    this.shape = shape;
  }

  /// @param only whether partitions stay as they are
  void add(TableDescriptor table, AlterAction.AddConstraint add, boolean only) {
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
                    String.join("_", withIncluded(unique.columns(), unique.index())),
                    "key",
                    candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
        if (cx.catalog().relationNameTaken(table.schemaOid(), name)) {
          throw ObjectNames.taken(name);
        }
        indexes.add(
            table,
            name,
            parts,
            numbers(table, unique.index(), unique.pos()),
            unique.nullsNotDistinct(),
            unique.deferral(),
            only);
      }
      case TableElement.TableConstraint.Check check
          when check.noInherit() && table.isPartitioned() ->
          throw TableCommands.noInherit(table);
      case TableElement.TableConstraint.Check check ->
          addCheck(table, check, add.notValid(), only, false);
      case TableElement.TableConstraint.ForeignKey key ->
          foreignKeys.add(table, key, add.notValid());
      case TableElement.TableConstraint.Exclude _ when table.isPartitioned() ->
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "exclusion constraints are not supported on partitioned tables")
              .at(add.constraint().pos());
      case TableElement.TableConstraint.Exclude exclude -> indexes.addExclusion(table, exclude);
    }
  }

  private static List<String> withIncluded(
      List<String> columns, TableElement.ConstraintIndex index) {
    List<String> all = new ArrayList<>(columns);
    all.addAll(index.include());
    return all;
  }

  /// The numbers of INCLUDE's columns.
  private static List<Integer> numbers(
      TableDescriptor table, TableElement.ConstraintIndex index, int pos) {
    return index.include().stream()
        .map(each -> requireKeyColumn(table, each, pos).number())
        .toList();
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

  /// @param below whether it is added for a parent's sake
  private void addCheck(
      TableDescriptor table,
      TableElement.TableConstraint.Check check,
      boolean notValid,
      boolean only,
      boolean below) {
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
    boolean restated =
        !below
            && table.parentOid() == 0
            && table.checks().stream()
                .anyMatch(other -> other.name().equals(name) && other.notLocal());
    if ((below || restated)
        && merges(table, name, StoredText.ofExpression(cx.names(), check.text()), below)) {
      return;
    }
    if (table.checks().stream().anyMatch(other -> other.name().equals(name))) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists");
    }
    if (!notValid && !table.isPartitioned()) {
      requireAll(table, name, compiled);
    }
    List<TableDescriptor> children = cx.catalog().childrenOf(table.oid());
    if (only && !children.isEmpty() && !check.noInherit()) {
      throw invalid("constraint must be added to child tables too");
    }
    boolean inherited = below && table.parentOid() == 0;
    List<CheckConstraint> checks = new ArrayList<>(table.checks());
    checks.add(
        new CheckConstraint(
            cx.newOid(),
            name,
            StoredText.ofExpression(cx.names(), check.text()),
            compiled.columns(),
            check.noInherit(),
            notValid,
            inherited ? 1 : 0,
            inherited));
    shape.put(table, table.change().checks(checks));
    if (check.noInherit()) {
      return;
    }
    var named =
        new TableElement.TableConstraint.Check(
            name, check.expr(), check.text(), false, check.pos());
    children.forEach(
        child -> addCheck(cx.catalog().table(child.oid()), named, notValid, false, true));
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_TABLE_DEFINITION, message);
  }

  /// Whether a child has the constraint already, which then is inherited or its own, too.
  private boolean merges(TableDescriptor child, String name, String text, boolean below) {
    for (CheckConstraint own : child.checks()) {
      if (!own.name().equals(name)) {
        continue;
      }
      if (!Inheritance.same(own.text(), text)) {
        throw new SqlException(
            SqlState.DUPLICATE_OBJECT,
            "constraint \"" + name + "\" for relation \"" + child.name() + "\" already exists");
      }
      String kind = own.noInherit() ? "non-inherited" : own.notValid() ? "NOT VALID" : null;
      if (kind != null) {
        throw new SqlException(
            SqlState.INVALID_OBJECT_DEFINITION,
            "constraint \""
                + name
                + "\" conflicts with "
                + kind
                + " constraint on relation \""
                + child.name()
                + "\"");
      }
      cx.notice(Notice.notice("merging constraint \"" + name + "\" with inherited definition"));
      if (child.parentOid() == 0) {
        replace(
            child,
            own,
            below
                ? own.withOrigin(own.inherited() + 1, !own.notLocal())
                : own.withOrigin(own.inherited(), true));
      }
      return true;
    }
    return false;
  }

  /// @param by what takes a check's place, or null
  private void replace(TableDescriptor table, CheckConstraint check, CheckConstraint by) {
    List<CheckConstraint> all = new ArrayList<>();
    for (CheckConstraint each : table.checks()) {
      if (each.oid() != check.oid()) {
        all.add(each);
      } else if (by != null) {
        all.add(by);
      }
    }
    shape.put(table, table.change().checks(all));
  }

  /// VALIDATE CONSTRAINT of a check.
  void validate(TableDescriptor table, String name, boolean only) {
    CheckConstraint check =
        table.checks().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> undefinedConstraint(table, name));
    if (!check.notValid()) {
      return;
    }
    List<TableDescriptor> children =
        check.noInherit() ? List.of() : cx.catalog().childrenOf(table.oid());
    if (only && !children.isEmpty()) {
      throw invalid("constraint must be validated on child tables too");
    }
    children.forEach(child -> validate(cx.catalog().table(child.oid()), name, false));
    if (!table.isPartitioned()) {
      requireAll(
          table,
          name,
          new Expressions(cx).condition(SqlParser.parseExpression(check.text()), table));
    }
    replace(table, check, check.asValid());
  }

  private void requireAll(TableDescriptor table, String name, Expressions.Compiled condition) {
    Expressions expressions = new Expressions(cx);
    new TableRewriter(cx)
        .forEach(
            table,
            row -> {
              if (Boolean.FALSE.equals(
                  condition.eval().eval(row, expressions.execution(condition)))) {
                throw violatedBySomeRow(table, name);
              }
            });
  }

  static SqlException violatedBySomeRow(TableDescriptor table, String check) {
    return ErrorFields.about(
        table,
        check,
        new SqlException(
            SqlState.CHECK_VIOLATION,
            "check constraint \""
                + check
                + "\" of relation \""
                + table.name()
                + "\" is violated by some row"));
  }

  /// Re-keys the stored rows by the new key, and moves them to where it says.
  private void addPrimaryKey(
      TableDescriptor table, TableElement.TableConstraint.PrimaryKey key, boolean only) {
    if (table.primaryIndex() != null) {
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + table.name() + "\" are not allowed")
          .at(key.pos());
    }
    List<KeyPart> parts = new ArrayList<>();
    List<Column> columns = new ArrayList<>(table.columns());
    List<Column> nullable = new ArrayList<>();
    for (String name : key.columns()) {
      Column column = requireKeyColumn(table, name, key.pos());
      if (table.isPartitioned()) {
        shape.requireNoNulls(table, column);
      } else if (!column.notNull()) {
        nullable.add(column);
      }
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
    if (key.deferral().deferrable()) {
      nullable.forEach(column -> shape.requireNoNulls(table, column));
      TableDescriptor strict = shape.put(table, table.change().columns(columns));
      indexes.addPrimary(
          strict, name, parts, numbers(table, key.index(), key.pos()), key.deferral(), only);
      return;
    }
    PlacementDescriptor placement =
        switch (table.placement()) {
          case null -> null;
          case PlacementDescriptor.Single _, PlacementDescriptor.Replicated _ -> table.placement();
          case PlacementDescriptor.Hash hash when !hash.columns().isEmpty() ->
              required(hash, hash.columns(), numbers, table);
          case PlacementDescriptor.Hash _ -> TablePlacement.ofKey(cx, table, numbers);
          case PlacementDescriptor.Range range -> required(range, range.columns(), numbers, table);
        };
    IndexDescriptor primary =
        new IndexDescriptor(
            cx.newOid(),
            name,
            table.relationId(),
            parts,
            numbers(table, key.index(), key.pos()),
            true,
            true,
            false,
            true,
            cx.newOid(),
            placement);
    List<IndexDescriptor> all = shape.replaced(table.indexes(), placement);
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
      PartitionBounds.requirePlainKey(table.partitioning(), true);
      required(null, table.partitioning().columns(), numbers, table);
      shape.put(table, table.change().columns(columns).primaryKey(primary).indexes(all));
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
    IndexBuilds.building(definition, () -> shape.rekeyed(table, definition, nullable));
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

  static SqlException undefinedConstraint(TableDescriptor table, String name) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
  }

  void alter(TableDescriptor table, AlterAction.AlterConstraint alter) {
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

  /// @param below whether it is dropped for a parent's sake
  void drop(TableDescriptor table, AlterAction.DropConstraint drop, boolean only, boolean below) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(drop.name())) {
        foreignKeys.replace(table, key, null);
        return;
      }
    }
    for (CheckConstraint check : table.checks()) {
      if (check.name().equals(drop.name())) {
        if (check.inherited() > 0 && !below) {
          throw invalid(
              "cannot drop inherited constraint \""
                  + check.name()
                  + "\" of relation \""
                  + table.name()
                  + "\"");
        }
        replace(table, check, null);
        if (!check.noInherit()) {
          cx.catalog().childrenOf(table.oid()).forEach(child -> dropBelow(child, drop, only));
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
        if (index.ordersRows()) {
          shape.withoutPrimaryKey(cx.catalog().table(table.oid()));
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

  /// A child loses a check of its parent, unless it has it from elsewhere, too.
  private void dropBelow(TableDescriptor child, AlterAction.DropConstraint drop, boolean only) {
    if (child.parentOid() != 0) {
      drop(
          child,
          new AlterAction.DropConstraint(drop.name(), true, drop.cascade(), drop.pos()),
          false,
          true);
      return;
    }
    for (CheckConstraint own : child.checks()) {
      if (own.name().equals(drop.name())) {
        if (only) {
          replace(child, own, own.withOrigin(own.inherited() - 1, true));
        } else if (own.inherited() == 1 && own.notLocal()) {
          drop(child, drop, false, true);
        } else {
          replace(child, own, own.withOrigin(own.inherited() - 1, !own.notLocal()));
        }
        return;
      }
    }
  }

  private void renameCheck(
      TableDescriptor table,
      CheckConstraint check,
      AlterAction.RenameConstraint rename,
      boolean only) {
    List<TableDescriptor> family =
        check.noInherit() || table.isPartitioned() ? List.of(table) : cx.catalog().family(table);
    if (only && family.size() > 1) {
      throw invalid(
          "inherited constraint \"" + check.name() + "\" must be renamed in child tables too");
    }
    for (TableDescriptor each : family) {
      for (CheckConstraint own : each.checks()) {
        if (own.name().equals(check.name())) {
          if (own.inherited() > Inheritance.parentsWithin(each, family)) {
            throw invalid("cannot rename inherited constraint \"" + own.name() + "\"");
          }
          replace(each, own, own.withName(rename.newName()));
        }
      }
    }
  }

  void rename(TableDescriptor table, AlterAction.RenameConstraint rename, boolean only) {
    for (CheckConstraint check : table.checks()) {
      if (check.name().equals(rename.constraint())) {
        renameCheck(table, check, rename, only);
        return;
      }
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(rename.constraint())) {
        foreignKeys.replace(table, key, key.withName(rename.newName()));
        return;
      }
    }
    if (table.indexes().stream()
        .anyMatch(i -> i.constraint() && i.name().equals(rename.constraint()))) {
      shape.renameIndex(table, rename.constraint(), rename.newName());
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
}
