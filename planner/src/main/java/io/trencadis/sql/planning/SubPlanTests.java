package io.trencadis.sql.planning;

import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.SubPlanEval;
import io.trencadis.sql.functions.Builtins;
import io.trencadis.sql.functions.Fn;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// Compiles the comparison of a sub-select's rows with the values before it.
final class SubPlanTests {
  private SubPlanTests() {}

  static SubPlanEval.Test compile(Operation.SubPlan subPlan) {
    Test[] columns = compile(subPlan.tests());
    return switch (subPlan.rule()) {
      case EVERY -> (tested, row, x) -> every(columns, tested, row, x);
      case SOME -> (tested, row, x) -> some(columns, tested, row, x);
      case ORDER -> {
        Test[] ties = compile(subPlan.ties());
        yield (tested, row, x) -> inOrder(columns, ties, tested, row, x);
      }
    };
  }

  /// A comparison of a tested value with a column; null for unknown.
  @FunctionalInterface
  private interface Test {
    Boolean test(Object tested, Object column, Execution x);
  }

  private static Test[] compile(List<ResolvedCall> calls) {
    return calls.stream().map(SubPlanTests::compile).toArray(Test[]::new);
  }

  private static Test compile(ResolvedCall call) {
    Fn fn = Builtins.bind(call);
    boolean strict = call.strict();
    return (tested, column, x) ->
        strict && (tested == null || column == null)
            ? null
            : (Boolean) fn.invoke(new Object[] {tested, column}, x.cx());
  }

  /// False if one comparison is, else null if one is unknown.
  private static Boolean every(Test[] tests, Object[] tested, Object[] row, Execution x) {
    boolean unknown = false;
    for (int i = 0; i < tests.length; i++) {
      Boolean holds = tests[i].test(tested[i], row[i], x);
      if (holds == null) {
        unknown = true;
      } else if (!holds) {
        return false;
      }
    }
    return unknown ? null : Boolean.TRUE;
  }

  /// True if one comparison is, else null if one is unknown.
  private static Boolean some(Test[] tests, Object[] tested, Object[] row, Execution x) {
    boolean unknown = false;
    for (int i = 0; i < tests.length; i++) {
      Boolean holds = tests[i].test(tested[i], row[i], x);
      if (holds == null) {
        unknown = true;
      } else if (holds) {
        return true;
      }
    }
    return unknown ? null : Boolean.FALSE;
  }

  /// What the first columns that differ say; unknown if nulls come before them.
  private static Boolean inOrder(
      Test[] tests, Test[] ties, Object[] tested, Object[] row, Execution x) {
    for (int i = 0; i < ties.length; i++) {
      Boolean equal = ties[i].test(tested[i], row[i], x);
      if (equal == null) {
        return null;
      }
      if (!equal) {
        return tests[i].test(tested[i], row[i], x);
      }
    }
    int last = ties.length;
    return tests[last].test(tested[last], row[last], x);
  }

  /// How to look the rows up: codecs of the tested values, where the comparison is the plain
  /// equality of all columns, and one row that is equal decides; else null.
  static TypeCodec[] hashCodecs(Operation.SubPlan subPlan, List<RexNode> tested) {
    if (subPlan.kind() != Operation.SubPlanKind.ANY || subPlan.rule() != Operation.RowRule.EVERY) {
      return null;
    }
    TypeCodec[] codecs = new TypeCodec[tested.size()];
    for (int i = 0; i < codecs.length; i++) {
      ResolvedCall test = subPlan.tests().get(i);
      PgType left = PgRelType.of(tested.get(i).getType());
      codecs[i] = left.codec(test.collation());
      PgType right = PgRelType.of(subPlan.plan().getRowType().getFieldList().get(i).getType());
      if (left != right || !left.codec().ordered() || !isEquality(test)) {
        return null;
      }
    }
    return codecs;
  }

  static boolean isEquality(ResolvedCall call) {
    return PgCatalog.operators("=").stream()
        .anyMatch(operator -> operator.function() == call.proc().oid());
  }
}
