package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Where new relations go.
final class Placements {
  private static final int MAX_HASH_PARTITIONS = 256;

  private Placements() {}

  /// One hash partition for each shard.
  ///
  /// @param columns numbers of the hashed columns; none for the hidden row id
  static PlacementDescriptor evenly(List<Integer> columns, int shards) {
    List<Integer> all = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      all.add(shard);
    }
    return new PlacementDescriptor.Hash(columns, all);
  }

  /// `PARTITION BY HASH (…) PARTITIONS n`.
  static PlacementDescriptor hash(List<Integer> columns, int partitions, int shards, int pos) {
    if (partitions < 1 || partitions > MAX_HASH_PARTITIONS) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "the number of hash partitions must be between 1 and " + MAX_HASH_PARTITIONS)
          .at(pos);
    }
    List<Integer> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.add(partition % shards);
    }
    return new PlacementDescriptor.Hash(columns, all);
  }

  /// `PARTITION BY RANGE (…) SPLIT AT (…)`.
  static PlacementDescriptor range(
      DdlContext cx, List<Column> columns, List<Integer> numbers, List<List<Expr>> splits) {
    int[] shards = ShardChoice.inOrder(cx.shardBytes());
    List<String> encoded = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<Integer> rangeShards = new ArrayList<>(List.of(shards[0]));
    byte[] previous = null;
    for (List<Expr> split : splits) {
      Point point = point(cx, columns, numbers, split);
      if (previous != null && Arrays.compareUnsigned(previous, point.bytes) >= 0) {
        throw new SqlException(
                SqlState.INVALID_TABLE_DEFINITION, "split points must be in ascending order")
            .at(split.getFirst().pos());
      }
      previous = point.bytes;
      encoded.add(HexFormat.of().formatHex(point.bytes));
      texts.add(point.text);
      rangeShards.add(shards[rangeShards.size() % shards.length]);
    }
    return new PlacementDescriptor.Range(numbers, encoded, texts, rangeShards);
  }

  /// A place between rows.
  ///
  /// @param bytes the encoded partition columns, or the first ones of them
  /// @param text as the user wrote it
  record Point(byte[] bytes, String text) {}

  /// @param columns of the table
  /// @param numbers of the partition columns
  static Point point(DdlContext cx, List<Column> columns, List<Integer> numbers, List<Expr> at) {
    if (at.size() > numbers.size()) {
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "a split point has more values than the partition key has columns")
          .at(at.getFirst().pos());
    }
    Expressions expressions = new Expressions(cx);
    KeyWriter key = new KeyWriter();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      Column column = columns.get(numbers.get(i) - 1);
      PgType type = Types.byOid(column.typeOid());
      Object value =
          expressions.evaluate(expressions.value(at.get(i), column.name(), type, column.typmod()));
      if (value == null) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "a split point cannot be null")
            .at(at.get(i).pos());
      }
      type.codec().encodeKey(value, key.beginColumn());
      key.endColumn(false);
      values.add(type.codec().format(value, cx.names().context()));
    }
    return new Point(key.toByteArray(), "(" + String.join(", ", values) + ")");
  }

  /// Where an index's entries go: with their rows, if the index has the columns that rows are
  /// placed by; else by the index's own first column, so that equal keys meet in one place. Entries
  /// have no copies.
  static PlacementDescriptor ofIndex(PlacementDescriptor table, List<Integer> columns, int shards) {
    return switch (table) {
      case null -> null;
      case PlacementDescriptor.Single single -> single;
      case PlacementDescriptor.Replicated all -> new PlacementDescriptor.Single(all.home());
      case PlacementDescriptor.Hash hash
          when !hash.columns().isEmpty() && columns.containsAll(hash.columns()) ->
          hash;
      case PlacementDescriptor.Range range when columns.containsAll(range.columns()) -> range;
      default -> evenly(List.of(columns.getFirst()), shards);
    };
  }

  /// As above. An index of nothing but expressions has its entries with their rows, or in one place
  /// where equal ones have to meet.
  static PlacementDescriptor ofIndex(PlacementDescriptor table, IndexDescriptor index, int shards) {
    if (table instanceof PlacementDescriptor.Replicated all) {
      return new PlacementDescriptor.Single(all.home());
    }
    if (index.exclusion() && !(table instanceof PlacementDescriptor.Single)) {
      // Rows that may be in conflict have their entries in one place.
      return index.equalParts() == 0
          ? new PlacementDescriptor.Single(Math.floorMod(index.oid(), shards))
          : ofIndex(table, index.keyColumns().subList(0, index.equalParts()), shards);
    }
    if (index.inverted()) {
      // A row has many entries; they stay in its shard.
      return table;
    }
    if (!index.keyColumns().isEmpty()) {
      return ofIndex(table, index.keyColumns(), shards);
    }
    return switch (table) {
      case null -> null;
      case PlacementDescriptor.Single single -> single;
      default ->
          index.unique()
              ? new PlacementDescriptor.Single(Math.floorMod(index.oid(), shards))
              : table;
    };
  }
}
