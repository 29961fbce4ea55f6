package io.trencadis.sql.planning;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.RowLocator;
import io.trencadis.sql.execute.RowSample;
import io.trencadis.sql.execute.SetEval;
import io.trencadis.sql.execute.SystemColumn;
import io.trencadis.sql.functions.ArrayAssignment;
import io.trencadis.sql.functions.Builtins;
import io.trencadis.sql.functions.Cast;
import io.trencadis.sql.functions.Fn;
import io.trencadis.sql.functions.Fn0;
import io.trencadis.sql.functions.Fn1;
import io.trencadis.sql.functions.Fn2;
import io.trencadis.sql.functions.Fn3;
import io.trencadis.sql.functions.JsonSubscripting;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.functions.SetFn;
import io.trencadis.sql.functions.SetFunctions;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Compiles expressions into closures. Not thread-safe; the closures are.
final class RexCompiler {
  private final IntFunction<Slot> slots;
  private final Supplier<SubPlanCompiler> subPlans;

  /// @param subPlans compiles the sub-selects in expressions
  RexCompiler(SlotTable slots, Supplier<SubPlanCompiler> subPlans) {
    this.slots = slots::get;
    this.subPlans = subPlans;
  }

  /// For expressions without sub-selects.
  RexCompiler(SlotTable slots) {
    this(
        slots,
        () -> {
          throw SqlException.internal("a sub-select where there can be none");
        });
  }

  /// The operands of a call, of which what is the same for all rows of a run is computed once.
  private Eval[] operands(RexCall call) {
    Eval[] out = new Eval[call.getOperands().size()];
    for (int i = 0; i < out.length; i++) {
      RexNode operand = call.getOperands().get(i);
      Eval eval = compile(operand);
      out[i] = isFixed(operand) ? once(eval) : eval;
    }
    return out;
  }

