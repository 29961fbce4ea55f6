package io.trencadis.sql.planning;

import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/// Writes expressions as SQL, the way EXPLAIN shows them.
final class RexText {
  private final RelDataType rowType;
  private final SlotTable slots;
  private final TypeContext context;

  RexText(RelDataType rowType, SlotTable slots, TypeContext context) {
    this.rowType = rowType;
    this.slots = slots;
    this.context = context;
  }

  String column(int index) {
    if (index >= rowType.getFieldCount()) {
      return "?";
    }
    String name = rowType.getFieldNames().get(index);
    int end = name.indexOf('\u0000');
    return Identifiers.quote(end < 0 ? name : name.substring(0, end));
  }

  String conjunction(List<RexNode> conjuncts) {
    if (conjuncts.size() == 1) {
      return text(conjuncts.getFirst());
    }
    List<String> parts = new ArrayList<>();
    conjuncts.forEach(conjunct -> parts.add(text(conjunct)));
    return "(" + String.join(" AND ", parts) + ")";
  }

  String text(RexNode node) {
    return switch (node) {
      case RexInputRef ref -> column(ref.getIndex());
      case RexDynamicParam parameter -> slot(parameter.getIndex());
      case RexLiteral literal ->
          literal.isNull() ? "NULL" : literal.getValueAs(Boolean.class) ? "true" : "false";
      case RexCall call when call.getOperator() instanceof PgCall pg ->
          operation(pg.operation(), call);
      case RexCall call -> standard(call);
      default -> node.toString();
    };
  }

  private String slot(int index) {
    return switch (slots.get(index)) {
      case Slot.Parameter parameter -> "$" + parameter.number();
      case Slot.Outer _ -> "$" + index;
      case Slot.Constant constant -> constant(constant);
    };
  }

  private String constant(Slot.Constant constant) {
    PgType type = constant.type();
    if (constant.value() == null) {
      return "NULL::" + Types.formatType(type, constant.typmod());
    }
    String text = type.codec().format(constant.value(), context);
    if (type == Types.BOOL) {
      return constant.value().toString();
    }
    if (type == Types.INT4) {
      return text.startsWith("-") ? "'" + text + "'::integer" : text;
    }
    if (type == Types.NUMERIC && !text.startsWith("-") && text.contains(".")) {
      return text;
    }
    return "'" + text.replace("'", "''") + "'::" + Types.formatType(type, constant.typmod());
  }

  private List<String> texts(List<RexNode> nodes) {
    List<String> out = new ArrayList<>();
    nodes.forEach(node -> out.add(text(node)));
    return out;
  }

  private String standard(RexCall call) {
    List<String> parts = texts(call.getOperands());
    return switch (call.getKind()) {
      case AND -> "(" + String.join(" AND ", parts) + ")";
      case OR -> "(" + String.join(" OR ", parts) + ")";
      case NOT -> "(NOT " + parts.getFirst() + ")";
      case IS_NULL -> "(" + parts.getFirst() + " IS NULL)";
      case IS_NOT_NULL -> "(" + parts.getFirst() + " IS NOT NULL)";
      case IS_TRUE -> "(" + parts.getFirst() + " IS TRUE)";
      case IS_NOT_TRUE -> "(" + parts.getFirst() + " IS NOT TRUE)";
      case IS_FALSE -> "(" + parts.getFirst() + " IS FALSE)";
      case IS_NOT_FALSE -> "(" + parts.getFirst() + " IS NOT FALSE)";
      case EQUALS -> infix(parts, "=");
      case NOT_EQUALS -> infix(parts, "<>");
      case LESS_THAN -> infix(parts, "<");
      case LESS_THAN_OR_EQUAL -> infix(parts, "<=");
      case GREATER_THAN -> infix(parts, ">");
      case GREATER_THAN_OR_EQUAL -> infix(parts, ">=");
      case CASE -> choice(parts);
      case CAST -> parts.getFirst();
      default -> call.getOperator().getName() + "(" + String.join(", ", parts) + ")";
    };
  }

  private static String infix(List<String> parts, String operator) {
    return "(" + parts.get(0) + " " + operator + " " + parts.get(1) + ")";
  }

