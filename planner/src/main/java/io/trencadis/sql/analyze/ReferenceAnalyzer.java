package io.trencadis.sql.analyze;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// The queries and expressions that foreign keys stand for. One use each.
public final class ReferenceAnalyzer {
  private final Analysis analysis;
  private final List<PgType> types;

  /// @param types of the referenced columns
  public ReferenceAnalyzer(Names names, RelOptCluster cluster, List<PgType> types) {
    int n = types.size();
    int[] parameters = new int[2 * n];
    for (int i = 0; i < 2 * n; i++) {
      parameters[i] = types.get(i % n).oid();
    }
    this.analysis = new Analysis(names, cluster, parameters);
    this.types = types;
  }

  /// The rows that refer to a key. The slots begin with the key, and with the key that takes its
  /// place.
  ///
  /// @param rows the referencing table's columns and a locator
  /// @param match over such a row: whether it refers to the key
  /// @param cascaded the new key as values of the referencing columns
  /// @param defaults of the referencing columns
  public record Referencing(
      RelNode rows,
      RexNode match,
      List<RexNode> cascaded,
      List<RexNode> defaults,
      List<Slot> slots) {}

  public Referencing referencing(TableDescriptor table, ForeignKey key) {
    int n = types.size();
    List<RexNode> parameters = new ArrayList<>();
    for (int i = 1; i <= 2 * n; i++) {
      parameters.add(analysis.parameter(i, -1));
    }
    FromAnalyzer.From from =
        new FromAnalyzer(analysis, null, null, null, List.of())
            .storedTable(table, null, false, true, !table.isPartitioned(), null);
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, null, Scope.empty(null), null, ExpressionAnalyzer.Clause.WHERE);
    List<RexNode> equalities = new ArrayList<>();
    List<RexNode> cascaded = new ArrayList<>();
    List<RexNode> defaults = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Column column = table.columnNumbered(key.columns().get(i));
      RexNode value = null;
      for (Scope.Column candidate : from.visible()) {
        value = candidate.columnNumber() == column.number() ? candidate.value() : value;
      }
      equalities.add(expressions.operator("=", value, parameters.get(i), -1));
      cascaded.add(
          expressions
              .conversions()
              .cast(
                  parameters.get(n + i),
                  Types.byOid(column.typeOid()),
                  column.typmod(),
                  CastContext.ASSIGNMENT,
                  -1));
      defaults.add(TableScopes.defaultValue(analysis, column));
    }
    RexNode match = RexUtil.composeConjunction(analysis.rex(), equalities);
    return new Referencing(
        LogicalFilter.create(from.rel(), match), match, cascaded, defaults, analysis.slots());
  }

  /// The referencing columns' values, over a row of the table, as values of the referenced columns.
  ///
  /// @param places of the referencing columns in the row
  public List<RexNode> converted(List<PgType> own, int[] places) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, null, Scope.empty(null), null, ExpressionAnalyzer.Clause.WHERE);
    List<RexNode> values = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      RexNode value = analysis.rex().makeInputRef(PgTypeFactory.of(own.get(i)), places[i]);
      values.add(expressions.conversions().cast(value, types.get(i), -1, CastContext.EXPLICIT, -1));
    }
    return values;
  }
}
