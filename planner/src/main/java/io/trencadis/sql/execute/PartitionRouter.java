package io.trencadis.sql.execute;

import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Finds the partition of a row of a partitioned table, level by level. Immutable and thread-safe.
public final class PartitionRouter {
  private final TableDescriptor table;
  private final int[] places;
  private final String[] names;
  private final TypeCodec[] codecs;
  private final Eval[] computed;
  private final List<Branch> branches;

  /// A partition: which rows it takes, and what it is.
  ///
  /// @param leaf the number of the stored table, if the partition is one
  /// @param router how it is divided further, or null
  public record Branch(Rule rule, int leaf, PartitionRouter router) {
    private void addLeaves(BitSet leaves) {
      if (router == null) {
        leaves.set(leaf);
      } else {
        router.branches.forEach(branch -> branch.addLeaves(leaves));
      }
    }
  }

  /// Which rows a partition takes, by the values of the partition key.
  public sealed interface Rule {
    /// `MODULUS m, REMAINDER r` over a hash of the key.
    record Hash(int modulus, int remainder) implements Rule {}

    /// @param values each the key's one value; null for SQL NULL
    record In(List<Object> values) implements Rule {}

    /// From (inclusive) and to (exclusive), compared column by column.
    record Range(List<Edge> lower, List<Edge> upper) implements Rule {}

    /// What no other partition takes.
    record Default() implements Rule {}
  }

  /// @param infinity -1 below all values, 1 above all, 0 for the value
  public record Edge(int infinity, Object value) {}

  /// @param table the partitioned table
  /// @param places of the partition key's columns in a row of the root table; -1 for an expression
  /// @param computed by part of the key: what an expression gives for a row of the root table; null
  ///   where the router shall only say which leaves may hold rows
  public PartitionRouter(
      TableDescriptor table,
      int[] places,
      String[] names,
      TypeCodec[] codecs,
      Eval[] computed,
      List<Branch> branches) {
    this.table = table;
    this.places = places;
    this.computed = computed;
    this.names = names;
    this.codecs = codecs;
    this.branches = List.copyOf(branches);
  }

  /// The number of the leaf, or -1 where no partition takes the row.
  ///
  /// @param row of the root table's live columns
  public int leafOf(Object[] row, Execution x) {
    Branch branch = branchOf(keyOf(row, x));
    return branch == null ? -1 : branch.router == null ? branch.leaf : branch.router.leafOf(row, x);
  }

  /// The partitioned table that this is the router of.
  TableDescriptor table() {
    return table;
  }

  /// Of the routers that a row passes, the last: it has no partition for it.
  ///
  /// @param row one that [#leafOf] has no leaf for
  PartitionRouter refusing(Object[] row, Execution x) {
    Branch branch = branchOf(keyOf(row, x));
    return branch == null || branch.router == null ? this : branch.router.refusing(row, x);
  }

  private Branch branchOf(Object[] key) {
    Branch fallback = null;
    for (Branch branch : branches) {
      if (branch.rule instanceof Rule.Default) {
        fallback = branch;
      } else if (takes(branch.rule, key)) {
        return branch;
      }
    }
    return fallback;
  }

  /// The numbers of the leaves that may hold rows of which some columns are known.
  ///
  /// @param known by place in the row: whether the column's value is
  void leavesOf(Object[] row, boolean[] known, Execution x, BitSet leaves) {
    Branch only = knows(known) ? branchOf(keyOf(row, x)) : null;
    for (Branch branch : branches) {
      if (knows(known) && branch != only) {
        continue;
      }
      if (branch.router == null) {
        leaves.set(branch.leaf);
      } else {
        branch.router.leavesOf(row, known, x, leaves);
      }
    }
  }

  private boolean knows(boolean[] known) {
    for (int place : places) {
      if (place < 0 || !known[place]) {
        return false;
      }
    }
    return true;
  }

  private Object[] keyOf(Object[] row, Execution x) {
    Object[] key = new Object[places.length];
    for (int i = 0; i < key.length; i++) {
      key[i] = places[i] < 0 ? computed[i].eval(row, x) : row[places[i]];
    }
    return key;
  }

  private boolean takes(Rule rule, Object[] key) {
    return switch (rule) {
      case Rule.Hash hash -> Math.floorMod(hashOf(key), hash.modulus) == hash.remainder;
      case Rule.In in -> {
        for (Object value : in.values) {
          if (value == null ? key[0] == null : key[0] != null && codecs[0].equal(value, key[0])) {
            yield true;
          }
        }
        yield false;
      }
      case Rule.Range range -> {
        for (Object value : key) {
          if (value == null) {
            yield false;
          }
        }
        yield compare(key, range.lower) >= 0 && compare(key, range.upper) < 0;
      }
      case Rule.Default _ -> true;
    };
  }

  private long hashOf(Object[] key) {
    long hash = 0;
    for (int i = 0; i < key.length; i++) {
      hash = hash * 31 + (key[i] == null ? 0 : codecs[i].hash(key[i]));
    }
    return hash;
  }

  private int compare(Object[] key, List<Edge> edge) {
    for (int i = 0; i < key.length; i++) {
      Edge bound = edge.get(i);
      int order = bound.infinity != 0 ? -bound.infinity : codecs[i].compare(key[i], bound.value);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /// The numbers of the leaves that may hold rows whose first key column is within bounds.
  void leavesWithin(Bounds.Values bounds, BitSet leaves) {
    for (Branch branch : branches) {
      if (mayTake(branch.rule, bounds)) {
        branch.addLeaves(leaves);
      }
    }
  }

  private boolean mayTake(Rule rule, Bounds.Values bounds) {
    return switch (rule) {
      case Rule.Hash _, Rule.Default _ -> true;
      case Rule.In in -> {
        for (Object value : in.values) {
          if (value != null
              && (bounds.low() == null || codecs[0].compare(value, bounds.low()) >= 0)
              && (bounds.high() == null || codecs[0].compare(value, bounds.high()) <= 0)) {
            yield true;
          }
        }
        yield false;
      }
      case Rule.Range range -> {
        Edge lower = range.lower.getFirst();
        Edge upper = range.upper.getFirst();
        boolean below =
            bounds.high() != null
                && (lower.infinity > 0
                    || lower.infinity == 0 && codecs[0].compare(bounds.high(), lower.value) < 0);
        // With more key columns the upper edge's first value is still possible.
        boolean above =
            bounds.low() != null
                && (upper.infinity < 0
                    || upper.infinity == 0
                        && (codecs.length == 1
                            ? codecs[0].compare(bounds.low(), upper.value) >= 0
                            : codecs[0].compare(bounds.low(), upper.value) > 0));
        yield !below && !above;
      }
    };
  }

  /// The partition key of a row, as PostgreSQL shows it in errors.
  String describe(Object[] row, Execution x) {
    Object[] key = keyOf(row, x);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      values.add(key[i] == null ? "null" : codecs[i].format(key[i], x.cx()));
    }
    return "(" + String.join(", ", names) + ") = (" + String.join(", ", values) + ")";
  }
}
