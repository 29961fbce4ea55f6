package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.catalog.Colocation;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.Relocation;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/// `ALTER TABLE … SPLIT PARTITION AT (…)` and `… MOVE PARTITION … TO SHARD …`, which PostgreSQL has
/// not.
///
/// A split is one of the definition only: both parts stay in their shard. A move writes the table's
/// rows anew, where the new definition has them. Inside a transaction block nobody else uses the
/// table meanwhile: it is as transactional as every change of a table, and takes as long as the
/// table is large. Alone it is only begun here, and goes on beside running statements.
final class PlacementChanges {
  private final DdlContext cx;
  private final TableShape shape;
  private final TableLocks locks;

  PlacementChanges(DdlContext cx, TableShape shape, TableLocks locks) {
    this.cx = cx;
    this.shape = shape;
    this.locks = locks;
  }

  /// Splits a table, and those that are colocated with it alike.
  void split(TableDescriptor table, AlterAction.SplitPartition split) {
    splitOne(table, split);
    for (TableDescriptor other : Colocation.alike(cx.catalog(), table)) {
      splitOne(locked(other), split);
    }
  }

  /// Moves a partition of a table, and those of the tables that are colocated with it. Where it is
  /// only begun here, whoever goes on with it does one table after the other.
  void move(TableDescriptor table, AlterAction.MovePartition move) {
    moveOne(table, move);
    if (!cx.beside()) {
      for (TableDescriptor other : Colocation.alike(cx.catalog(), table)) {
        moveOne(locked(other), move);
      }
    }
  }

  private TableDescriptor locked(TableDescriptor table) {
    new Rights(cx.catalog(), cx.databaseOid()).requireOwner(cx.role().oid(), Target.of(table));
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, true);
    return cx.catalog().table(table.oid());
  }

  private void splitOne(TableDescriptor table, AlterAction.SplitPartition split) {
    PlacementDescriptor.Range range = range(table, split.pos());
    Placements.Point point = Placements.point(cx, table.columns(), range.columns(), split.at());
    int at = partitionOf(range, point);
    String encoded = HexFormat.of().formatHex(point.bytes());
    if (at > 0 && range.splits().get(at - 1).equals(encoded)) {
      throw new SqlException(
              SqlState.DUPLICATE_OBJECT,
              "table \"" + table.name() + "\" is split at " + point.text() + " already")
          .at(split.at().getFirst().pos());
    }
    List<String> splits = new ArrayList<>(range.splits());
    List<String> texts = new ArrayList<>(range.splitTexts());
    List<Integer> shards = new ArrayList<>(range.shards());
    splits.add(at, encoded);
    texts.add(at, point.text());
    shards.add(at, shards.get(at));
    cx.put(placed(table, new PlacementDescriptor.Range(range.columns(), splits, texts, shards)));
  }

  private void moveOne(TableDescriptor table, AlterAction.MovePartition move) {
    if (move.shard() >= cx.shardCount()) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "shard " + move.shard() + " does not exist")
          .hint("Shards are numbered from 0 to " + (cx.shardCount() - 1) + ".")
          .at(move.pos());
    }
    if (table.placement() == null) {
      throw noRows(table, move.pos());
    }
    PlacementDescriptor target =
        switch (table.placement()) {
          case PlacementDescriptor.Range range -> {
            int number =
                move.at() == null
                    ? number(move, range.shards().size())
                    : partitionOf(
                        range, Placements.point(cx, table.columns(), range.columns(), move.at()));
            yield new PlacementDescriptor.Range(
                range.columns(),
                range.splits(),
                range.splitTexts(),
                with(range.shards(), number, move.shard()));
          }
          case PlacementDescriptor.Hash hash -> {
            requireNumber(table, move);
            yield new PlacementDescriptor.Hash(
                hash.columns(),
                with(hash.bucketShards(), number(move, hash.bucketShards().size()), move.shard()));
          }
          case PlacementDescriptor.Replicated _ ->
              throw new SqlException(
                      SqlState.WRONG_OBJECT_TYPE,
                      "rows of table \"" + table.name() + "\" are in every shard")
                  .at(move.pos());
          case PlacementDescriptor.Single _ -> {
            requireNumber(table, move);
            number(move, 1);
            yield new PlacementDescriptor.Single(move.shard());
          }
        };
    if (target.equals(table.placement())) {
      return;
    }
    TableDescriptor definition = placed(table, target);
    if (cx.beside() && !ObjectNames.isTemporary(cx, table.schemaOid())) {
      cx.put(table.change().relocation(relocation(definition)).build());
    } else {
      shape.rewritten(table, definition, UnaryOperator.identity());
    }
  }

  private Relocation relocation(TableDescriptor definition) {
    int relationId = cx.newRelationId();
    List<IndexDescriptor> indexes = new ArrayList<>();
    for (IndexDescriptor index : definition.indexes()) {
      indexes.add(index.withRelation(index.ordersRows() ? relationId : cx.newRelationId()));
    }
    return new Relocation(cx.incarnation(), relationId, definition.placement(), indexes);
  }

  private static List<Integer> with(List<Integer> shards, int partition, int shard) {
    List<Integer> changed = new ArrayList<>(shards);
    changed.set(partition, shard);
    return List.copyOf(changed);
  }

  private static int number(AlterAction.MovePartition move, int partitions) {
    if (move.number() >= partitions) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "partition " + move.number() + " does not exist")
          .hint("Partitions are numbered from 0 to " + (partitions - 1) + ".")
          .at(move.pos());
    }
    return move.number();
  }

  private static void requireNumber(TableDescriptor table, AlterAction.MovePartition move) {
    if (move.number() == null) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "table \"" + table.name() + "\" is not split into ranges")
          .hint("Name the partition by its number.")
          .at(move.pos());
    }
  }

  private static PlacementDescriptor.Range range(TableDescriptor table, int pos) {
    if (table.placement() == null) {
      throw noRows(table, pos);
    }
    if (table.placement() instanceof PlacementDescriptor.Range range) {
      return range;
    }
    throw new SqlException(
            SqlState.WRONG_OBJECT_TYPE, "table \"" + table.name() + "\" is not split into ranges")
        .hint("Make it with PARTITION BY RANGE (...) SPLIT AT VALUES (...).")
        .at(pos);
  }

  private static SqlException noRows(TableDescriptor table, int pos) {
    return new SqlException(
            SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" has no rows of its own")
        .at(pos);
  }

  /// The number of the range that a point is in, or begins.
  private static int partitionOf(PlacementDescriptor.Range range, Placements.Point point) {
    int number = 0;
    for (String split : range.splits()) {
      if (Arrays.compareUnsigned(HexFormat.of().parseHex(split), point.bytes()) > 0) {
        break;
      }
      number++;
    }
    return number;
  }

  /// The table somewhere else, and with it those of its indexes that go where it goes.
  private static TableDescriptor placed(TableDescriptor table, PlacementDescriptor placement) {
    List<IndexDescriptor> indexes = new ArrayList<>();
    IndexDescriptor primary = table.primaryKey();
    for (IndexDescriptor index : table.indexes()) {
      boolean along = index.ordersRows() || table.placement().equals(index.placement());
      IndexDescriptor one = along ? index.withPlacement(placement) : index;
      indexes.add(one);
      primary = one.ordersRows() ? one : primary;
    }
    return table.change().placement(placement).indexes(indexes).primaryKey(primary).build();
  }
}
