package io.trencadis.sql.execute;

import java.util.List;

/// For each left row, runs the right plan with slots set from that row: LATERAL, and joins whose
/// inner side is looked up by the outer row.
public final class ApplyNode extends PlanNode {
  private final PlanNode left;
  private final PlanNode right;
  private final JoinNode.Kind kind;
  private final int[] slots;
  private final Eval[] arguments;
  private final Eval condition;
  private final int leftWidth;
  private final int rightWidth;

  /// @param kind INNER, LEFT, SEMI or ANTI
  /// @param condition over the joined row, or null
  public ApplyNode(
      Estimate estimate,
      PlanNode left,
      PlanNode right,
      JoinNode.Kind kind,
      int[] slots,
      Eval[] arguments,
      Eval condition,
      int leftWidth,
      int rightWidth) {
    super(estimate);
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.slots = slots;
    this.arguments = arguments;
    this.condition = condition;
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
  }

  // Only a look-up join is a semi-join or an anti-join, and its condition is all in the look-up.

  @Override
  protected RowSource start(Execution x) {
    return over(left.open(x), x);
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

  private RowSource over(RowSource leftRows, Execution x) {
    return new RowSource() {
      private Object[] leftRow;
      private RowSource rightRows;
      private boolean matched;

      @Override
      public Object[] next() {
        while (true) {
          if (leftRow == null) {
            leftRow = leftRows.next();
            if (leftRow == null) {
              return null;
            }
            x.checkInterrupts();
            for (int i = 0; i < slots.length; i++) {
              x.setSlot(slots[i], arguments[i].eval(leftRow, x));
            }
            rightRows = right.open(x);
            matched = false;
          }
          Object[] rightRow = rightRows.next();
          if (condition == null && (kind == JoinNode.Kind.SEMI || kind == JoinNode.Kind.ANTI)) {
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
