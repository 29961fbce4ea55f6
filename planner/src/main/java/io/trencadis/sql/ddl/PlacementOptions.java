package io.trencadis.sql.ddl;

import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// `ALTER TABLE … SET (colocate_with = …)`, `SET (replicated)`, and RESET of both. Rows that are to
/// be elsewhere are written anew, under the table's lock.
final class PlacementOptions {
  private final DdlContext cx;
  private final TableShape shape;

  PlacementOptions(DdlContext cx, TableShape shape) {
    this.cx = cx;
    this.shape = shape;
  }

  /// Applies those of the options that say where rows are.
  ///
  /// @return the others
  /// @throws SqlException 22023, 42P01, 42809, 42P16, 42804, 42501
  AlterAction apply(TableDescriptor table, AlterAction action) {
    return switch (action) {
      case AlterAction.SetOptions(List<Statement.StorageOption> options, int pos) -> {
        set(table, placing(options, true));
        yield new AlterAction.SetOptions(placing(options, false), pos);
      }
      case AlterAction.ResetOptions(List<Statement.StorageOption> options, int pos) -> {
        reset(table, placing(options, true));
        yield new AlterAction.ResetOptions(placing(options, false), pos);
      }
      default -> throw new IllegalArgumentException("not of options: " + action);
    };
  }

  private static List<Statement.StorageOption> placing(
      List<Statement.StorageOption> options, boolean placing) {
    return options.stream()
        .filter(option -> TablePlacement.isOption(option.name()) == placing)
        .toList();
  }

  private void set(TableDescriptor table, List<Statement.StorageOption> options) {
    if (options.isEmpty()) {
      return;
    }
    TablePlacement place =
        new TablePlacement(cx, table.name(), ObjectNames.isTemporary(cx, table.schemaOid()));
    List<String> kept = options(table);
    for (Statement.StorageOption option : options) {
      String text = place.option(option);
      if (text != null) {
        kept.removeIf(TablePlacement::isReplicated);
        kept.add(text);
      }
    }
    place.require(table);
    TableDescriptor.Builder change = table.change().options(kept);
    if (place.colocatedWith() != 0) {
      change.colocatedWith(place.colocatedWith());
    }
    place(
        table,
        change,
        place.isAny()
            ? place.of(table.oid(), 0, table.columns(), TablePlacement.key(table))
            : unreplicated(table));
  }

  private void reset(TableDescriptor table, List<Statement.StorageOption> options) {
    PlacementDescriptor target = table.placement();
    List<String> kept = options(table);
    TableDescriptor.Builder change = table.change();
    for (Statement.StorageOption option : options) {
      if (TablePlacement.isReplicated(option.name() + "=")) {
        kept.removeIf(TablePlacement::isReplicated);
        target = unreplicated(table);
      } else {
        change.colocatedWith(0);
      }
    }
    if (!options.isEmpty()) {
      place(table, change.options(kept), target);
    }
  }

  private static List<String> options(TableDescriptor table) {
    return new ArrayList<>(table.options() == null ? List.of() : table.options());
  }

  private PlacementDescriptor unreplicated(TableDescriptor table) {
    return table.placement() instanceof PlacementDescriptor.Replicated
        ? TablePlacement.evenly(cx, TablePlacement.key(table))
        : table.placement();
  }

  private void place(
      TableDescriptor table, TableDescriptor.Builder change, PlacementDescriptor placement) {
    if (Objects.equals(placement, table.placement())) {
      shape.put(table, change);
      return;
    }
    List<IndexDescriptor> indexes = shape.replaced(table.indexes(), placement);
    IndexDescriptor primary =
        indexes.stream().filter(IndexDescriptor::ordersRows).findFirst().orElse(null);
    shape.rewritten(
        table,
        change.placement(placement).indexes(indexes).primaryKey(primary).build(),
        UnaryOperator.identity());
  }
}
