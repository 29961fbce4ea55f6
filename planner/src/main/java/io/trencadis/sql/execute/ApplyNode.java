package io.trencadis.sql.execute;

import java.util.List;

/// For each left row, runs the right plan with slots set from that row: LATERAL, and joins whose
/// inner side is looked up by the outer row.
public final class ApplyNode extends PlanNode {
  private final PlanNode left;
  private final PlanNode right;
  private final boolean outer;
  private final int[] slots;
  private final Eval[] arguments;
  private final Eval condition;
  private final int leftWidth;
  private final int rightWidth;

  /// @param outer whether a left row without partners comes out, completed with nulls
  /// @param condition over the joined row, or null
  public ApplyNode(
      Estimate estimate,
      PlanNode left,
      PlanNode right,
      boolean outer,
      int[] slots,
      Eval[] arguments,
      Eval condition,
      int leftWidth,
      int rightWidth) {
    super(estimate);
    this.left = left;
    this.right = right;
    this.outer = outer;
    this.slots = slots;
    this.arguments = arguments;
    this.condition = condition;
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
  }

  @Override
  protected RowSource start(Execution x) {
    RowSource leftRows = left.open(x);
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
          Object[] row = new Object[leftWidth + rightWidth];
          System.arraycopy(leftRow, 0, row, 0, leftWidth);
          if (rightRow == null) {
            rightRows.close();
            leftRow = null;
            if (outer && !matched) {
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
    return outer ? "Nested Loop Left Join" : "Nested Loop";
  }

  @Override
  public List<PlanNode> children() {
    return List.of(left, right);
  }
}
