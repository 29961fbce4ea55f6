package io.trencadis.sql.planning;

import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.KeyCodec;
import io.trencadis.sql.execute.PartitionColumns;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.rel.IndexTerms;
import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Finds the best way to the rows of a table that satisfy a condition: its key, an index, or all of
/// it. One for each statement being planned. Not thread-safe.
final class AccessPaths {
  private static final double EQUAL_SELECTIVITY = 0.005;
  private static final double ROUND_TRIP = 0.05;

  /// A row that an index names is found by its key: measured, that takes eight times and more of
  /// what the next row of a scan does.
  private static final double FETCH = 0.08;

  /// What costs are reckoned with at least: a plan outlives the time when its table was small.
  private static final double LEAST_ROWS = 1000;

  /// What is left of a scan's cost where some partitions are passed over.
  private static final double PRUNED = 0.5;

  /// What two threads take for what one does: they are never quite done at the same time.
  private static final double SIDE_BY_SIDE = 0.6;

  private final Set<SourceRels.Table> inParts = new HashSet<>();
  private final SlotTable slots;
  private final Map<TableDescriptor, StoredTable> tables = new IdentityHashMap<>();

  AccessPaths(SlotTable slots) {
    this.slots = slots;
  }

  SlotTable slots() {
    return slots;
  }

  /// Notes that all of a table's rows, if it is read whole, are read by several threads.
  void inParts(SourceRels.Table table) {
    inParts.add(table);
  }

  /// The stored table; the same object each time within a statement.
  StoredTable stored(TableDescriptor descriptor) {
    return tables.computeIfAbsent(descriptor, StoredTable::new);
  }

  /// The way into one leaf.
  ///
  /// @param index null for the table's own order
  /// @param equal values of the leading key columns
  /// @param lower a bound of the column after them, or null
  /// @param point whether one row is found at the most
  /// @param partitionValues of the partition columns, if all are known; else null
  /// @param list where one of the equal values, or the range, is each of a list's in turn, or null
  /// @param terms what is looked up in an inverted index; empty for other ways
  /// @param rows how many are expected, one at least
  /// @param expected the same, which may be less than one
  /// @param used the conjuncts that the path takes care of
  /// @param remaining the rest of the condition, over the leaf's columns
  record Path(
      StoredTable table,
      StoredIndex index,
      List<RexNode> equal,
      Sarg lower,
      Sarg upper,
      boolean point,
      ListArgument list,
      List<TermArgument> terms,
      List<RexNode> partitionValues,
      List<RexNode> used,
      List<RexNode> remaining,
      int[] places,
      double rows,
      double expected,
      double cost) {}

  /// One path for each leaf, and what they cost together.
  ///
  /// @param rows one at least
  /// @param expected the same, which may be less than one
  /// @param order in which the rows have to come, whatever the shards; of one leaf
  record Choice(List<Path> paths, double rows, double expected, double cost, ScanOrder order) {
    /// One path in an order, of which so many rows are read that they cost so much.
    static Choice ordered(Path path, ScanOrder order, double cost) {
      return new Choice(List.of(path), path.rows, path.expected, cost, order);
    }

    /// Whether every leaf is entered by key.
    boolean usesKey() {
      return !paths.isEmpty() && paths.stream().allMatch(path -> !path.equal.isEmpty());
    }

    String label() {
      StringBuilder out = new StringBuilder();
      for (Path path : paths) {
        out.append(path.table.descriptor().oid())
            .append(path.index == null ? "" : ":" + path.index.descriptor().oid())
            .append(path.equal)
            .append(path.terms)
            .append(';');
      }
      return out.toString();
    }
  }

  Choice choose(SourceRels.Table source, RexNode condition) {
    List<RexNode> conjuncts = condition == null ? List.of() : RelOptUtil.conjunctions(condition);
    List<Path> paths = new ArrayList<>();
    double rows = 0;
    double cost = 0;
    double each = source.estimateRowCount(null) / Math.max(1, source.leaves().size());
    for (TableDescriptor leaf : source.leaves()) {
      Path path = choose(source, stored(leaf), conjuncts, each);
      paths.add(path);
      rows += path.rows;
      cost += path.cost;
    }
    if (prunes(source.table(), conjuncts)) {
      cost *= PRUNED;
    }
    double expected = paths.stream().mapToDouble(Path::expected).sum();
    return new Choice(paths, Math.max(1, rows), expected, cost, ScanOrder.NONE);
  }

