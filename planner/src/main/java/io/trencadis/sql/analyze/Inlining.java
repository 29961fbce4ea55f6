package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.parser.ParsedStatement;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Puts the expression that a function of SQL is in the place of its call, where that means the
/// same and nothing is computed more often, by the conditions that PostgreSQL has for it: so that
/// indexes and estimates see through it, and a call costs nothing.
final class Inlining {
  private static final int CHEAP = 4;

  private final Analysis analysis;

  Inlining(Analysis analysis) {
    this.analysis = analysis;
  }

  /// @param operands of the types that the call wants
  /// @return null where the function has to be called
  RexNode inlined(ResolvedCall call, List<RexNode> operands) {
    if (!(analysis.names().catalog().byOid(call.proc().oid()) instanceof RoutineDescriptor routine)
        || !mayBe(routine, call)
        || analysis.inlining().contains(routine.oid())) {
      return null;
    }
    try {
      Expr body = body(routine);
      return body == null ? null : inlined(routine, call, operands, body);
    } catch (SqlException e) {
      // The call says what is wrong, when it is made.
      return null;
    }
  }

  private static boolean mayBe(RoutineDescriptor routine, ResolvedCall call) {
    return routine.language().equals("sql")
        && routine.kind() == 'f'
        && !routine.returnsSet()
        && !routine.securityDefiner()
        && routine.settings().isEmpty()
        && call.packedFrom() < 0
        && call.resultType().oid() != Types.RECORD.oid()
        && call.resultType() != Types.VOID;
  }

  /// The one expression that the body is, or null.
  private static Expr body(RoutineDescriptor routine) {
    Statement statement;
    if (routine.body() != null) {
      List<Statement.BodyPart> parts = SqlParser.parseBody(routine.body()).statements();
      statement = parts.size() == 1 ? parts.getFirst().statement() : null;
    } else {
      List<ParsedStatement> parsed = SqlParser.parse(routine.source());
      statement = parsed.size() == 1 ? parsed.getFirst().statement() : null;
    }
    if (!(statement instanceof Statement.Select select)
        || select.asOf() != null
        || !(select.query().body() instanceof Query.SelectCore core)
        || core.targets().size() != 1
        || !select.query().equals(Query.of(core))
        || !core.equals(plain(core))) {
      return null;
    }
    Expr expr = core.targets().getFirst().expr();
    boolean[] simple = {!(expr instanceof Expr.ColumnRef ref && ref.star())};
    AstWalk.visit(expr, each -> simple[0] &= !(each instanceof Query));
    return simple[0] ? expr : null;
  }

  /// The same select list and nothing else.
  private static Query.SelectCore plain(Query.SelectCore core) {
    return new Query.SelectCore(
        false,
        List.of(),
        core.targets(),
        List.of(),
        null,
        false,
        List.of(),
        null,
        List.of(),
        core.pos());
  }

  private RexNode inlined(
      RoutineDescriptor routine, ResolvedCall call, List<RexNode> operands, Expr body) {
    Arguments arguments = new Arguments(routine, call, operands);
    RexNode made =
        analysis.inlined(
            routine,
            arguments,
            () -> {
              ExpressionAnalyzer expressions =
                  new ExpressionAnalyzer(
                      analysis, null, Scope.empty(null), null, ExpressionAnalyzer.Clause.DEFAULT);
              RexNode value = expressions.analyze(body);
              if (Analysis.typeOf(value) == Types.UNKNOWN) {
                value = expressions.coerce(value, Types.TEXT, -1);
              }
              PgType from = Analysis.typeOf(value);
              if (from == call.resultType() && !from.hasRules()) {
                return value;
              }
              if (!Casts.exists(from, call.resultType(), CastContext.ASSIGNMENT)) {
                return null;
              }
              return expressions
                  .conversions()
                  .cast(value, call.resultType(), -1, CastContext.ASSIGNMENT, -1);
            });
    return made != null && arguments.allow(made) ? made : null;
  }

