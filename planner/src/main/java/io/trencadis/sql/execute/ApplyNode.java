package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import java.util.List;

/// For each left row, runs the right plan with slots set from that row: LATERAL, and joins whose
/// inner side is looked up by the outer row.
public final class ApplyNode extends PlanNode {
  private final PlanNode left;
  private final PlanNode right;
  private final JoinNode.Kind kind;
  private final int[] slots;
  private final Eval[] arguments;
  private final int[] argumentColumns;
  private final Eval condition;
  private final int leftWidth;
  private final int rightWidth;
  private final Eval wanted;

  /// Whether the same argument finds the same row each time, one at the most.
  private final boolean remembers;

  /// @param kind INNER, LEFT, SEMI or ANTI
  /// @param condition over the joined row, or null
  /// @param argumentColumns where all arguments are columns of the left row, these; else null
  /// @param repeatable whether the right plan gives the same for the same arguments
  /// @param wanted where not all rows will be asked for, how many will, about; else null
  public ApplyNode(
      Estimate estimate,
      PlanNode left,
      PlanNode right,
      JoinNode.Kind kind,
      int[] slots,
      Eval[] arguments,
      int[] argumentColumns,
      Eval condition,
      int leftWidth,
      int rightWidth,
      boolean repeatable,
      Eval wanted) {
    super(estimate);
    this.wanted = wanted;
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.slots = slots;
    this.arguments = arguments;
    this.argumentColumns = argumentColumns;
    this.condition = condition;
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
    this.remembers =
        repeatable
            && slots.length == 1
            && right instanceof TableScanNode scan
            && scan.isPlainPoint();
  }

  // Only a look-up join is a semi-join or an anti-join, and its condition is all in the look-up.

  @Override
  protected RowSource start(Execution x) {
    RowSource leftRows = left.open(x);
    return wanted != null && looksUpTogether() ? someAtATime(leftRows, x) : over(leftRows, x);
  }

  /// The look-ups of some rows together: of as many as are wanted, then of more each time.
  private RowSource someAtATime(RowSource leftRows, Execution x) {
    Object most = wanted.eval(RowNodes.NO_COLUMNS, x);
    long first = most == null ? Batch.MOST : ((Number) most).longValue();
    RowSource rows =
        new BatchRows(lookups(LookupBatches.of(leftRows, leftWidth, first), memory(x), x), null);
    return new RowSource() {
      @Override
      public Object[] next() {
        return rows.next();
      }

      @Override
      public void close() {
        leftRows.close();
      }
    };
  }

  private boolean looksUpTogether() {
    // Of rows that an index names, the first that is right is enough.
    return argumentColumns != null
        && condition == null
        && right instanceof TableScanNode scan
        && scan.joinsBatches()
        && !(isOnce() && scan.hasFilter() && !scan.readsTable());
  }

  private LookupMemory memory(Execution x) {
    return remembers ? new LookupMemory(x.hashMemBytes()) : null;
  }

  private BatchSource lookups(BatchSource lefts, LookupMemory memory, Execution x) {
    return new LookupBatches(
        (TableScanNode) right, kind, slots, argumentColumns, leftWidth, lefts, memory, x);
  }

  @Override
  protected Parts parts(Execution x) {
    if (!(right instanceof TableScanNode scan) || !scan.sharesReads(x)) {
      return null;
    }
    Parts parts = RowNodes.mapped(left.parts(x), this::over);
    return parts == null
        ? null
        : new Parts() {
          @Override
          public int count() {
            return parts.count();
          }

          @Override
          public RowSource open(int part, Execution worker) {
            return parts.open(part, worker);
          }

          @Override
          public RowSource openAlone(int part, Execution own) {
            return parts.openAlone(part, own);
          }

          @Override
          public void finish() {
            parts.finish();
            x.endSharedReads();
          }
        };
  }

  private boolean isOnce() {
    return kind.isOnce();
  }

  private RowSource over(RowSource leftRows, Execution x) {
    return new RowSource() {
      private Object[] leftRow;
      private RowSource rightRows;
      private boolean matched;
      private final LookupMemory memory = memory(x);

      @Override
      public BatchSource batches() {
        if (!looksUpTogether()) {
          return null;
        }
        BatchSource lefts = leftRows.batches();
        return lookups(
            lefts == null ? LookupBatches.of(leftRows, leftWidth, Batch.MOST) : lefts, memory, x);
      }

      private RowSource partners() {
        Object argument = null;
        for (int i = 0; i < slots.length; i++) {
          argument = arguments[i].eval(leftRow, x);
          x.setSlot(slots[i], argument);
        }
        if (memory == null || !memory.takes(argument)) {
          return right.open(x);
        }
        Object[] known = memory.get(argument);
        if (known == null) {
          try (RowSource rows = right.open(x)) {
            known = rows.next();
          }
          memory.put(argument, known);
        }
        return new OneRow(known == null || LookupMemory.isNothing(known) ? null : known);
      }

      @Override
      public Object[] next() {
        while (true) {
          if (leftRow == null) {
            leftRow = leftRows.next();
            if (leftRow == null) {
              return null;
            }
            x.checkInterrupts();
            rightRows = partners();
            matched = false;
          }
          Object[] rightRow = rightRows.next();
          if (condition == null && isOnce()) {
            Object[] candidate = leftRow;
            rightRows.close();
            leftRow = null;
            if ((rightRow != null) == (kind == JoinNode.Kind.SEMI)) {
              return candidate;
            }
            continue;
          }
          Object[] row = new Object[leftWidth + rightWidth];
          System.arraycopy(leftRow, 0, row, 0, leftWidth);
          if (rightRow == null) {
            rightRows.close();
            leftRow = null;
            if (kind == JoinNode.Kind.LEFT && !matched) {
              return row;
            }
            continue;
          }
          System.arraycopy(rightRow, 0, row, leftWidth, rightWidth);
          if (condition == null || condition.holds(row, x)) {
            matched = true;
            return row;
          }
        }
      }

      @Override
      public void close() {
        if (leftRow != null) {
          rightRows.close();
        }
        leftRows.close();
      }
    };
  }

  @Override
  public String label() {
    return switch (kind) {
      case LEFT -> "Nested Loop Left Join";
      case SEMI -> "Nested Loop Semi Join";
      case ANTI -> "Nested Loop Anti Join";
      default -> "Nested Loop";
    };
  }

  @Override
  public List<PlanNode> children() {
    return List.of(left, right);
  }
}