  /// What it costs, about, to find a table's rows by values of some columns; more than anything
  /// where no key begins with one of them.
  double lookUpCost(SourceRels.Table source, BitSet columns) {
    double cost = 0;
    for (TableDescriptor leaf : source.leaves()) {
      StoredTable table = stored(leaf);
      int[] places = placesIn(source.table(), table);
      BitSet own = new BitSet();
      double selectivity = 1;
      for (int column : columns.stream().toArray()) {
        if (column < places.length) {
          own.set(places[column]);
          selectivity /= Math.max(1, source.distinct(column));
        }
      }
      double rows = Math.max(LEAST_ROWS, source.rows() / source.leaves().size());
      double best =
          table.key() == null ? Double.MAX_VALUE : byColumns(table, null, own, selectivity, rows);
      for (StoredIndex index : table.indexes()) {
        if (source.indexTerms().get(index.descriptor().oid()) == null
            && isOrdered(index.descriptor())) {
          best = Math.min(best, byColumns(table, index, own, selectivity, rows));
        }
      }
      cost += best;
    }
    return cost;
  }

  private static double byColumns(
      StoredTable table, StoredIndex index, BitSet known, double selectivity, double rows) {
    KeyCodec key = index == null ? table.key() : index.key();
    int part = 0;
    while (part < key.width() && known.get(key.columns()[part])) {
      part++;
    }
    if (part == 0) {
      return Double.MAX_VALUE;
    }
    boolean unique = part == key.width() && (index == null || index.descriptor().uniqueAtOnce());
    double found = unique ? 1 : Math.max(1, rows * selectivity);
    PartitionColumns partition =
        index == null ? table.partitionColumns() : index.partitionColumns();
    boolean one = partition.width() > 0;
    for (int place : partition.places()) {
      one &= known.get(place);
    }
    int shards = one ? 1 : table.placement().shards().length;
    return found * (PhysicalRels.ROW + (index == null ? 0 : FETCH)) + ROUND_TRIP * shards;
  }

  /// Whether the condition says something of the column that decides between partitions, so that
  /// some of them will not be read.
  private static boolean prunes(TableDescriptor table, List<RexNode> conjuncts) {
    if (!table.isPartitioned()) {
      return false;
    }
    if (table.partitioning().expression(0) != null) {
      return false;
    }
    String column = table.partitioning().name(0, table);
    var columns = table.liveColumns();
    return conjuncts.stream()
        .map(Sarg::of)
        .anyMatch(
            sarg ->
                sarg.isPresent()
                    && sarg.get().place() < columns.size()
                    && columns.get(sarg.get().place()).name().equals(column));
  }

