package io.trencadis.sql.analyze;

import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/// The columns of an enclosing query that an inner one uses, each with the slot that carries it in.
final class OuterReferences {
  private final Analysis analysis;
  private final Scope scope;
  private final ExpressionAnalyzer expressions;
  private final List<Integer> slots = new ArrayList<>();
  private final List<RexNode> values = new ArrayList<>();

  /// @param scope the enclosing query's names
  OuterReferences(Analysis analysis, Scope scope) {
    this(analysis, scope, null);
  }

  /// @param expressions what analyzes the expression that the inner query stands in; null for FROM
  OuterReferences(Analysis analysis, Scope scope, ExpressionAnalyzer expressions) {
    this.analysis = analysis;
    this.scope = scope;
    this.expressions = expressions;
  }

  ExpressionAnalyzer expressions() {
    return expressions;
  }

  /// Forgets all but the first so many, which nothing has used yet.
  void forget(int kept) {
    slots.subList(kept, slots.size()).clear();
    values.subList(kept, values.size()).clear();
  }

  Scope scope() {
    return scope;
  }

  /// The slot's expression for a value of the enclosing query's rows.
  RexNode slotFor(RexNode value) {
    if (analysis.slotOf(value) != null) {
      // Constants, parameters, and columns of queries further out: their slots are set already.
      return value;
    }
    int known = values.indexOf(value);
    int slot;
    if (known >= 0) {
      slot = slots.get(known);
    } else {
      slot = analysis.addSlot(new Slot.Outer(PgRelType.of(value.getType())));
      slots.add(slot);
      values.add(value);
    }
    return analysis.slotReference(slot, value.getType());
  }

  List<Integer> slots() {
    return slots;
  }

  /// Over the enclosing query's rows: what each slot is set to.
  List<RexNode> values() {
    return values;
  }
}
