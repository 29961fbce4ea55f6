package io.trencadis.sql.planning;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
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

  public PartitionRouting(Catalog catalog) {
    this.catalog = catalog;
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
    List<Integer> numbers = table.partitioning().columns();
    int[] places = new int[numbers.size()];
    String[] names = new String[places.length];
    TypeCodec[] codecs = new TypeCodec[places.length];
    List<Column> rootColumns = root.liveColumns();
    for (int i = 0; i < places.length; i++) {
      Column column = table.columnNumbered(numbers.get(i));
      names[i] = column.name();
      codecs[i] = Types.byOid(column.typeOid()).codec();
      for (int place = 0; place < rootColumns.size(); place++) {
        if (rootColumns.get(place).name().equals(column.name())) {
          places[i] = place;
        }
      }
    }
    List<PartitionRouter.Branch> branches = new ArrayList<>();
    for (TableDescriptor partition : catalog.partitionsOf(table.oid())) {
      PartitionRouter.Rule rule = rule(partition.bound(), codecs);
      branches.add(
          partition.isPartitioned()
              ? new PartitionRouter.Branch(rule, -1, root(root, partition, nextLeaf).router())
              : new PartitionRouter.Branch(rule, nextLeaf[0]++, null));
    }
    return new Root(new PartitionRouter(places, names, codecs, branches), places);
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
        root(top).router(), places, leaves.indexOf(leaf.descriptor().oid()), named.name());
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
