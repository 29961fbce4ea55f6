package io.trencadis.sql.planning;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which of the planner's rules are at work: all, unless somebody wants to know what one of them
/// does, or whether it is right (`trencadis.disabled_rules`). Immutable and thread-safe.
public final class PlanRules {
  /// EXISTS and IN become joins.
  static final String UNNESTING = "unnesting";

  /// Conditions go down, projections together.
  static final String REWRITING = "rewriting";

  static final String JOIN_ORDER = "join_order";
  static final String JOIN_COMMUTE = "join_commute";
  static final String LOOKUP_JOIN = "lookup_join";

  /// Conditions go into scans, and by them through indexes.
  static final String INDEX_SCAN = "index_scan";

  static final String PARTIAL_GROUPS = "partial_groups";
  static final String ORDERED_GROUPS = "ordered_groups";

  /// The first rows by some order are read in that order, rather than sorted out of all.
  static final String ORDERED_SCANS = "ordered_scans";

  /// Other tables are looked up for rows that are read in an order, in that order.
  static final String ORDERED_JOINS = "ordered_joins";

  /// Rows in an order are sorted further among those that are equal in it.
  static final String INCREMENTAL_SORT = "incremental_sort";

  /// A semi-join becomes a join with the different rows of its other side.
  static final String DISTINCT_JOIN = "distinct_join";

  /// An index that has all that is asked for is read alone.
  static final String INDEX_ONLY = "index_only";

  static final String GATHER = "gather";
  static final String RUNTIME_FILTERS = "runtime_filters";

  /// In a cluster, work is done where the rows are.
  static final String FRAGMENTS = "fragments";

  /// Tables whose rows lie together are joined where they are.
  static final String COLOCATED_JOINS = "colocated_joins";

  /// Rows of a small table are sent to those of a large one.
  static final String BROADCAST_JOINS = "broadcast_joins";

  /// Rows of large tables are sent from node to node, to be joined by all of these.
  static final String EXCHANGED_JOINS = "exchanged_joins";

  /// Rows that are to be changed or locked are sought where they are.
  static final String CHANGE_FRAGMENTS = "change_fragments";

  /// What is aggregated once for each different value is made different where it is.
  static final String DISTINCT_FRAGMENTS = "distinct_fragments";

  /// All of them.
  public static final List<String> NAMES =
      List.of(
          UNNESTING,
          REWRITING,
          JOIN_ORDER,
          JOIN_COMMUTE,
          LOOKUP_JOIN,
          INDEX_SCAN,
          PARTIAL_GROUPS,
          ORDERED_GROUPS,
          ORDERED_SCANS,
          ORDERED_JOINS,
          INCREMENTAL_SORT,
          DISTINCT_JOIN,
          INDEX_ONLY,
          GATHER,
          RUNTIME_FILTERS,
          FRAGMENTS,
          COLOCATED_JOINS,
          BROADCAST_JOINS,
          EXCHANGED_JOINS,
          CHANGE_FRAGMENTS,
          DISTINCT_FRAGMENTS);

  public static final PlanRules ALL = new PlanRules(Set.of(FRAGMENTS));

  private final Set<String> disabled;

  private PlanRules(Set<String> disabled) {
    this.disabled = Set.copyOf(disabled);
  }

  /// @param disabled names of rules that are not applied, with commas between them; others than
  ///   [#NAMES] mean nothing
  public static PlanRules without(String disabled) {
    Set<String> names = new TreeSet<>();
    Arrays.stream(disabled.split(",")).map(String::strip).forEach(names::add);
    return new PlanRules(names);
  }

  /// The same for a node on its own, which has no other nodes to send work to.
  public PlanRules onOneNode() {
    Set<String> more = new TreeSet<>(disabled);
    more.add(FRAGMENTS);
    return new PlanRules(more);
  }

  boolean has(String rule) {
    return !disabled.contains(rule);
  }
}
