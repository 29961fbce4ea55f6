package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
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
    shape.put(table, table.change().checks(checks));
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
      shape.requireNoNulls(table, column);
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
    shape.rewritten(table, definition, row -> row);
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

  void drop(TableDescriptor table, AlterAction.DropConstraint drop) {
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
        shape.put(table, table.change().checks(left));
        for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
          drop(
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

  void rename(TableDescriptor table, AlterAction.RenameConstraint rename) {
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
      shape.put(table, table.change().checks(checks));
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
