package io.trencadis.sql.analyze;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlExplainLevel;

/// Tells whether two expressions with sub-selects say the same. Each sub-select of a statement has
/// an identity and slots of its own, even where the same words stand in the select list and in
/// GROUP BY; what is left when these are numbered anew is compared.
final class SubPlanText {
  private SubPlanText() {}

  static boolean same(RexNode a, RexNode b) {
    List<Operation.SubPlan> left = in(a);
    if (left.isEmpty() || !a.getType().equals(b.getType())) {
      return false;
    }
    List<Operation.SubPlan> right = in(b);
    return left.size() == right.size() && of(a.toString(), left).equals(of(b.toString(), right));
  }

  private static List<Operation.SubPlan> in(RexNode node) {
    Collector collector = new Collector();
    node.accept(collector);
    return collector.found;
  }

  private static List<Operation.SubPlan> in(RelNode plan) {
    Collector collector = new Collector();
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        node.accept(collector);
        super.visit(node, ordinal, parent);
      }
    }.go(plan);
    return collector.found;
  }

  /// The text with what each sub-select does in the place of its identity.
  private static String of(String text, List<Operation.SubPlan> plans) {
    String out = text;
    for (Operation.SubPlan plan : plans) {
      out = replaced(out, plan.label(), of(plan));
    }
    return out;
  }

  private static String of(Operation.SubPlan plan) {
    String text =
        of(RelOptUtil.toString(plan.plan(), SqlExplainLevel.DIGEST_ATTRIBUTES), in(plan.plan()));
    for (int i = 0; i < plan.slots().size(); i++) {
      text = replaced(text, "?" + plan.slots().get(i), "?outer" + i);
    }
    List<Integer> tests = plan.tests().stream().map(test -> test.proc().oid()).toList();
    return plan.kind() + " " + plan.rule() + " " + tests + " {" + text + "}";
  }

  /// Replaces a name that ends in a number, and is not the beginning of another.
  private static String replaced(String text, String numbered, String other) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf(numbered); at >= 0; at = text.indexOf(numbered, at + 1)) {
      int end = at + numbered.length();
      if (end == text.length() || !Character.isDigit(text.charAt(end))) {
        out.append(text, from, at).append(other);
        from = end;
      }
    }
    return out.append(text, from, text.length()).toString();
  }

  private static final class Collector extends RexShuttle {
    private final List<Operation.SubPlan> found = new ArrayList<>();

    @Override
    public RexNode visitCall(RexCall call) {
      if (call.getOperator() instanceof PgCall pg
          && pg.operation() instanceof Operation.SubPlan plan) {
        found.add(plan);
      }
      return super.visitCall(call);
    }
  }
}
