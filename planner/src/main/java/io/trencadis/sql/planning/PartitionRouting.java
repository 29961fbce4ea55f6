package io.trencadis.sql.planning;

import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.Partitioning;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.PartitionRouter;
import io.trencadis.sql.execute.RowConstraints;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Makes routers out of the partition bounds in the catalog.
public final class PartitionRouting {
  private final Catalog catalog;
  private final Names names;

  /// For routers that need not compute what a partition key is of a row.
  public PartitionRouting(Catalog catalog) {
    this.catalog = catalog;
    this.names = null;
  }

  public PartitionRouting(Names names) {
    this.catalog = names.catalog();
    this.names = names;
  }

  /// The router of a partitioned table.
  ///
  /// @param places of the partition key's columns in a row of the table
  public record Root(PartitionRouter router, int[] places) {}

  /// The router of a partitioned table. Leaves are numbered depth first, in the order of their
  /// oids.
  public Root root(TableDescriptor table) {
    return root(table, table, new int[1]);
  }

  private Root root(TableDescriptor root, TableDescriptor table, int[] nextLeaf) {
    Partitioning key = table.partitioning();
    int[] places = new int[key.columns().size()];
    String[] words = new String[places.length];
    TypeCodec[] codecs = new TypeCodec[places.length];
    List<String> rootColumns = root.liveColumns().stream().map(Column::name).toList();
    for (int i = 0; i < places.length; i++) {
      words[i] = key.name(i, table);
      codecs[i] = Types.byOid(key.typeOid(i, table)).codec();
      places[i] = key.expression(i) != null ? -1 : rootColumns.indexOf(words[i]);
    }
    List<PartitionRouter.Branch> branches = new ArrayList<>();
    for (TableDescriptor partition : catalog.partitionsOf(table.oid())) {
      PartitionRouter.Rule rule = rule(partition.bound(), codecs);
      branches.add(
          partition.isPartitioned()
              ? new PartitionRouter.Branch(rule, -1, root(root, partition, nextLeaf).router())
              : new PartitionRouter.Branch(rule, nextLeaf[0]++, null));
    }
    return new Root(
        new PartitionRouter(table, places, words, codecs, computed(rootColumns, table), branches),
        places);
  }

  /// By part of a table's partition key: what computes it from a row of the root table.
  private Eval[] computed(List<String> rootColumns, TableDescriptor table) {
    Partitioning key = table.partitioning();
    if (names == null || key.expressions().isEmpty()) {
      return null;
    }
    int[] places =
        table.liveColumns().stream().mapToInt(own -> rootColumns.indexOf(own.name())).toArray();
    Eval[] compiled = IndexExpressions.ofPartitionKey(table, names);
    Eval[] all = new Eval[key.columns().size()];
    int next = 0;
    for (int i = 0; i < all.length; i++) {
      if (key.expression(i) != null) {
        Eval each = compiled[next++];
        all[i] =
            (row, x) -> {
              Object[] own = new Object[places.length];
              for (int place = 0; place < own.length; place++) {
                own[place] = row[places[place]];
              }
              return each.eval(own, x);
            };
      }
    }
    return all;
  }

  /// Which rows a leaf may hold that is written to through a partition; null where `named` is none.
  ///
  /// @param named the table that a statement names
  /// @param leaf that table, or a leaf below it
  public RowConstraints.Home home(TableDescriptor named, StoredTable leaf) {
    if (named.parentOid() == 0) {
      return null;
    }
    TableDescriptor top = named;
    while (top.parentOid() != 0) {
      top = catalog.table(top.parentOid());
    }
    List<Integer> leaves = new ArrayList<>();
    collectLeaves(top, leaves);
    List<Column> columns = top.liveColumns();
    int[] places = new int[columns.size()];
    for (int i = 0; i < leaf.width(); i++) {
      for (int place = 0; place < places.length; place++) {
        if (columns.get(place).name().equals(leaf.column(i).name())) {
          places[place] = i;
        }
      }
    }
    return new RowConstraints.Home(
        root(top).router(), places, leaves.indexOf(leaf.descriptor().oid()), named);
  }

  /// The oids of the leaves, in the order of their numbers.
  private void collectLeaves(TableDescriptor table, List<Integer> leaves) {
    if (!table.isPartitioned()) {
      leaves.add(table.oid());
      return;
    }
    catalog.partitionsOf(table.oid()).forEach(partition -> collectLeaves(partition, leaves));
  }

  private static PartitionRouter.Rule rule(PartitionBound bound, TypeCodec[] codecs) {
    return switch (bound) {
      case PartitionBound.Hash hash ->
          new PartitionRouter.Rule.Hash(hash.modulus(), hash.remainder());
      case PartitionBound.ListOf list -> {
        List<Object> values = new ArrayList<>();
        for (String text : list.values()) {
          values.add(text == null ? null : codecs[0].parse(text, -1, TypeContext.DEFAULTS));
        }
        yield new PartitionRouter.Rule.In(values);
      }
      case PartitionBound.Range range ->
          new PartitionRouter.Rule.Range(
              edges(range.lower(), codecs), edges(range.upper(), codecs));
      case PartitionBound.Default _ -> new PartitionRouter.Rule.Default();
    };
  }

  private static List<PartitionRouter.Edge> edges(
      List<PartitionBound.Edge> edges, TypeCodec[] codecs) {
    List<PartitionRouter.Edge> out = new ArrayList<>();
    for (int i = 0; i < edges.size(); i++) {
      PartitionBound.Edge edge = edges.get(i);
      out.add(
          new PartitionRouter.Edge(
              edge.infinity(),
              edge.infinity() == 0
                  ? codecs[i].parse(edge.value(), -1, TypeContext.DEFAULTS)
                  : null));
    }
    return out;
  }
}
