package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.functions.ArrayFunctions;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A sub-select in an expression: sets the slots it reads from the outer row, runs it, and makes
/// one value of its rows. What depends on no outer row is run once. Immutable and thread-safe.
public final class SubPlanEval implements Eval {
  /// What is asked of the sub-select.
  public enum Kind {
    EXISTS,
    SCALAR,
    ARRAY,
    ANY,
    ALL,
    ROW
  }

  /// A comparison of the tested values with a row's columns; null for unknown.
  @FunctionalInterface
  public interface Test {
    Boolean test(Object[] tested, Object[] row, Execution x);
  }

  private final Kind kind;
  private final PlanNode plan;
  private final int[] slots;
  private final Eval[] arguments;
  private final Eval[] tested;
  private final Test test;
  private final io.trencadis.sql.types.TypeCodec[] hashCodecs;
  private final PgType arrayElement;
  private final boolean constant;
  private final boolean repeatable;
  private final io.trencadis.sql.types.TypeCodec[] argumentCodecs;
  private final Ahead ahead;

  /// A scan of the plan that can read for many outer rows at once.
  ///
  /// @param arguments the columns of an outer row that the slots are set to
  public record Ahead(TableScanNode scan, int[] arguments) {}

  /// @param slots what the plan reads; set to `arguments`
  /// @param tested for ANY, ALL and ROW: the values to compare with the columns
  /// @param test the comparison; null for the others
  /// @param hashCodecs for ANY over plain equality: how to look rows up; else null
  /// @param arrayElement for ARRAY: the element type
  /// @param constant whether the result depends on no outer row
  /// @param argumentCodecs how equal arguments are told, where the plan gives the same for equal
  ///   ones as long as the statement runs; else null
  /// @param ahead null where each outer row's rows are read by themselves
  public SubPlanEval(
      Kind kind,
      PlanNode plan,
      int[] slots,
      Eval[] arguments,
      Eval[] tested,
      Test test,
      io.trencadis.sql.types.TypeCodec[] hashCodecs,
      PgType arrayElement,
      boolean constant,
      io.trencadis.sql.types.TypeCodec[] argumentCodecs,
      Ahead ahead) {
    this.ahead = ahead;
    this.kind = kind;
    this.plan = plan;
    this.slots = slots;
    this.arguments = arguments;
    this.tested = tested;
    this.test = test;
    this.hashCodecs = hashCodecs;
    this.arrayElement = arrayElement;
    this.constant = constant;
    this.repeatable = argumentCodecs != null && kind != Kind.ARRAY;
    this.argumentCodecs = argumentCodecs;
  }

  public PlanNode plan() {
    return plan;
  }

  private static final int MOST_REMEMBERED = 1_000;

  private static final Object NULL = new Object();

  @Override
  public Object eval(Object[] row, Execution x) {
    if (!constant) {
      for (int i = 0; i < slots.length; i++) {
        x.setSlot(slots[i], arguments[i].eval(row, x));
      }
    }
    if (kind == Kind.ROW) {
      return compareOne(RowNodes.evaluate(tested, row, x), x);
    }
    if (kind == Kind.ANY || kind == Kind.ALL) {
      Object[] values = RowNodes.evaluate(tested, row, x);
      if (!constant) {
        return compare(values, x);
      }
      if (hashCodecs != null && kind == Kind.ANY) {
        return ((Members) x.memory().computeIfAbsent(this, _ -> new Members(x))).contains(values);
      }
      @SuppressWarnings("unchecked")
      List<Object[]> rows = (List<Object[]>) x.memory().computeIfAbsent(this, _ -> all(x));
      return compare(values, rows, x);
    }
    if (!constant) {
      return repeatable ? remembered(x) : single(x);
    }
    Object known = x.memory().get(this);
    if (known == null) {
      Object value = single(x);
      known = value == null ? NULL : value;
      x.memory().put(this, known);
    }
    return known == NULL ? null : known;
  }

  /// Whether it can read for many outer rows at once.
  public boolean readsAhead() {
    return ahead != null;
  }

  /// A condition that is asked row by row, with sub-selects that read for all of a batch's rows
  /// before.
  ///
  /// @param columns that the condition looks at
  public static BatchCondition ahead(List<SubPlanEval> subPlans, Eval condition, int[] columns) {
    return (batch, x) -> {
      int[][] lookups = new int[subPlans.size()][];
      for (int i = 0; i < lookups.length; i++) {
        lookups[i] = subPlans.get(i).readAhead(batch, x);
      }
      Object[] row = new Object[batch.width()];
      int[] places = batch.places();
      int kept = 0;
      for (int i = 0; i < batch.count(); i++) {
        for (int j = 0; j < lookups.length; j++) {
          x.lookups(subPlans.get(j).ahead.scan).standOn(lookups[j][i]);
        }
        for (int column : columns) {
          row[column] = batch.column(column).get(places[i]);
        }
        if (condition.holds(row, x)) {
          places[kept++] = places[i];
        }
      }
      for (SubPlanEval each : subPlans) {
        x.lookups(each.ahead.scan).standOn(-1);
      }
      batch.keep(kept);
    };
  }

