package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Joins two inputs. The right input is read first, into a hash table on the equal columns, or into
/// a list where no columns are equal; then each left row meets its partners.
public final class JoinNode extends PlanNode {
  /// Which rows without a partner come out, completed with nulls; SEMI and ANTI give left rows
  /// only.
  public enum Kind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    SEMI,
    ANTI
  }

  private final PlanNode left;
  private final PlanNode right;
  private final Kind kind;
  private final int[] leftKeys;
  private final int[] rightKeys;
  private final TypeCodec[] codecs;
  private final boolean byNumber;
  private final Eval condition;
  private final int leftWidth;
  private final int rightWidth;
  private final String keyText;
  private final String conditionText;

  /// @param leftKeys columns of the left row that equal those of the right row, place by place;
  ///   empty for none
  /// @param codecs how the equal columns are compared
  /// @param condition over the joined row, beyond the equal columns; null for none
  public JoinNode(
      Estimate estimate,
      PlanNode left,
      PlanNode right,
      Kind kind,
      int[] leftKeys,
      int[] rightKeys,
      TypeCodec[] codecs,
      Eval condition,
      int leftWidth,
      int rightWidth,
      String keyText,
      String conditionText) {
    super(estimate);
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.leftKeys = leftKeys;
    this.rightKeys = rightKeys;
    this.codecs = codecs;
    this.byNumber = isNumber(codecs);
    this.condition = condition;
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
    this.keyText = keyText;
    this.conditionText = conditionText;
  }

  /// A right row, and whether any left row has met it.
  private static final class Partner {
    final Object[] row;
    boolean met;

    Partner(Object[] row) {
      this.row = row;
    }
  }

  @Override
  protected RowSource start(Execution x) {
    return new Join(x, left.open(x));
  }

  @Override
  protected Parts parts(Execution x) {
    if (leftKeys.length == 0 || kind == Kind.RIGHT || kind == Kind.FULL) {
      return null;
    }
    Parts lefts = left.parts(x);
    if (lefts == null) {
      return null;
    }
    Join first = new Join(x, null);
    first.build();
    return RowNodes.mapped(lefts, (rows, worker) -> new Join(worker, rows, first));
  }

  /// Whether rows meet by a single number, which then is the hash table's key as it is.
  private static boolean isNumber(TypeCodec[] codecs) {
    return codecs.length == 1
        && (codecs[0] == Types.INT4.codec()
            || codecs[0] == Types.INT8.codec()
            || codecs[0] == Types.DATE.codec());
  }

  /// The key of a row in the hash table, or null where no row equals it.
  private Object key(Object[] row, int[] columns) {
    if (byNumber) {
      return row[columns[0]];
    }
    Object[] values = new Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row[columns[i]];
      if (values[i] == null) {
        return null;
      }
    }
    return new Grouping(values, codecs);
  }

  private final class Join implements RowSource {
    private final Execution x;
    private final RowSource leftRows;
    private List<Partner> all;
    private Map<Object, List<Partner>> table;
    private Object[] leftRow;
    private Iterator<Partner> partners;
    private boolean matched;
    private Iterator<Partner> unmet;
    private int steps;

    Join(Execution x, RowSource leftRows) {
      this.x = x;
      this.leftRows = leftRows;
    }

    /// With the hash table of another one, which no longer changes.
    Join(Execution x, RowSource leftRows, Join built) {
      this(x, leftRows);
      this.all = built.all;
      this.table = built.table;
    }

    private void build() {
      all = new ArrayList<>();
      table = leftKeys.length == 0 ? null : new HashMap<>();
      try (RowSource source = right.open(x)) {
        for (Object[] row = source.next(); row != null; row = source.next()) {
          interruptible();
          Partner partner = new Partner(row);
          Object key = table == null ? null : key(row, rightKeys);
          if (key != null) {
            table.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(partner);
          }
          if (table == null || kind == Kind.RIGHT || kind == Kind.FULL) {
            all.add(partner);
          }
        }
      }
    }

    private void interruptible() {
      if ((++steps & 0xfff) == 0) {
        x.checkInterrupts();
      }
    }

    private Iterator<Partner> partnersOf(Object[] row) {
      if (table == null) {
        return all.iterator();
      }
      Object key = key(row, leftKeys);
      List<Partner> found = key == null ? null : table.get(key);
      return found == null ? java.util.Collections.emptyIterator() : found.iterator();
    }

    private Object[] joined(Object[] leftPart, Object[] rightPart) {
      Object[] row = new Object[leftWidth + rightWidth];
      if (leftPart != null) {
        System.arraycopy(leftPart, 0, row, 0, leftWidth);
      }
      if (rightPart != null) {
        System.arraycopy(rightPart, 0, row, leftWidth, rightWidth);
      }
      return row;
    }

    @Override
    public Object[] next() {
      if (all == null) {
        build();
      }
      while (unmet == null) {
        if (leftRow == null) {
          leftRow = leftRows.next();
          if (leftRow == null) {
            unmet =
                kind == Kind.RIGHT || kind == Kind.FULL
                    ? all.iterator()
                    : java.util.Collections.emptyIterator();
            break;
          }
          partners = partnersOf(leftRow);
          matched = false;
        }
        Object[] out = nextMatch();
        if (out != null) {
          return out;
        }
        Object[] lonely = leftRow;
        leftRow = null;
        if (kind == Kind.ANTI && !matched) {
          return lonely;
        }
        if (!matched && (kind == Kind.LEFT || kind == Kind.FULL)) {
          return joined(lonely, null);
        }
      }
      while (unmet.hasNext()) {
        Partner partner = unmet.next();
        if (!partner.met) {
          return joined(null, partner.row);
        }
      }
      return null;
    }

    /// The current left row with its next partner, or null when there is none left.
    private Object[] nextMatch() {
      while (partners.hasNext()) {
        Partner partner = partners.next();
        interruptible();
        // A semi-join or an anti-join gives left rows: without a condition no joined one is needed.
        Object[] row =
            condition == null && (kind == Kind.SEMI || kind == Kind.ANTI)
                ? leftRow
                : joined(leftRow, partner.row);
        if (condition != null && !condition.holds(row, x)) {
          continue;
        }
        matched = true;
        if (kind == Kind.RIGHT || kind == Kind.FULL) {
          partner.met = true;
        }
        switch (kind) {
          case SEMI -> {
            Object[] found = leftRow;
            partners = java.util.Collections.emptyIterator();
            return found;
          }
          case ANTI -> partners = java.util.Collections.emptyIterator();
          default -> {
            return row;
          }
        }
      }
      return null;
    }

    @Override
    public void close() {
      leftRows.close();
    }
  }

  @Override
  public String label() {
    String way = leftKeys.length == 0 ? "Nested Loop" : "Hash";
    String what =
        switch (kind) {
          case INNER -> "";
          case LEFT -> " Left";
          case RIGHT -> " Right";
          case FULL -> " Full";
          case SEMI -> " Semi";
          case ANTI -> " Anti";
        };
    return way + what + (leftKeys.length == 0 && kind == Kind.INNER ? "" : " Join");
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    if (keyText != null) {
      lines.add("Hash Cond: " + keyText);
    }
    if (conditionText != null) {
      lines.add("Join Filter: " + conditionText);
    }
    return lines;
  }

  @Override
  public List<PlanNode> children() {
    return List.of(left, right);
  }
}
