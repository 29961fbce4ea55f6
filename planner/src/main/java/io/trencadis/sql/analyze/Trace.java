package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.PgType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// What an analysis found out about the parts of a syntax tree, for whoever writes the tree down
/// again as it was understood: the types of expressions, what they are converted to, the functions
/// that calls mean, and where columns come from. Not thread-safe.
public final class Trace {
  private final Map<Expr, RexNode> values = new IdentityHashMap<>();
  private final Map<RexNode, List<Conversion>> conversions = new IdentityHashMap<>();
  private final Map<Expr, ResolvedCall> calls = new IdentityHashMap<>();
  private final Map<Expr, List<Place>> places = new IdentityHashMap<>();
  private final Map<TableRef, Source> sources = new IdentityHashMap<>();

  /// What a value became for its surroundings.
  ///
  /// @param explicit whether the user asked for it
  public record Conversion(PgType type, int typmod, boolean explicit) {}

  /// Where a column is from.
  ///
  /// @param hops how many queries further out its FROM clause is
  /// @param item the item's name; null for a column that a join made of two
  /// @param column null for the whole row
  public record Place(int hops, String item, String column) {}

  /// An item of FROM.
  ///
  /// @param tableOid the table, view or sequence; 0 for anything else
  /// @param columns as the query can name them
  public record Source(String name, int tableOid, List<String> columns) {}

  Trace() {}

  // ---- what the analysis says

  /// Notes what an expression is. What is converted later is known by the tree that comes back,
  /// which is no other expression's.
  RexNode found(Expr expr, RexNode value) {
    RexNode own =
        switch (value) {
          case RexInputRef ref -> new RexInputRef(ref.getIndex(), ref.getType());
          case RexDynamicParam slot -> new RexDynamicParam(slot.getType(), slot.getIndex());
          default -> value;
        };
    values.put(expr, own);
    return own;
  }

  void converted(RexNode node, PgType type, int typmod, boolean explicit) {
    conversions
        .computeIfAbsent(node, _ -> new ArrayList<>())
        .add(new Conversion(type, typmod, explicit));
  }

  void called(Expr call, ResolvedCall resolved) {
    calls.put(call, resolved);
  }

  void source(TableRef ref, Scope.Item item) {
    sources.put(
        ref,
        new Source(
            item.name(),
            item.tableOid(),
            item.columns().stream().map(Scope.Column::name).toList()));
  }

  /// Notes which column or row a name means that was found.
  void named(Expr.ColumnRef ref, Scope scope) {
    List<String> parts = ref.parts();
    String last = parts.getLast();
    int hops = 0;
    for (Scope at = scope; at != null; at = outside(at)) {
      if (parts.size() > 1) {
        Scope.Item item = itemOf(at, parts.get(parts.size() - 2));
        if (item != null) {
          places.put(ref, List.of(new Place(hops, item.name(), last)));
          return;
        }
      } else {
        for (Scope.Column column : at.visible()) {
          if (column.name().equals(last)) {
            places.put(ref, List.of(place(at, hops, column)));
            return;
          }
        }
        for (Scope.Item item : at.items()) {
          if (item.hidden().stream().anyMatch(column -> column.name().equals(last))) {
            places.put(ref, List.of(new Place(hops, item.name(), last)));
            return;
          }
        }
      }
      hops++;
    }
    hops = 0;
    for (Scope at = scope; at != null; at = outside(at)) {
      Scope.Item item = itemOf(at, last);
      if (item != null && parts.size() == 1) {
        places.put(ref, List.of(new Place(hops, item.name(), null)));
        return;
      }
      hops++;
    }
  }

  /// Notes the columns that a star stands for.
  void starred(Expr.ColumnRef ref, Scope scope) {
    List<Place> all = new ArrayList<>();
    if (ref.parts().isEmpty()) {
      scope.visible().forEach(column -> all.add(place(scope, 0, column)));
    } else {
      int hops = 0;
      Scope.Item item = null;
      for (Scope at = scope; at != null && item == null; at = outside(at)) {
        item = itemOf(at, ref.parts().getLast());
        hops += item == null ? 1 : 0;
      }
      if (item == null) {
        return;
      }
      for (Scope.Column column : item.columns()) {
        all.add(new Place(hops, item.name(), column.name()));
      }
    }
    places.put(ref, all);
  }

  private static Scope outside(Scope scope) {
    return scope.outer() == null ? null : scope.outer().scope();
  }

  private static Scope.Item itemOf(Scope scope, String name) {
    for (Scope.Item item : scope.items()) {
      if (item.name().equals(name)) {
        return item;
      }
    }
    return null;
  }

  private static Place place(Scope scope, int hops, Scope.Column column) {
    for (Scope.Item item : scope.items()) {
      for (Scope.Column own : item.columns()) {
        if (own.value().equals(column.value())) {
          return new Place(hops, item.name(), own.name());
        }
      }
    }
    return new Place(hops, null, column.name());
  }

  // ---- what it is asked

  /// The type of an expression by itself; null for one that was not analyzed.
  public PgType type(Expr expr) {
    RexNode value = values.get(expr);
    return value == null ? null : PgRelType.of(value.getType());
  }

  public int typmod(Expr expr) {
    return PgRelType.typmodOf(values.get(expr).getType());
  }

  /// What an expression was converted to where it stands, or null.
  ///
  /// @param which of several, where one is compared several times: BETWEEN
  public Conversion conversion(Expr expr, int which) {
    RexNode value = values.get(expr);
    List<Conversion> known = value == null ? null : conversions.get(value);
    return known == null ? null : known.get(Math.min(which, known.size() - 1));
  }

  /// The function that is called, or null.
  public ResolvedCall call(Expr expr) {
    return calls.get(expr);
  }

  /// Where the one column is from, or the whole row; null where it is neither.
  public Place place(Expr.ColumnRef ref) {
    List<Place> known = places.get(ref);
    return known == null || known.size() != 1 ? null : known.getFirst();
  }

  /// The columns that a star stands for, or null.
  public List<Place> star(Expr.ColumnRef ref) {
    return places.get(ref);
  }

  public Source source(TableRef ref) {
    return sources.get(ref);
  }

  /// The comparison with elements that an expression like `x IN (1, 2)` was taken for, or null.
  public ResolvedCall comparison(Expr expr) {
    RexCall call = comparing(expr);
    return call == null
        ? null
        : ((Operation.Quantified) ((PgCall) call.getOperator()).operation()).operator();
  }

  /// The type of the array that the elements are in.
  public PgType compared(Expr expr) {
    return PgRelType.of(comparing(expr).getOperands().get(1).getType());
  }

  private RexCall comparing(Expr expr) {
    RexNode value = values.get(expr);
    RexNode inner =
        value instanceof RexCall not && not.getKind() == SqlKind.NOT
            ? not.getOperands().getFirst()
            : value;
    return inner instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && pg.operation() instanceof Operation.Quantified
        ? call
        : null;
  }
}