  private static String choice(List<String> parts) {
    StringBuilder out = new StringBuilder("CASE");
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      out.append(" WHEN ").append(parts.get(i)).append(" THEN ").append(parts.get(i + 1));
    }
    return out.append(" ELSE ").append(parts.getLast()).append(" END").toString();
  }

  private String operation(Operation operation, RexCall call) {
    if (operation instanceof Operation.SubPlan subPlan) {
      return "(SubPlan " + subPlan.identity() + ")";
    }
    List<String> parts = texts(call.getOperands());
    String list = String.join(", ", parts);
    return switch (operation) {
      case Operation.Function function when function.operator() != null && parts.size() == 2 ->
          infix(parts, function.operator());
      case Operation.Function function when function.operator() != null ->
          "(" + function.operator() + " " + parts.getFirst() + ")";
      case Operation.Function function ->
          Identifiers.quote(function.call().proc().name()) + "(" + list + ")";
      case Operation.Convert _, Operation.Relabel _ ->
          "("
              + parts.getFirst()
              + ")::"
              + Types.formatType(PgRelType.of(call.getType()), PgRelType.typmodOf(call.getType()));
      case Operation.Collate collate ->
          "("
              + parts.getFirst()
              + " COLLATE "
              + Identifiers.quote(collate.collation().name())
              + ")";
      case Operation.Narrow _, Operation.Moment _ -> parts.getFirst();
      case Operation.Coalesce _ -> "COALESCE(" + list + ")";
      case Operation.NullIf _ -> "NULLIF(" + list + ")";
      case Operation.GreatestLeast extreme ->
          (extreme.greatest() ? "GREATEST(" : "LEAST(") + list + ")";
      case Operation.Distinct distinct ->
          infix(parts, distinct.negated() ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM");
      case Operation.ArrayOf _ -> "ARRAY[" + list + "]";
      case Operation.RowOf _ -> "ROW(" + list + ")";
      case Operation.Field field -> "(" + parts.getFirst() + ").f" + (field.index() + 1);
      case Operation.Subscript _ ->
          parts.getFirst() + "[" + String.join("][", parts.subList(1, parts.size())) + "]";
      case Operation.Slice _ ->
          parts.getFirst() + "[" + String.join(":", parts.subList(1, parts.size())) + "]";
      case Operation.AssignPart _ ->
          parts.get(0)
              + "["
              + String.join(":", parts.subList(2, parts.size()))
              + "] = "
              + parts.get(1);
      case Operation.JsonPart _ ->
          parts.getFirst() + "[" + String.join("][", parts.subList(1, parts.size())) + "]";
      case Operation.AssignJson _ ->
          parts.get(0)
              + "["
              + String.join("][", parts.subList(2, parts.size()))
              + "] = "
              + parts.get(1);
      case Operation.AssignField assign ->
          "(" + parts.get(0) + ").f" + (assign.index() + 1) + " = " + parts.get(1);
      case Operation.Quantified quantified ->
          "("
              + parts.get(0)
              + " "
              + symbol(quantified)
              + (quantified.all() ? " ALL (" : " ANY (")
              + parts.get(1)
              + "))";
      case Operation.SetReturning set -> set.call().proc().name() + "(" + list + ")";
      case Operation.WindowCall window ->
          window.specification().call().proc().name() + "() OVER (…)";
      case Operation.Sampled sampled ->
          (sampled.blocks() ? "system (" : "bernoulli (")
              + parts.get(1)
              + ")"
              + (parts.size() > 2 ? " REPEATABLE (" + parts.get(2) + ")" : "");
      case Operation.SystemColumn column -> column.name();
      case Operation.IsCurrent current -> "CURRENT OF " + current.cursor();
      case Operation.CurrentColumn current -> current.column() + " OF " + current.cursor();
      case Operation.GroupingBits _ -> "GROUPING(" + list + ")";
      case Operation.AggregateCall aggregate -> aggregate.spec().call().proc().name() + "(…)";
      case Operation.SubPlan _ -> throw new IllegalStateException("written above");
    };
  }

  private static String symbol(Operation.Quantified quantified) {
    int oid = quantified.operator().proc().oid();
    return io.trencadis.sql.functions.PgCatalog.allOperators().stream()
        .filter(operator -> operator.function() == oid)
        .map(operator -> operator.name())
        .findFirst()
        .orElse("=");
  }
}