  /// The operands in the places of the arguments.
  static final class Arguments implements Variables {
    private final RoutineDescriptor routine;
    private final SqlVariables names;
    private final List<RexNode> operands;
    private final int[] uses;

    private Arguments(RoutineDescriptor routine, ResolvedCall call, List<RexNode> operands) {
      this.routine = routine;
      this.operands = operands;
      this.uses = new int[operands.size()];
      List<String> argumentNames = new ArrayList<>();
      for (RoutineDescriptor.Argument argument : routine.arguments()) {
        if (argument.input()) {
          argumentNames.add(argument.name());
        }
      }
      this.names = new SqlVariables(routine.name(), argumentNames, call.argTypes());
    }

    /// The operand for `$number`, or null.
    RexNode operand(int number) {
      if (number < 1 || number > operands.size()) {
        return null;
      }
      uses[number - 1]++;
      return operands.get(number - 1);
    }

    @Override
    public Reference find(List<String> parts) {
      return names.find(parts);
    }

    @Override
    public PgType type(int number) {
      return names.type(number);
    }

    @Override
    public Conflict conflict() {
      return Conflict.COLUMN;
    }

    /// Whether the function may be replaced by what was made of its body.
    private boolean allow(RexNode made) {
      if (routine.volatility() == 'i' && !Immutability.of(made)
          || routine.volatility() == 's' && !RexUtil.isDeterministic(made)
          || routine.strict() && !isStrict(made)
          || hasSet(made)) {
        return false;
      }
      for (int i = 0; i < uses.length; i++) {
        RexNode operand = operands.get(i);
        boolean plain = !(operand instanceof RexCall);
        boolean allowed =
            uses[i] == 1
                || plain && !(uses[i] == 0 && routine.strict())
                || uses[i] == 0 && !routine.strict() && RexUtil.isDeterministic(operand)
                || uses[i] > 1 && RexUtil.isDeterministic(operand) && isCheap(operand);
        if (!allowed) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean isCheap(RexNode node) {
    int[] calls = {0};
    boolean[] plain = {true};
    count(node, calls, plain);
    return plain[0] && calls[0] <= CHEAP;
  }

  private static void count(RexNode node, int[] calls, boolean[] plain) {
    if (node instanceof RexCall call) {
      calls[0]++;
      if (call.getOperator() instanceof PgCall pg) {
        plain[0] &=
            !(pg.operation() instanceof Operation.SubPlan)
                && !(pg.operation() instanceof Operation.Function function
                    && function.call().proc().isUsers());
      }
      call.getOperands().forEach(each -> count(each, calls, plain));
    }
  }

  private static boolean hasSet(RexNode node) {
    return node instanceof RexCall call
        && (call.getOperator() instanceof PgCall pg
                && (pg.operation() instanceof Operation.SetReturning
                    || pg.operation() instanceof Operation.AggregateCall
                    || pg.operation() instanceof Operation.WindowCall
                    || pg.operation() instanceof Operation.SubPlan)
            || call.getOperands().stream().anyMatch(Inlining::hasSet));
  }

  /// Whether the value is null as soon as one of the values in it is.
  private static boolean isStrict(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return true;
    }
    boolean strict =
        call.getOperator() instanceof PgCall pg
            ? switch (pg.operation()) {
              case Operation.Function function -> function.call().strict();
              case Operation.Convert convert -> !convert.cast().looksAtNull();
              case Operation.Relabel _ -> true;
              default -> false;
            }
            : switch (call.getKind()) {
              case EQUALS,
                  NOT_EQUALS,
                  LESS_THAN,
                  LESS_THAN_OR_EQUAL,
                  GREATER_THAN,
                  GREATER_THAN_OR_EQUAL,
                  NOT ->
                  true;
              default -> false;
            };
    return strict && call.getOperands().stream().allMatch(Inlining::isStrict);
  }
}
