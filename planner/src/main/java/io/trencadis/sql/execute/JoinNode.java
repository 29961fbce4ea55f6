package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Joins two inputs. The right input is read first, into a hash table on the equal columns, or into
/// a list where no columns are equal; then each left row meets its partners. Where the right input
/// does not fit into memory, both are parted by the equal columns into files that are joined one by
/// one (DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984:
/// the GRACE hash join).
public final class JoinNode extends PlanNode {
  /// Which rows without a partner come out, completed with nulls; SEMI and ANTI give left rows
  /// only.
  public enum Kind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    SEMI,
    ANTI;

    /// Whether a left row comes once at the most, and nothing of its partners with it.
    public boolean isOnce() {
      return this == SEMI || this == ANTI;
    }
  }

  /// How often a part is parted again. Beyond it, what does not fit has a value too often.
  private static final int MOST_LEVELS = 4;

  private static final int LEAST_PARTS = 8;
  private static final int MOST_PARTS = 32;

  private final PlanNode left;
  private final PlanNode right;
  private final Kind kind;
  private final int[] leftKeys;
  private final TypeCodec[] codecs;
  private final Eval condition;
  private final BatchCondition batchCondition;
  private final int leftWidth;
  private final int rightWidth;

  /// Which columns of a right row are kept; the others are null for all above.
  private final int[] rightColumns;

  /// Where the equal columns are among those that are kept.
  private final int[] keptKeys;

  private final RowBytes leftBytes;

  /// Of the columns that are kept.
  private final RowBytes rightBytes;

  private final RuntimeFilter[] filters;
  private final String keyText;
  private final String conditionText;

  /// @param leftKeys columns of the left row that equal those of the right row, place by place;
  ///   empty for none
  /// @param codecs how the equal columns are compared
  /// @param condition over the joined row, beyond the equal columns; null for none
  /// @param batchCondition the same for batches; null where it has to be asked row by row
  /// @param leftBytes how left rows are put aside
  /// @param rightNeeded the columns of right rows that anybody looks at, the equal ones included
  /// @param filters by equal column, those that scans below the left side ask; null for none
  public JoinNode(
      Estimate estimate,
      PlanNode left,
      PlanNode right,
      Kind kind,
      int[] leftKeys,
      int[] rightKeys,
      TypeCodec[] codecs,
      Eval condition,
      BatchCondition batchCondition,
      RowBytes leftBytes,
      RowBytes rightBytes,
      int[] rightNeeded,
      RuntimeFilter[] filters,
      String keyText,
      String conditionText) {
    super(estimate);
    this.filters = filters;
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.leftKeys = leftKeys;
    this.codecs = codecs;
    this.condition = condition;
    this.batchCondition = batchCondition;
    this.leftBytes = leftBytes;
    this.rightBytes = rightBytes.columns(rightNeeded);
    this.rightColumns = rightNeeded;
    this.keptKeys =
        Arrays.stream(rightKeys).map(key -> Arrays.binarySearch(rightNeeded, key)).toArray();
    this.leftWidth = leftBytes.width();
    this.rightWidth = rightBytes.width();
    this.keyText = keyText;
    this.conditionText = conditionText;
  }

  @Override
  protected RowSource start(Execution x) {
    return new Join(x, left.open(x), () -> right.open(x), 0);
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
    Join first = new Join(x, null, () -> right.open(x), 0);
    first.tellFilters(null);
    if (!first.buildWhole()) {
      // Too much for a table that all parts look into.
      lefts.finish();
      return null;
    }
    return RowNodes.mapped(lefts, (rows, worker) -> new Join(worker, rows, first.table));
  }

  private boolean isOuterRight() {
    return kind == Kind.RIGHT || kind == Kind.FULL;
  }

  private RowBytes spillable(Execution x) {
    return x.spill() != null && leftBytes.isStorable() && rightBytes.isStorable()
        ? rightBytes
        : null;
  }

  private final class Join implements RowSource {
    private final Execution x;
    private final RowSource leftRows;
    private final Supplier<RowSource> rightRows;
    private final int level;
    private JoinTable table;
    private SpilledJoin spilled;
    private RowSpool list;
    private RowSource listed;
    private Object[] leftRow;
    private int partner;
    private boolean matched;
    private int unmet = -1;
    private boolean leftEnded;
    private int steps;

    /// @param level how often rows have been parted by the equal columns already
    Join(Execution x, RowSource leftRows, Supplier<RowSource> rightRows, int level) {
      this.x = x;
      this.leftRows = leftRows;
      this.rightRows = rightRows;
      this.level = level;
    }

    /// With a hash table that no longer changes.
    Join(Execution x, RowSource leftRows, JoinTable built) {
      this(x, leftRows, null, 0);
      this.table = built;
    }

    /// Reads the right side unless it does not fit.
    boolean buildWhole() {
      JoinTable whole = new JoinTable(keptKeys, codecs);
      try (RowSource source = rightRows.get()) {
        RowSource kept = kept(source);
        for (Object[] row = kept.next(); row != null; row = kept.next()) {
          interruptible();
          whole.add(row);
          if (whole.bytes() > x.hashMemBytes()) {
            return false;
          }
        }
      }
      whole.finish();
      table = whole;
      tellFilters(whole);
      return true;
    }

    /// Right rows as they are kept. Those that come from a file have been already.
    private RowSource kept(RowSource source) {
      if (level > 0) {
        return source;
      }
      BatchSource batches = source.batches();
      return batches != null
          ? new BatchRows(batches, rightColumns)
          : () -> {
            Object[] row = source.next();
            return row == null ? null : kept(row);
          };
    }

    private Object[] kept(Object[] row) {
      if (rightColumns.length == row.length) {
        return row;
      }
      Object[] kept = new Object[rightColumns.length];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = row[rightColumns[i]];
      }
      return kept;
    }

    private void tellFilters(JoinTable built) {
      for (int i = 0; level == 0 && i < filters.length; i++) {
        if (filters[i] != null) {
          x.filter(filters[i], built == null ? null : built.numbers(keptKeys[i]));
        }
      }
    }

    private void build() {
      tellFilters(null);
      boolean mayPart = leftKeys.length > 0 && level < MOST_LEVELS && spillable(x) != null;
      boolean mayList = leftKeys.length == 0 && !isOuterRight() && spillable(x) != null;
      long limit = leftKeys.length == 0 ? x.workMemBytes() : x.hashMemBytes();
      table = new JoinTable(keptKeys, codecs);
      try (RowSource source = rightRows.get()) {
        RowSource kept = kept(source);
        for (Object[] row = kept.next(); row != null; row = kept.next()) {
          interruptible();
          if (spilled != null) {
            spilled.addRight(row);
          } else if (list != null) {
            list.add(row);
          } else {
            table.add(row);
            if (table.bytes() > limit && mayPart) {
              part();
            } else if (table.bytes() > limit && mayList) {
              putAside();
            }
          }
        }
      }
      table.finish();
      if (spilled == null) {
        tellFilters(table);
      }
      NodeCounters counters = level == 0 ? x.counters(JoinNode.this) : null;
      if (counters != null && leftKeys.length > 0) {
        counters.hashed(table.buckets(), spilled == null ? 1 : 0, table.bytes(), 0);
      }
    }

    private void part() {
      NodeCounters counters = x.counters(JoinNode.this);
      if (counters != null) {
        counters.hashed(0, 0, table.bytes(), 0);
      }
      spilled = new SpilledJoin();
      for (int place = 0; place < table.size(); place++) {
        spilled.addRight(table.row(place));
      }
      table = new JoinTable(keptKeys, codecs);
    }

    private void putAside() {
      list = new RowSpool(rightBytes, x, RowSorter.LEAST_BUFFER);
      for (int place = 0; place < table.size(); place++) {
        list.add(table.row(place));
      }
      table = new JoinTable(keptKeys, codecs);
    }

    /// Both sides in files by the equal columns, of which one after the other is joined.
    private final class SpilledJoin implements RowSource {
      private final RowSpool[] lefts;
      private final RowSpool[] rights;
      private final boolean byNumber = JoinTable.isNumber(codecs);
      private int at = -1;
      private Join current;

      SpilledJoin() {
        double expected = right.estimate().rows() * (right.estimate().width() + 64.0);
        int parts = LEAST_PARTS;
        while (parts < MOST_PARTS && parts * (double) x.hashMemBytes() < expected * 2) {
          parts *= 2;
        }
        lefts = new RowSpool[parts];
        rights = new RowSpool[parts];
        int buffer =
            Math.clamp(x.hashMemBytes() / parts / 4, RowSorter.LEAST_BUFFER, RowSorter.MOST_BUFFER);
        for (int i = 0; i < parts; i++) {
          lefts[i] = new RowSpool(leftBytes, x, buffer);
          rights[i] = new RowSpool(rightBytes, x, buffer);
        }
      }

      private int part(Object[] row, int[] columns) {
        if (JoinTable.hasNull(row, columns)) {
          return 0;
        }
        long hash = JoinTable.hash(row, columns, codecs, byNumber);
        // Other bits than those of the table's buckets, and others at each level.
        return (int) (JoinTable.mix(hash) >>> 32 + level * 5) & lefts.length - 1;
      }

      void addRight(Object[] row) {
        rights[part(row, keptKeys)].add(row);
      }

      private void readLeft() {
        RowSource rows = BatchRows.of(leftRows);
        for (Object[] row = rows.next(); row != null; row = rows.next()) {
          interruptible();
          boolean lonely = kind == Kind.LEFT || kind == Kind.FULL || kind == Kind.ANTI;
          if (lonely || !JoinTable.hasNull(row, leftKeys)) {
            lefts[part(row, leftKeys)].add(row);
          }
        }
        long bytes = 0;
        for (int i = 0; i < lefts.length; i++) {
          lefts[i].finish();
          rights[i].finish();
          bytes += lefts[i].bytes() + rights[i].bytes();
        }
        NodeCounters counters = x.counters(JoinNode.this);
        if (counters != null) {
          counters.hashed(0, level == 0 ? lefts.length : lefts.length - 1, 0, bytes);
        }
      }

      @Override
      public Object[] next() {
        if (at < 0) {
          readLeft();
        }
        while (true) {
          if (current != null) {
            Object[] row = current.next();
            if (row != null) {
              return row;
            }
            current.close();
            current = null;
            lefts[at].close();
            rights[at].close();
          }
          if (++at >= lefts.length) {
            at = lefts.length;
            return null;
          }
          RowSpool own = rights[at];
          current = new Join(x, lefts[at].read(), own::read, level + 1);
        }
      }

      @Override
      public void close() {
        if (current != null) {
          current.close();
        }
        for (int i = 0; i < lefts.length; i++) {
          lefts[i].close();
          rights[i].close();
        }
      }
    }

    private void interruptible() {
      if ((++steps & 0xfff) == 0) {
        x.checkInterrupts();
      }
    }

    private Object[] joined(Object[] leftPart, Object[] rightPart) {
      Object[] row = new Object[leftWidth + rightWidth];
      if (leftPart != null) {
        System.arraycopy(leftPart, 0, row, 0, leftWidth);
      }
      if (rightPart != null) {
        for (int i = 0; i < rightColumns.length; i++) {
          row[leftWidth + rightColumns[i]] = rightPart[i];
        }
      }
      return row;
    }

    @Override
    public BatchSource batches() {
      boolean looped =
          leftKeys.length > 0
              && !isOuterRight()
              && (condition == null || kind == Kind.INNER && batchCondition != null);
      if (!looped) {
        return null;
      }
      if (table == null) {
        build();
      }
      BatchSource lefts = spilled == null ? leftRows.batches() : null;
      return lefts == null
          ? null
          : new JoinBatches(
              table, kind, leftKeys, rightWidth, rightColumns, batchCondition, lefts, x);
    }

    @Override
    public Object[] next() {
      if (table == null) {
        build();
      }
      if (spilled != null) {
        return spilled.next();
      }
      while (!leftEnded) {
        if (leftRow == null) {
          leftRow = leftRows.next();
          if (leftRow == null) {
            leftEnded = true;
            break;
          }
          matched = false;
          if (list == null) {
            partner = table.first(leftRow, leftKeys);
          } else {
            listed = list.read();
          }
        }
        Object[] out = list == null ? nextMatch() : nextListed();
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
      if (!isOuterRight()) {
        return null;
      }
      unmet = table.unmarked(unmet + 1);
      if (unmet < 0) {
        unmet = table.size() - 1;
        return null;
      }
      return joined(null, table.row(unmet));
    }

    /// The current left row with its next partner, or null when there is none left.
    private Object[] nextMatch() {
      while (partner >= 0) {
        int place = partner;
        partner = table.next(place, leftRow, leftKeys);
        interruptible();
        Object[] row = met(table.row(place));
        if (row == null) {
          continue;
        }
        if (isOuterRight()) {
          table.mark(place);
        }
        if (isOnce()) {
          partner = -1;
        }
        if (kind != Kind.ANTI) {
          return row;
        }
      }
      return null;
    }

    private Object[] nextListed() {
      for (Object[] right = listed.next(); right != null; right = listed.next()) {
        interruptible();
        Object[] row = met(right);
        if (row != null) {
          if (isOnce()) {
            listed = () -> null;
          }
          return kind == Kind.ANTI ? null : row;
        }
      }
      return null;
    }

    private boolean isOnce() {
      return kind.isOnce();
    }

    /// What comes of the left row and a partner, or null if the condition refuses it.
    private Object[] met(Object[] right) {
      if (condition == null) {
        matched = true;
        // A semi-join or an anti-join gives left rows.
        return isOnce() ? leftRow : joined(leftRow, right);
      }
      Object[] row = joined(leftRow, right);
      if (!condition.holds(row, x)) {
        return null;
      }
      matched = true;
      return isOnce() ? leftRow : row;
    }

    @Override
    public void close() {
      if (spilled != null) {
        spilled.close();
      }
      if (list != null) {
        list.close();
      }
      if (leftRows != null) {
        leftRows.close();
      }
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