  /// Whether it is computed, and from nothing but constants and parameters.
  private boolean isFixed(RexNode node) {
    if (!(node instanceof RexCall call)
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.Function
            || pg.operation() instanceof Operation.Convert
            || pg.operation() instanceof Operation.ArrayOf)
        || !Sarg.isKnown(call)) {
      return false;
    }
    boolean[] fixed = {true};
    call.accept(
        new RexShuttle() {
          @Override
          public RexNode visitDynamicParam(RexDynamicParam parameter) {
            fixed[0] &= !(slots.apply(parameter.getIndex()) instanceof Slot.Outer);
            return parameter;
          }
        });
    return fixed[0];
  }

  private static final Object NULL = new Object();

  private static Eval once(Eval eval) {
    return new Eval() {
      @Override
      public Object eval(Object[] row, Execution x) {
        Object known = x.memory().get(this);
        if (known == null) {
          Object value = eval.eval(row, x);
          known = value == null ? NULL : value;
          x.memory().put(this, known);
        }
        return known == NULL ? null : known;
      }
    };
  }

  Eval[] compile(List<? extends RexNode> nodes) {
    Eval[] out = new Eval[nodes.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = compile(nodes.get(i));
    }
    return out;
  }

  Eval compile(RexNode node) {
    return switch (node) {
      case RexInputRef ref -> {
        int index = ref.getIndex();
        yield (row, _) -> row[index];
      }
      case RexDynamicParam slot -> {
        int index = slot.getIndex();
        if (slots.apply(index) instanceof Slot.Constant constant && constant.literal() < 0) {
          // No literal of the statement: the same in every run, and in whatever run it is used.
          Object value = constant.value();
          yield (_, _) -> value;
        }
        yield (_, x) -> x.slot(index);
      }
      case RexLiteral literal -> {
        Object value = literal.isNull() ? null : literal.getValueAs(Boolean.class);
        yield (_, _) -> value;
      }
      case RexCall call when call.getOperator() instanceof PgCall pg ->
          operation(pg.operation(), call);
      case RexCall call -> standard(call);
      default -> throw SqlException.internal("cannot compile expression " + node);
    };
  }

  // ---- Calcite's own operators

  private Eval standard(RexCall call) {
    Eval[] operands = operands(call);
    return switch (call.getKind()) {
      case AND -> and(cheapFirst(call.getOperands(), operands));
      case OR -> or(operands);
      case NOT -> {
        Eval operand = operands[0];
        yield (row, x) -> {
          Object value = operand.eval(row, x);
          return value == null ? null : !(Boolean) value;
        };
      }
      case IS_NULL -> {
        Eval operand = operands[0];
        boolean isRow = PgRelType.of(call.getOperands().getFirst().getType()).isRow();
        yield isRow ? rowNull(operand, true) : (row, x) -> operand.eval(row, x) == null;
      }
      case IS_NOT_NULL -> {
        Eval operand = operands[0];
        boolean isRow = PgRelType.of(call.getOperands().getFirst().getType()).isRow();
        yield isRow ? rowNull(operand, false) : (row, x) -> operand.eval(row, x) != null;
      }
      case IS_TRUE -> truth(operands[0], Boolean.TRUE, true);
      case IS_NOT_TRUE -> truth(operands[0], Boolean.TRUE, false);
      case IS_FALSE -> truth(operands[0], Boolean.FALSE, true);
      case IS_NOT_FALSE -> truth(operands[0], Boolean.FALSE, false);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call, operands[0], operands[1]);
      case CASE -> choice(operands);
      case CAST -> sameValue(call, operands[0]);
      default -> throw SqlException.internal("cannot compile operator " + call.getOperator());
    };
  }

  /// Calcite's rules cast where two expressions differ in nothing but whether they may be null.
  /// Casts of SQL are calls of functions.
  private static Eval sameValue(RexCall cast, Eval operand) {
    PgType from = PgRelType.of(cast.getOperands().getFirst().getType());
    if (from != PgRelType.of(cast.getType())) {
      throw SqlException.internal("cannot compile a cast of " + from.name() + ": " + cast);
    }
    return operand;
  }

  /// A row value is null if all its fields are, and not null if none is (manual, 9.2).
  private static Eval rowNull(Eval operand, boolean wantNull) {
    return (row, x) -> {
      Object value = operand.eval(row, x);
      if (!(value instanceof SqlRow sqlRow)) {
        return (value == null) == wantNull;
      }
      for (Object field : sqlRow.values()) {
        if ((field == null) != wantNull) {
          return false;
        }
      }
      return true;
    };
  }

  private static Eval truth(Eval operand, Boolean wanted, boolean positive) {
    return (row, x) -> wanted.equals(operand.eval(row, x)) == positive;
  }

  /// As in PostgreSQL, what is cheap decides first. The order of the rest stays.
  private static Eval[] cheapFirst(List<RexNode> nodes, Eval[] compiled) {
    return IntStream.range(0, compiled.length)
        .boxed()
        .sorted(Comparator.comparingInt(i -> SubPlans.rank(nodes.get(i))))
        .map(i -> compiled[i])
        .toArray(Eval[]::new);
  }

  private static Eval and(Eval[] operands) {
    return (row, x) -> {
      boolean unknown = false;
      for (Eval operand : operands) {
        Object value = operand.eval(row, x);
        if (value == null) {
          unknown = true;
        } else if (!(Boolean) value) {
          return false;
        }
      }
      return unknown ? null : Boolean.TRUE;
    };
  }

  private static Eval or(Eval[] operands) {
    return (row, x) -> {
      boolean unknown = false;
      for (Eval operand : operands) {
        Object value = operand.eval(row, x);
        if (value == null) {
          unknown = true;
        } else if ((Boolean) value) {
          return true;
        }
      }
      return unknown ? null : Boolean.FALSE;
    };
  }

  @FunctionalInterface
  private interface Sign {
    boolean test(int order);
  }

  /// By what the operands of a comparison are compared: the analyzer sees to it that they have no
  /// two collations.
  private static TypeCodec codec(RexCall comparison) {
    RelDataType left = comparison.getOperands().getFirst().getType();
    return PgRelType.codecOf(
        PgRelType.collationOf(left) == null ? comparison.getOperands().get(1).getType() : left);
  }

  private static Eval comparison(RexCall call, Eval left, Eval right) {
    TypeCodec codec = codec(call);
    boolean equality = call.getKind() == org.apache.calcite.sql.SqlKind.EQUALS;
    if (equality || call.getKind() == org.apache.calcite.sql.SqlKind.NOT_EQUALS) {
      return (row, x) -> {
        Object a = left.eval(row, x);
        Object b = a == null ? null : right.eval(row, x);
        return b == null ? null : codec.equal(a, b) == equality;
      };
    }
    Sign sign =
        switch (call.getKind()) {
          case LESS_THAN -> order -> order < 0;
          case LESS_THAN_OR_EQUAL -> order -> order <= 0;
          case GREATER_THAN -> order -> order > 0;
          default -> order -> order >= 0;
        };
    return (row, x) -> {
      Object a = left.eval(row, x);
      Object b = a == null ? null : right.eval(row, x);
      return b == null ? null : sign.test(codec.compare(a, b));
    };
  }

  private static Eval choice(Eval[] operands) {
    return (row, x) -> {
      int last = operands.length - 1;
      for (int i = 0; i < last; i += 2) {
        if (operands[i].holds(row, x)) {
          return operands[i + 1].eval(row, x);
        }
      }
      return operands[last].eval(row, x);
    };
  }

  // ---- our own operations

  private Eval operation(Operation operation, RexCall call) {
    if (operation instanceof Operation.SubPlan subPlan) {
      return subPlans.get().compile(subPlan, call);
    }
    Eval[] operands = operands(call);
    return switch (operation) {
      case Operation.Function function -> function(function.call(), operands);
      case Operation.Convert convert -> convert(convert.cast(), operands[0]);
      case Operation.Relabel _, Operation.Collate _ -> operands[0];
      case Operation.Narrow narrow ->
          narrow(Types.byOid(narrow.targetOid()), narrow.clamped(), operands[0]);
      case Operation.Moment moment -> Moments.eval(moment, operands[0]);
      case Operation.Coalesce _ ->
          (row, x) -> {
            for (Eval operand : operands) {
              Object value = operand.eval(row, x);
              if (value != null) {
                return value;
              }
            }
            return null;
          };
      case Operation.NullIf nullIf -> {
        Fn equal = Builtins.bind(nullIf.equality());
        yield (row, x) -> {
          Object a = operands[0].eval(row, x);
          Object b = operands[1].eval(row, x);
          boolean same =
              a != null && b != null && (Boolean) equal.invoke(new Object[] {a, b}, x.cx());
          return same ? null : a;
        };
      }
      case Operation.GreatestLeast extreme -> extreme(extreme.greatest(), call, operands);
      case Operation.Distinct distinct -> {
        Fn equal = Builtins.bind(distinct.equality());
        boolean negated = distinct.negated();
        yield (row, x) -> {
          Object a = operands[0].eval(row, x);
          Object b = operands[1].eval(row, x);
          boolean same =
              a == null || b == null ? a == b : (Boolean) equal.invoke(new Object[] {a, b}, x.cx());
          return same == negated;
        };
      }
      case Operation.ArrayOf array -> arrayOf(array, PgRelType.of(call.getType()), operands);
      case Operation.RowOf rowOf -> {
        PgType[] types =
            call.getOperands().stream().map(o -> PgRelType.of(o.getType())).toArray(PgType[]::new);
        List<String> names = rowOf.names();
        boolean nullIfEmpty = rowOf.nullIfEmpty();
        yield (row, x) -> {
          Object[] values = evaluate(operands, row, x);
          return nullIfEmpty && Arrays.stream(values).allMatch(Objects::isNull)
              ? null
              : new SqlRow(types, values, names);
        };
      }
      case Operation.AssignField assign ->
          assignField(assign.index(), PgRelType.of(call.getType()), operands);
      case Operation.JsonPart _ -> (row, x) -> JsonSubscripting.part(evaluate(operands, row, x));
      case Operation.AssignJson _ ->
          (row, x) -> JsonSubscripting.assigned(evaluate(operands, row, x));
      case Operation.Field field ->
          (row, x) -> {
            SqlRow value = (SqlRow) operands[0].eval(row, x);
            return value == null ? null : value.values()[field.index()];
          };
      case Operation.Subscript _ -> subscript(operands);
      case Operation.Slice slice -> slice(slice.present(), operands);
      case Operation.AssignPart part -> assignPart(part, operands);
      case Operation.Quantified quantified -> quantified(quantified, operands);
      case Operation.Sampled sampled -> {
        RowSample sample = new RowSample(sampled.blocks(), sampled.place());
        yield (row, x) -> sample.takes(evaluate(operands, row, x), x);
      }
      case Operation.IsCurrent current ->
          (row, x) ->
              x.cursors()
                  .current(current.cursor(), current.tableOid(), current.table())
                  .isAt((RowLocator) operands[0].eval(row, x));
      case Operation.CurrentColumn current ->
          (row, x) ->
              x.cursors()
                  .current(current.cursor(), current.tableOid(), current.table())
                  .value(current.column());
      case Operation.SystemColumn column -> {
        SystemColumn kind = SystemColumn.valueOf(column.name().toUpperCase(Locale.ROOT));
        yield (row, x) -> kind.of((RowLocator) operands[0].eval(row, x));
      }
      case Operation.SetReturning set ->
          throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "set-valued function called in context that cannot accept a set: "
                  + set.call().proc().name());
      case Operation.WindowCall _ ->
          throw SqlException.internal("a window function outside of a select list");
      case Operation.GroupingBits _ ->
          throw SqlException.internal("GROUPING outside of a grouping");
      case Operation.AggregateCall _ ->
          throw SqlException.internal("an aggregate outside of a grouping");
      case Operation.SubPlan _ -> throw SqlException.internal("compiled above");
    };
  }

  static Object[] evaluate(Eval[] operands, Object[] row, io.trencadis.sql.execute.Execution x) {
    Object[] values = new Object[operands.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = operands[i].eval(row, x);
    }
    return values;
  }

  private static Eval assignField(int index, PgType type, Eval[] operands) {
    PgType[] types = type.fieldTypes().toArray(new PgType[0]);
    List<String> names = type.fieldNames();
    return (row, x) -> {
      SqlRow before = (SqlRow) operands[0].eval(row, x);
      Object[] values = before == null ? new Object[types.length] : before.values().clone();
      values[index] = operands[1].eval(row, x);
      return new SqlRow(types, values, names);
    };
  }

  private static Eval function(ResolvedCall call, Eval[] operands) {
    return call.proc().hasBody() ? RoutineCalls.eval(call, operands) : builtIn(call, operands);
  }

  private static Eval builtIn(ResolvedCall call, Eval[] operands) {
    Fn fn = Builtins.bind(call);
    boolean strict = call.strict();
    return switch (fn) {
      case Fn0 f -> (_, x) -> f.apply(x.cx());
      case Fn1 f -> {
        Eval a = operands[0];
        yield (row, x) -> {
          Object v = a.eval(row, x);
          return strict && v == null ? null : f.apply(v, x.cx());
        };
      }
      case Fn2 f -> {
        Eval a = operands[0];
        Eval b = operands[1];
        yield (row, x) -> {
          Object v = a.eval(row, x);
          Object w = b.eval(row, x);
          return strict && (v == null || w == null) ? null : f.apply(v, w, x.cx());
        };
      }
      case Fn3 f ->
          (row, x) -> {
            Object u = operands[0].eval(row, x);
            Object v = operands[1].eval(row, x);
            Object w = operands[2].eval(row, x);
            return strict && (u == null || v == null || w == null)
                ? null
                : f.apply(u, v, w, x.cx());
          };
      default ->
          (row, x) -> {
            Object[] values = evaluate(operands, row, x);
            if (strict) {
              for (Object value : values) {
                if (value == null) {
                  return null;
                }
              }
            }
            return fn.invoke(values, x.cx());
          };
    };
  }

  private static Eval convert(Cast cast, Eval operand) {
    if (cast.looksAtNull()) {
      return (row, x) -> cast.apply(operand.eval(row, x), x.cx());
    }
    return (row, x) -> {
      Object value = operand.eval(row, x);
      return value == null ? null : cast.apply(value, x.cx());
    };
  }

  private static Eval narrow(PgType target, boolean clamped, Eval operand) {
    return (row, x) -> {
      Number value = (Number) operand.eval(row, x);
      if (value == null) {
        return null;
      }
      long number = value.longValue();
      if (clamped) {
        return target == Types.INT2
            ? (Object) (short) Math.clamp(number, Short.MIN_VALUE, Short.MAX_VALUE)
            : target == Types.INT4
                ? (Object) Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE)
                : (Object) number;
      }
      if (target == Types.INT2) {
        return number == (short) number ? (Object) (short) number : null;
      }
      if (target == Types.INT4) {
        return number == (int) number ? (Object) (int) number : null;
      }
      return number;
    };
  }

  private static Eval extreme(boolean greatest, RexCall call, Eval[] operands) {
    TypeCodec codec = PgRelType.codecOf(call.getType());
    return (row, x) -> {
      Object best = null;
      for (Eval operand : operands) {
        Object value = operand.eval(row, x);
        if (value != null
            && (best == null
                || codec.compare(value, best) > 0 == greatest && codec.compare(value, best) != 0)) {
          best = value;
        }
      }
      return best;
    };
  }

  private static Eval arrayOf(Operation.ArrayOf array, PgType type, Eval[] operands) {
    PgType element = type.elementType();
    if (!array.nested()) {
      return (row, x) -> SqlArray.of(element, evaluate(operands, row, x));
    }
    return (row, x) -> {
      Object[] parts = evaluate(operands, row, x);
      int[] inner = null;
      Object[] all = new Object[0];
      for (Object part : parts) {
        SqlArray piece = (SqlArray) part;
        int[] dims = piece == null ? new int[0] : piece.dims();
        if (inner != null && !Arrays.equals(inner, dims)) {
          throw new SqlException(
              SqlState.ARRAY_ELEMENT_ERROR,
              "multidimensional arrays must have array expressions with matching dimensions");
        }
        inner = dims;
        if (piece != null) {
          int before = all.length;
          all = Arrays.copyOf(all, before + piece.elements().length);
          System.arraycopy(piece.elements(), 0, all, before, piece.elements().length);
        }
      }
      if (all.length == 0) {
        return SqlArray.empty(element);
      }
      int[] dims = new int[inner.length + 1];
      dims[0] = parts.length;
      System.arraycopy(inner, 0, dims, 1, inner.length);
      int[] lower = new int[dims.length];
      Arrays.fill(lower, 1);
      return new SqlArray(element, dims, lower, all);
    };
  }

  private static Eval subscript(Eval[] operands) {
    return (row, x) -> {
      Object value = operands[0].eval(row, x);
      if (value instanceof String name) {
        return letter(name, (Integer) operands[1].eval(row, x));
      }
      SqlArray array = (SqlArray) value;
      if (array == null) {
        return null;
      }
      int[] at = new int[operands.length - 1];
      for (int i = 0; i < at.length; i++) {
        Integer index = (Integer) operands[i + 1].eval(row, x);
        if (index == null) {
          return null;
        }
        at[i] = index;
      }
      return array.get(at);
    };
  }

  /// A byte of a `name`, which PostgreSQL takes for an array of 64 bytes counted from 0.
  private static Object letter(String name, Integer index) {
    if (index == null || index < 0 || index >= 64) {
      return null;
    }
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    if (index >= bytes.length) {
      return "";
    }
    byte value = bytes[index];
    return value >= 0 ? String.valueOf((char) value) : String.format("\\%03o", value & 0xff);
  }

  private static Eval slice(List<Boolean> present, Eval[] operands) {
    return (row, x) -> {
      SqlArray array = (SqlArray) operands[0].eval(row, x);
      if (array == null) {
        return null;
      }
      int n = present.size() / 2;
      int[] lower = new int[n];
      int[] upper = new int[n];
      for (int i = 0; i < n; i++) {
        Integer low = (Integer) operands[1 + 2 * i].eval(row, x);
        Integer high = (Integer) operands[2 + 2 * i].eval(row, x);
        if ((present.get(2 * i) && low == null) || (present.get(2 * i + 1) && high == null)) {
          return null;
        }
        boolean known = i < array.ndims();
        lower[i] = low != null ? low : known ? array.lowerBounds()[i] : 1;
        upper[i] = high != null ? high : known ? array.lowerBounds()[i] + array.dims()[i] - 1 : 0;
      }
      return array.slice(lower, upper);
    };
  }

  private static Eval assignPart(Operation.AssignPart part, Eval[] operands) {
    PgType element = Types.byOid(part.elementOid());
    int count = operands.length - 2;
    return (row, x) -> {
      SqlArray array = (SqlArray) operands[0].eval(row, x);
      Object value = operands[1].eval(row, x);
      Integer[] bounds = new Integer[count];
      for (int i = 0; i < count; i++) {
        bounds[i] = (Integer) operands[i + 2].eval(row, x);
        if (bounds[i] == null && (part.present().isEmpty() || part.present().get(i))) {
          throw new SqlException(
              SqlState.NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
        }
      }
      if (part.present().isEmpty()) {
        int[] at = new int[count];
        for (int i = 0; i < count; i++) {
          at[i] = bounds[i];
        }
        return ArrayAssignment.element(array, element, at, value);
      }
      Integer[] lower = new Integer[count / 2];
      Integer[] upper = new Integer[count / 2];
      for (int i = 0; i < lower.length; i++) {
        lower[i] = bounds[2 * i];
        upper[i] = bounds[2 * i + 1];
      }
      return ArrayAssignment.slice(array, element, lower, upper, (SqlArray) value);
    };
  }

  private static Eval quantified(Operation.Quantified quantified, Eval[] operands) {
    Fn fn = Builtins.bind(quantified.operator());
    boolean strict = quantified.operator().strict();
    boolean all = quantified.all();
    return (row, x) -> {
      Object left = operands[0].eval(row, x);
      SqlArray array = (SqlArray) operands[1].eval(row, x);
      if (array == null) {
        return null;
      }
      boolean unknown = false;
      for (Object element : array.elements()) {
        Object holds =
            strict && (left == null || element == null)
                ? null
                : fn.invoke(new Object[] {left, element}, x.cx());
        if (holds == null) {
          unknown = true;
        } else if ((Boolean) holds != all) {
          return !all;
        }
      }
      return unknown ? null : all;
    };
  }

  // ---- sets

  /// A set-returning call; a plain expression is a set of one.
  SetEval compileSet(RexNode node) {
    if (node instanceof RexCall call
        && call.getOperator() instanceof PgCall pg
        && pg.operation() instanceof Operation.SetReturning set) {
      Eval[] operands = compile(call.getOperands());
      if (set.call().proc().hasBody()) {
        return RoutineCalls.set(set.call(), operands);
      }
      SetFn fn = SetFunctions.bind(set.call());
      boolean strict = set.call().strict();
      return (row, x) -> {
        Object[] values = evaluate(operands, row, x);
        if (strict) {
          for (Object value : values) {
            if (value == null) {
              return Collections.emptyIterator();
            }
          }
        }
        return fn.open(values, x.cx());
      };
    }
    Eval single = compile(node);
    return (row, x) -> Collections.singletonList(single.eval(row, x)).iterator();
  }

  static boolean isSet(RexNode node) {
    return node instanceof RexCall call
        && call.getOperator() instanceof PgCall pg
        && pg.operation() instanceof Operation.SetReturning;
  }
}