  /// For each column of `table`, its place in a row of `leaf`.
  private static int[] placesIn(TableDescriptor table, StoredTable leaf) {
    var columns = table.liveColumns();
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = leaf.place(leaf.descriptor().column(columns.get(i).name()).number());
    }
    return places;
  }

  /// What is expected of a leaf.
  ///
  /// @param places for each column of the table, its place in the leaf
  /// @param rows how many it has
  /// @param distinct for each place, how many different values are there
  /// @param selectivity the part of the rows that the whole condition holds for
  /// @param facts of its rows
  private record Leaf(
      int[] places, double rows, double[] distinct, double selectivity, Estimates.Facts facts) {
    static Leaf of(
        SourceRels.Table source, StoredTable table, List<RexNode> conjuncts, double rows) {
      int[] places = placesIn(source.table(), table);
      double[] distinct = new double[table.width()];
      for (int column = 0; column < places.length; column++) {
        distinct[places[column]] = Math.min(rows, source.distinct(column));
      }
      int[] origins = new int[table.width()];
      java.util.Arrays.fill(origins, Integer.MAX_VALUE);
      for (int column = 0; column < places.length; column++) {
        origins[places[column]] = column;
      }
      Estimates.Facts facts =
          Estimates.Facts.of(source)
              .moved(place -> place < origins.length ? origins[place] : Integer.MAX_VALUE);
      return new Leaf(places, rows, distinct, AccessPaths.selectivity(source, conjuncts), facts);
    }
  }

  private Path choose(
      SourceRels.Table source, StoredTable table, List<RexNode> rootConjuncts, double rows) {
    Leaf leaf = Leaf.of(source, table, rootConjuncts, rows);
    int[] places = leaf.places;
    List<RexNode> conjuncts = new ArrayList<>();
    for (RexNode conjunct : rootConjuncts) {
      conjuncts.add(remapped(conjunct, places, table.width()));
    }
    List<Sarg> sargs = sargs(conjuncts);
    Path best =
        unbound(
            table,
            null,
            known(table.partitionColumns(), sargs),
            conjuncts,
            leaf,
            Math.max(LEAST_ROWS, rows)
                    * (PhysicalRels.ROW
                        + Math.min(2, conjuncts.size()) * PhysicalRels.OPERATOR * 0.4)
                    * (inParts.contains(source) ? SIDE_BY_SIDE : 1)
                + ROUND_TRIP * table.placement().shards().length);
    best = byAnyKey(source, table, sargs, null, conjuncts, leaf, best);
    best = byTerms(source, table, conjuncts, leaf, best);
    for (RexNode conjunct : conjuncts) {
      for (ListArgument list : ListArgument.of(conjunct, slots)) {
        if (find(sargs, list.first().sarg().place(), Sarg.Kind.EQUAL) == null) {
          // Before other bounds of the same column, which are checked.
          List<Sarg> more = new ArrayList<>(list.sargs());
          more.addAll(sargs);
          best = byAnyKey(source, table, more, list, conjuncts, leaf, best);
        }
      }
    }
    return best;
  }

  /// The ways into a table by each of its keys, also where the condition says nothing of that: for
  /// their order. Only those that could come in one.
  List<Path> byEveryKey(SourceRels.Table source, RexNode condition) {
    List<RexNode> all = condition == null ? List.of() : RelOptUtil.conjunctions(condition);
    StoredTable table = stored(source.leaves().getFirst());
    Leaf leaf = Leaf.of(source, table, all, source.estimateRowCount(null));
    List<RexNode> conjuncts =
        all.stream().map(each -> remapped(each, leaf.places, table.width())).toList();
    List<Sarg> sargs = sargs(conjuncts);
    List<Path> paths = new ArrayList<>();
    if (table.key() != null) {
      Path bound = byKey(table, null, table.key(), true, sargs, null, conjuncts, leaf);
      paths.add(bound == null ? whole(table, null, conjuncts, leaf) : bound);
    }
    for (StoredIndex index : table.indexes()) {
      IndexTerms terms = source.indexTerms().get(index.descriptor().oid());
      if (isOrdered(index.descriptor())
          && (terms == null || Implication.holds(conjuncts, terms.predicate()))) {
        Path bound =
            byKey(
                table,
                index,
                index.key(),
                index.descriptor().uniqueAtOnce(),
                withExpressions(sargs, terms, table.width(), conjuncts),
                null,
                conjuncts,
                leaf);
        paths.add(bound == null ? whole(table, index, conjuncts, leaf) : bound);
      }
    }
    return paths;
  }

  private List<Sarg> sargs(List<RexNode> conjuncts) {
    List<Sarg> sargs = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      Sarg.of(conjunct).ifPresent(sargs::add);
      RowBounds.of(conjunct).ifPresent(sargs::add);
      sargs.addAll(PatternBounds.of(conjunct, slots));
    }
    return sargs;
  }

  /// What it costs, about, to read a part of a path's rows from all shards at once.
  static double cost(Path path, double part) {
    return path.cost * part + ROUND_TRIP * path.table.placement().shards().length;
  }

  /// All of a key, in its order.
  private static Path whole(
      StoredTable table, StoredIndex index, List<RexNode> conjuncts, Leaf leaf) {
    double perRow =
        PhysicalRels.ROW + conjuncts.size() * PhysicalRels.OPERATOR + (index == null ? 0 : FETCH);
    return unbound(table, index, null, conjuncts, leaf, Math.max(LEAST_ROWS, leaf.rows) * perRow);
  }

  /// A path whose condition says nothing of what it goes by.
  private static Path unbound(
      StoredTable table,
      StoredIndex index,
      List<RexNode> partitionValues,
      List<RexNode> conjuncts,
      Leaf leaf,
      double cost) {
    double expected = leaf.rows * leaf.selectivity;
    return new Path(
        table,
        index,
        List.of(),
        null,
        null,
        false,
        null,
        List.of(),
        partitionValues,
        List.of(),
        conjuncts,
        leaf.places,
        Math.max(1, expected),
        expected,
        cost);
  }

  private static double selectivity(SourceRels.Table source, List<RexNode> conjuncts) {
    return Estimates.selectivity(conjuncts, Estimates.Facts.of(source));
  }

  /// The best of a path and those by the table's key and its indexes.
  private Path byAnyKey(
      SourceRels.Table source,
      StoredTable table,
      List<Sarg> sargs,
      ListArgument list,
      List<RexNode> conjuncts,
      Leaf leaf,
      Path other) {
    Path best = other;
    if (table.key() != null) {
      best = better(best, byKey(table, null, table.key(), true, sargs, list, conjuncts, leaf));
    }
    for (StoredIndex index : table.indexes()) {
      IndexTerms terms = source.indexTerms().get(index.descriptor().oid());
      if (!isOrdered(index.descriptor())) {
        continue;
      }
      if (terms != null && !Implication.holds(conjuncts, terms.predicate())) {
        continue;
      }
      best =
          better(
              best,
              byKey(
                  table,
                  index,
                  index.key(),
                  index.descriptor().uniqueAtOnce(),
                  withExpressions(sargs, terms, table.width(), conjuncts),
                  list,
                  conjuncts,
                  leaf));
    }
    return best;
  }

  private static boolean isOrdered(IndexDescriptor index) {
    return index.valid() && !index.inverted();
  }

  /// The best of a path and those by inverted indexes.
  private Path byTerms(
      SourceRels.Table source, StoredTable table, List<RexNode> conjuncts, Leaf leaf, Path other) {
    Path best = other;
    for (StoredIndex index : table.indexes()) {
      IndexTerms terms = source.indexTerms().get(index.descriptor().oid());
      if (!index.descriptor().valid()
          || !index.descriptor().inverted()
          || terms != null && !Implication.holds(conjuncts, terms.predicate())) {
        continue;
      }
      List<TermArgument> wanted = TermArgument.of(index, terms, conjuncts);
      wanted.removeIf(each -> each.saysNothing(slots));
      if (wanted.isEmpty()) {
        continue;
      }
      List<RexNode> used = wanted.stream().map(TermArgument::conjunct).toList();
      double part = Estimates.selectivity(used, leaf.facts);
      double found = Math.max(1, Math.max(LEAST_ROWS, leaf.rows) * part);
      if (index.descriptor().parts().getFirst().operatorClass().equals("jsonb_path_ops")) {
        // Its terms say more, and there are fewer of them.
        found *= 0.9;
      }
      double expected = leaf.rows * leaf.selectivity;
      best =
          better(
              best,
              new Path(
                  table,
                  index,
                  List.of(),
                  null,
                  null,
                  false,
                  null,
                  wanted,
                  null,
                  used,
                  conjuncts,
                  leaf.places,
                  Math.max(1, expected),
                  expected,
                  found * (PhysicalRels.ROW + ROUND_TRIP + conjuncts.size() * PhysicalRels.OPERATOR)
                      + ROUND_TRIP * index.placement().shards().length));
    }
    return best;
  }

  /// Search arguments of an index: those of columns, and of the expressions that it has.
  private List<Sarg> withExpressions(
      List<Sarg> sargs, IndexTerms terms, int width, List<RexNode> conjuncts) {
    if (terms == null || terms.expressions().isEmpty()) {
      return sargs;
    }
    List<Sarg> all = new ArrayList<>(sargs);
    for (int i = 0; i < terms.expressions().size(); i++) {
      for (RexNode conjunct : conjuncts) {
        Sarg.on(terms.expressions().get(i), width + i, conjunct).ifPresent(all::add);
        all.addAll(PatternBounds.on(terms.expressions().get(i), width + i, conjunct, slots));
      }
    }
    return all;
  }

  private static RexNode remapped(RexNode node, int[] places, int width) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            // What is after the columns is the locator.
            int place = ref.getIndex() < places.length ? places[ref.getIndex()] : width;
            return place != ref.getIndex() ? new RexInputRef(place, ref.getType()) : ref;
          }
        });
  }

  private static Path better(Path a, Path b) {
    return b == null || a.cost <= b.cost ? a : b;
  }

  private static Sarg find(List<Sarg> sargs, int place, Sarg.Kind... kinds) {
    for (Sarg sarg : sargs) {
      if (sarg.place() == place && List.of(kinds).contains(sarg.kind())) {
        return sarg;
      }
    }
    return null;
  }

  private static List<RexNode> known(PartitionColumns columns, List<Sarg> sargs) {
    if (columns.width() == 0) {
      return null;
    }
    List<RexNode> values = new ArrayList<>();
    for (int place : columns.places()) {
      Sarg sarg = find(sargs, place, Sarg.Kind.EQUAL);
      if (sarg == null) {
        return null;
      }
      values.add(sarg.value());
    }
    return values;
  }

  /// The part of a table's rows that have given values in the first columns of a key or index.
  ///
  /// @param primary the table's key, or null
  private static double fraction(KeyCodec primary, KeyCodec key, int columns, double rows) {
    double guess = Math.pow(EQUAL_SELECTIVITY, columns);
    if (primary == null) {
      return guess;
    }
    int inPrimary = 0;
    for (int i = 0; i < columns; i++) {
      for (int column : primary.columns()) {
        inPrimary += column == key.columns()[i] ? 1 : 0;
      }
    }
    // All columns of the key together tell every row apart, so that each of them does a root's part
    // of it: most have far fewer values than the guess for a column that nothing is known of says.
    double byPrimary = Math.pow(Math.max(1, rows), -(double) inPrimary / primary.width());
    return Math.max(guess, byPrimary * Math.pow(EQUAL_SELECTIVITY, columns - inPrimary));
  }

  /// The same of a table with so many rows that the numbers of different values mean something.
  private static double fraction(Leaf leaf, KeyCodec key, List<Sarg> equal) {
    double part = 1;
    for (int i = 0; i < equal.size(); i++) {
      int place = key.columns()[i];
      // Values of expressions come after the columns.
      part *=
          place < leaf.distinct.length
              ? Estimates.equal(equal.get(i), leaf.facts)
              : EQUAL_SELECTIVITY;
    }
    return part;
  }

  private Path byKey(
      StoredTable table,
      StoredIndex index,
      KeyCodec key,
      boolean unique,
      List<Sarg> sargs,
      ListArgument list,
      List<RexNode> conjuncts,
      Leaf leaf) {
    double rows = leaf.rows;
    List<RexNode> equal = new ArrayList<>();
    List<Sarg> equalities = new ArrayList<>();
    Set<RexNode> used = new HashSet<>();
    int part = 0;
    for (; part < key.width(); part++) {
      Sarg sarg = find(sargs, key.columns()[part], Sarg.Kind.EQUAL);
      if (sarg == null) {
        break;
      }
      equal.add(sarg.value());
      equalities.add(sarg);
      used.add(sarg.conjunct());
    }
    Sarg lower = null;
    Sarg upper = null;
    if (part < key.width()) {
      int place = key.columns()[part];
      lower = find(sargs, place, Sarg.Kind.GREATER, Sarg.Kind.GREATER_EQUAL);
      upper = find(sargs, place, Sarg.Kind.LESS, Sarg.Kind.LESS_EQUAL);
      lower = RowBounds.fitting(lower, key, part);
      upper = RowBounds.fitting(upper, key, part);
    }
    if (equal.isEmpty() && lower == null && upper == null) {
      return null;
    }
    if (lower != null) {
      used.add(lower.conjunct());
    }
    if (upper != null) {
      used.add(upper.conjunct());
    }
    boolean listed = list != null && used.contains(list.conjunct());
    double times = listed ? list.guessedLength() : 1;
    boolean point = unique && equal.size() == key.width();
    double fraction =
        rows < LEAST_ROWS
            ? fraction(table.key(), key, equal.size(), rows)
            : fraction(leaf, key, equalities);
    fraction *=
        listed && list.isRanges()
            ? Estimates.selectivity(list.conjunct(), leaf.facts) / times
            : Estimates.range(lower, upper, leaf.facts);
    double found = point ? 1 : Math.max(1, rows * fraction);
    double costed = point ? 1 : Math.max(1, Math.max(LEAST_ROWS, rows) * fraction);
    List<RexNode> remaining = new ArrayList<>(conjuncts);
    remaining.removeAll(used);
    if (lower != null && !lower.exact()) {
      remaining.add(lower.conjunct());
    }
    if (upper != null && !upper.exact() && !remaining.contains(upper.conjunct())) {
      remaining.add(upper.conjunct());
    }
    PartitionColumns partition =
        index == null ? table.partitionColumns() : index.partitionColumns();
    List<RexNode> partitionValues = known(partition, sargs);
    int shards = partitionValues != null ? 1 : table.placement().shards().length;
    double perRow =
        PhysicalRels.ROW + remaining.size() * PhysicalRels.OPERATOR + (index == null ? 0 : FETCH);
    double expected = times;
    if (point) {
      for (RexNode conjunct : remaining) {
        expected *= Estimates.selectivity(conjunct, leaf.facts);
      }
    } else {
      expected = rows * leaf.selectivity;
    }
    List<RexNode> usedInOrder = new ArrayList<>(conjuncts);
    usedInOrder.retainAll(used);
    return new Path(
        table,
        index,
        equal,
        lower,
        upper,
        point,
        listed ? list : null,
        List.of(),
        partitionValues,
        usedInOrder,
        remaining,
        leaf.places,
        Math.max(1, expected),
        expected,
        times * (costed * perRow + ROUND_TRIP * shards));
  }
}
