package io.trencadis.sql.planning;

import io.trencadis.sql.execute.BatchCondition;
import io.trencadis.sql.execute.BatchEval;
import io.trencadis.sql.execute.BatchKernels;
import io.trencadis.sql.execute.BatchKernels.Arithmetic;
import io.trencadis.sql.execute.BatchKernels.Comparison;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.NumericCodec;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.WholeNumberCodec;
import java.util.BitSet;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Compiles expressions for batches: by kind of column where there is a loop for it, row by row
/// where there is none. Expressions whose evaluation somebody might notice, such as calls of a
/// user's functions and sub-selects, are not compiled: a batch evaluates them in another order than
/// the rows'. Not thread-safe; what it makes is.
final class BatchCompiler {
  private final RexCompiler rows;

  /// @param rows compiles what is computed row by row
  BatchCompiler(RexCompiler rows) {
    this.rows = rows;
  }

  /// @param compiled the same expressions for rows
  /// @param computed which of them anybody needs
  /// @return null where they have to be computed row by row
  BatchEval[] compile(List<RexNode> nodes, Eval[] compiled, BitSet computed) {
    if (!nodes.stream().allMatch(PartialGroups::isSafe)) {
      return null;
    }
    BatchEval[] out = new BatchEval[compiled.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = computed.get(i) ? compile(nodes.get(i), compiled[i]) : (_, _) -> null;
    }
    return out;
  }

  private BatchEval compile(RexNode node, Eval compiled) {
    if (node instanceof RexInputRef ref) {
      return BatchKernels.column(ref.getIndex());
    }
    if (Sarg.isKnown(node)) {
      return BatchKernels.constant(compiled);
    }
    BatchEval byRow = BatchKernels.rowByRow(compiled, columns(node));
    Arithmetic arithmetic = arithmetic(node);
    if (arithmetic == null) {
      return byRow;
    }
    List<RexNode> operands = ((RexCall) node).getOperands();
    return BatchKernels.arithmetic(
        arithmetic, operand(operands.get(0)), operand(operands.get(1)), byRow);
  }

  private BatchEval operand(RexNode node) {
    return compile(node, rows.compile(node));
  }

  private static int[] columns(RexNode node) {
    return RelOptUtil.InputFinder.bits(node).toArray();
  }

  /// What a node computes of two decimals; null for anything else.
  private static Arithmetic arithmetic(RexNode node) {
    if (!(node instanceof RexCall call)
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.Function function)
        || function.call().proc() == null) {
      return null;
    }
    return switch (function.call().proc().source()) {
      case "numeric_add" -> Arithmetic.ADD;
      case "numeric_sub" -> Arithmetic.SUBTRACT;
      case "numeric_mul" -> Arithmetic.MULTIPLY;
      case null, default -> null;
    };
  }

  /// @param compiled the same condition for rows
  /// @return null where it has to be asked row by row
  BatchCondition condition(RexNode node, Eval compiled) {
    if (!PartialGroups.isSafe(node)) {
      return null;
    }
    if (node.isA(org.apache.calcite.sql.SqlKind.AND)) {
      List<RexNode> conjuncts = RelOptUtil.conjunctions(node);
      BatchCondition[] all = new BatchCondition[conjuncts.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = condition(conjuncts.get(i), rows.compile(conjuncts.get(i)));
      }
      return BatchKernels.all(all);
    }
    BatchCondition byRow = BatchKernels.askedByRow(compiled, columns(node));
    Sarg sarg = Sarg.of(node).orElse(null);
    if (sarg != null && sarg.exact()) {
      return hasLoop(codec(sarg.value()))
          ? BatchKernels.compared(
              sarg.place(), comparison(sarg.kind()), rows.compile(sarg.value()), byRow)
          : byRow;
    }
    Comparison comparison = comparison(node);
    if (comparison != null
        && ((RexCall) node).getOperands().get(0) instanceof RexInputRef left
        && ((RexCall) node).getOperands().get(1) instanceof RexInputRef right
        && codec(left) instanceof WholeNumberCodec
        && codec(left) == codec(right)) {
      return BatchKernels.compared(left.getIndex(), comparison, right.getIndex(), byRow);
    }
    return byRow;
  }

  private static TypeCodec codec(RexNode node) {
    return PgRelType.of(node.getType()).codec();
  }

  private static boolean hasLoop(TypeCodec codec) {
    return codec instanceof WholeNumberCodec || codec instanceof NumericCodec;
  }

  private static Comparison comparison(Sarg.Kind kind) {
    return switch (kind) {
      case EQUAL -> Comparison.EQUAL;
      case LESS -> Comparison.LESS;
      case LESS_EQUAL -> Comparison.LESS_EQUAL;
      case GREATER -> Comparison.GREATER;
      case GREATER_EQUAL -> Comparison.GREATER_EQUAL;
    };
  }

  private static Comparison comparison(RexNode node) {
    return switch (node.getKind()) {
      case EQUALS -> Comparison.EQUAL;
      case NOT_EQUALS -> Comparison.NOT_EQUAL;
      case LESS_THAN -> Comparison.LESS;
      case LESS_THAN_OR_EQUAL -> Comparison.LESS_EQUAL;
      case GREATER_THAN -> Comparison.GREATER;
      case GREATER_THAN_OR_EQUAL -> Comparison.GREATER_EQUAL;
      default -> null;
    };
  }
}
