package io.trencadis.sql.planning;

import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.execute.InvertedTerms;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.functions.Trigrams;
import io.trencadis.sql.rel.IndexTerms;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.Slot;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// A conjunct that an inverted index helps with: an operator between one of its columns and
/// something known before the scan starts.
///
/// @param part the column's place in the index
/// @param value the operator's other argument
record TermArgument(int part, InvertedTerms.Search search, RexNode value, RexNode conjunct) {
  /// Those of a condition's conjuncts.
  ///
  /// @param terms the index's expressions; null where it has plain columns only
  static List<TermArgument> of(StoredIndex index, IndexTerms terms, List<RexNode> conjuncts) {
    List<TermArgument> found = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      TermArgument one = of(index, terms, conjunct);
      if (one != null) {
        found.add(one);
      }
    }
    return found;
  }

  /// Whether it is a pattern of LIKE that is too short to have a term.
  boolean saysNothing(SlotTable slots) {
    return search == InvertedTerms.Search.LIKE
        && value instanceof RexDynamicParam pattern
        && slots.get(pattern.getIndex()) instanceof Slot.Constant constant
        && constant.value() instanceof String text
        && Trigrams.ofPattern(text).isEmpty();
  }

  private static TermArgument of(StoredIndex index, IndexTerms terms, RexNode conjunct) {
    if (!(conjunct instanceof RexCall call)
        || call.getOperands().size() != 2
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.Function function)) {
      return null;
    }
    for (int side = 0; side < 2; side++) {
      RexNode value = call.getOperands().get(1 - side);
      if (!Sarg.isKnown(value)) {
        continue;
      }
      int expressions = 0;
      for (int part = 0; part < index.key().width(); part++) {
        KeyPart indexed = index.descriptor().parts().get(part);
        RexNode expression =
            indexed.expression() == null ? null : terms.expressions().get(expressions++);
        RexNode operand = Sarg.bare(call.getOperands().get(side));
        boolean same =
            expression == null
                ? operand instanceof RexInputRef ref
                    && ref.getIndex() == index.key().columns()[part]
                : operand.equals(Sarg.bare(expression));
        InvertedTerms.Search search =
            same
                ? InvertedTerms.search(
                    indexed.operatorClass(), function.call().proc().name(), side == 0)
                : null;
        if (search != null) {
          return new TermArgument(part, search, value, conjunct);
        }
      }
    }
    return null;
  }
}