  /// @return for each row of the batch, the number of its look-up; -1 where what comes of it is
  ///   known
  private int[] readAhead(Batch batch, Execution x) {
    Lookups lookups = x.lookups(ahead.scan);
    lookups.clear();
    Map<Grouping, Integer> asked = new HashMap<>();
    int[] numbers = new int[batch.count()];
    for (int i = 0; i < numbers.length; i++) {
      for (int j = 0; j < slots.length; j++) {
        x.setSlot(slots[j], batch.column(ahead.arguments[j]).get(batch.places()[i]));
      }
      if (!repeatable) {
        numbers[i] = lookups.add();
      } else {
        Grouping key = key(x);
        numbers[i] =
            known(x).containsKey(key) ? -1 : asked.computeIfAbsent(key, _ -> lookups.add());
      }
    }
    lookups.run();
    return numbers;
  }

  @SuppressWarnings("unchecked") // Nothing else is kept under this.
  private Map<Grouping, Object> known(Execution x) {
    return (Map<Grouping, Object>) x.memory().computeIfAbsent(this, _ -> new HashMap<>());
  }

  private Grouping key(Execution x) {
    Object[] values = new Object[slots.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.slot(slots[i]);
    }
    return new Grouping(values, argumentCodecs);
  }

  /// The value for the slots as they are, which many outer rows may have in common.
  private Object remembered(Execution x) {
    Map<Grouping, Object> known = known(x);
    Grouping key = key(x);
    Object value = known.get(key);
    if (value == null) {
      value = single(x);
      value = value == null ? NULL : value;
      if (known.size() < MOST_REMEMBERED) {
        known.put(key, value);
      }
    }
    return value == NULL ? null : value;
  }

  private Object single(Execution x) {
    try (RowSource rows = plan.open(x)) {
      switch (kind) {
        case EXISTS -> {
          return rows.next() != null;
        }
        case ARRAY -> {
          List<Object> elements = new ArrayList<>();
          for (Object[] row = rows.next(); row != null; row = rows.next()) {
            elements.add(row[0]);
          }
          boolean nested =
              !arrayElement.isArray() && elements.stream().anyMatch(SqlArray.class::isInstance);
          return ArrayFunctions.construct(arrayElement, elements.toArray(), nested);
        }
        default -> {
          Object[] first = rows.next();
          if (first == null) {
            return null;
          }
          requireEnd(rows);
          return first[0];
        }
      }
    }
  }

  private static void requireEnd(RowSource rows) {
    if (rows.next() != null) {
      throw new SqlException(
          SqlState.CARDINALITY_VIOLATION,
          "more than one row returned by a subquery used as an expression");
    }
  }

  private Object compareOne(Object[] values, Execution x) {
    Object[] row = constant ? (Object[]) x.memory().get(this) : null;
    if (row == null) {
      row = one(x);
      if (constant) {
        x.memory().put(this, row);
      }
    }
    return row.length == 0 ? null : test.test(values, row, x);
  }

  /// The one row; empty where there is none.
  private Object[] one(Execution x) {
    try (RowSource rows = plan.open(x)) {
      Object[] first = rows.next();
      if (first == null) {
        return new Object[0];
      }
      requireEnd(rows);
      return first;
    }
  }

  private List<Object[]> all(Execution x) {
    List<Object[]> out = new ArrayList<>();
    try (RowSource rows = plan.open(x)) {
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        out.add(row);
      }
    }
    return out;
  }

  private Object compare(Object[] values, Execution x) {
    boolean unknown = false;
    try (RowSource rows = plan.open(x)) {
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        Boolean holds = test.test(values, row, x);
        if (holds == null) {
          unknown = true;
        } else if (holds == (kind == Kind.ANY)) {
          return holds;
        }
      }
    }
    return unknown ? null : kind == Kind.ALL;
  }

  private Object compare(Object[] values, List<Object[]> rows, Execution x) {
    boolean unknown = false;
    for (Object[] row : rows) {
      Boolean holds = test.test(values, row, x);
      if (holds == null) {
        unknown = true;
      } else if (holds == (kind == Kind.ANY)) {
        return holds;
      }
    }
    return unknown ? null : kind == Kind.ALL;
  }

  /// The rows of a sub-select under IN, hashed.
  private final class Members {
    private final Set<Grouping> whole = new HashSet<>();
    private final Map<Integer, List<Object[]>> withNulls = new HashMap<>();
    private boolean empty = true;

    Members(Execution x) {
      for (Object[] row : all(x)) {
        empty = false;
        if (hasNull(row)) {
          withNulls.computeIfAbsent(0, _ -> new ArrayList<>()).add(row);
        } else {
          whole.add(new Grouping(row, hashCodecs));
        }
      }
    }

    private static boolean hasNull(Object[] row) {
      for (Object value : row) {
        if (value == null) {
          return true;
        }
      }
      return false;
    }

    Boolean contains(Object[] values) {
      if (empty) {
        return false;
      }
      if (!hasNull(values) && whole.contains(new Grouping(values, hashCodecs))) {
        return true;
      }
      for (Object[] row : withNulls.getOrDefault(0, List.of())) {
        if (possible(values, row)) {
          return null;
        }
      }
      if (!hasNull(values)) {
        return false;
      }
      for (Grouping row : whole) {
        if (possible(values, row.values())) {
          return null;
        }
      }
      return false;
    }

    /// Whether the columns that are known on both sides agree.
    private boolean possible(Object[] values, Object[] row) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null && row[i] != null && !hashCodecs[i].equal(values[i], row[i])) {
          return false;
        }
      }
      return true;
    }
  }
}
