package io.trencadis.sql.ddl;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What changes of a table's columns and of its constraints share: the new definition is stored,
/// and where the key or the format of rows is another one, the rows move to new relations.
final class TableShape {
  private final DdlContext cx;

  TableShape(DdlContext cx) {
    this.cx = cx;
  }

  void renameIndex(TableDescriptor table, String name, String newName) {
    if (cx.catalog().relationNameTaken(table.schemaOid(), newName)) {
      throw ObjectNames.taken(newName);
    }
    changeIndex(table, name, index -> index.withName(newName));
  }

  /// Changes the index of that name.
  void changeIndex(TableDescriptor table, String name, UnaryOperator<IndexDescriptor> change) {
    List<IndexDescriptor> changed = new ArrayList<>();
    IndexDescriptor primary = table.primaryKey();
    for (IndexDescriptor index : table.indexes()) {
      IndexDescriptor one = index.name().equals(name) ? change.apply(index) : index;
      changed.add(one);
      primary = one.ordersRows() ? one : primary;
    }
    put(table, table.change().indexes(changed).primaryKey(primary));
  }

  /// Stores a changed table.
  TableDescriptor put(TableDescriptor old, TableDescriptor.Builder change) {
    TableDescriptor changed = change.build();
    cx.put(changed);
    return changed;
  }

  boolean isEmpty(TableDescriptor table) {
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
  TableDescriptor rewritten(
      TableDescriptor old, TableDescriptor definition, UnaryOperator<Object[]> change) {
    TableDescriptor target = moved(definition);
    cx.rows(target.oid(), new TableRewriter(cx).rewrite(old, target, change));
    return target;
  }

  /// Moves the rows to new relations, where they have another key.
  ///
  /// @param definition the new definition, still with the old relation ids
  /// @param required columns that no row may have null in
  /// @throws SqlException 23505, 23502
  TableDescriptor rekeyed(TableDescriptor old, TableDescriptor definition, List<Column> required) {
    TableDescriptor target = moved(definition);
    cx.rows(target.oid(), new TableRewriter(cx).rekey(old, target, required));
    return target;
  }

  /// Stores a definition with new relations.
  private TableDescriptor moved(TableDescriptor definition) {
    int relationId = cx.newRelationId();
    List<IndexDescriptor> indexes = new ArrayList<>();
    IndexDescriptor primary = null;
    for (IndexDescriptor index : definition.indexes()) {
      IndexDescriptor renewed =
          index.withRelation(index.ordersRows() ? relationId : cx.newRelationId());
      indexes.add(renewed);
      primary = renewed.ordersRows() ? renewed : primary;
    }
    // Rows are rewritten whole: no column is missing from any of them.
    List<Column> columns = new ArrayList<>();
    definition.columns().forEach(column -> columns.add(column.withMissing(null)));
    return put(
        definition,
        definition
            .change()
            .relation(relationId)
            .primaryKey(primary)
            .indexes(indexes)
            .columns(columns));
  }

  /// The table keyed by a hidden row id again.
  TableDescriptor withoutPrimaryKey(TableDescriptor table) {
    List<IndexDescriptor> left = new ArrayList<>(table.indexes());
    left.removeIf(IndexDescriptor::primary);
    if (table.isPartitioned()) {
      return put(table, table.change().primaryKey(null).indexes(left));
    }
    PlacementDescriptor placement =
        table.placement() instanceof PlacementDescriptor.Single
                || table.placement() instanceof PlacementDescriptor.Replicated
            ? table.placement()
            : Placements.evenly(List.of(), cx.shardCount());
    List<IndexDescriptor> replaced = replaced(left, placement);
    TableDescriptor definition =
        table.change().primaryKey(null).indexes(replaced).placement(placement).build();
    return rekeyed(table, definition, List.of());
  }

  List<IndexDescriptor> replaced(List<IndexDescriptor> indexes, PlacementDescriptor table) {
    List<IndexDescriptor> out = new ArrayList<>();
    for (IndexDescriptor index : indexes) {
      out.add(
          index.withPlacement(
              index.ordersRows() ? table : Placements.ofIndex(table, index, cx.shardCount())));
    }
    return out;
  }

  /// @throws SqlException 23502 where the column is null in a row of the table or of a partition
  void requireNoNulls(TableDescriptor table, Column column) {
    for (TableDescriptor leaf :
        table.isPartitioned() ? TableLocks.leaves(cx.catalog(), table) : List.of(table)) {
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
}
