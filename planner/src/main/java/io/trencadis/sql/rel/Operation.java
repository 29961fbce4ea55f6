package io.trencadis.sql.rel;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.Cast;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import org.apache.calcite.rel.RelNode;

/// What a call in an expression tree does, beyond what Calcite's own operators say. Equal
/// operations make equal calls: the label is part of the digest by which Calcite compares trees.
public sealed interface Operation {
  /// Unique among operations that differ.
  String label();

  default boolean deterministic() {
    return true;
  }

  /// A built-in function, or an operator's function.
  ///
  /// @param operator the operator's symbol where the call was written as one, for display; else
  ///   null
  record Function(ResolvedCall call, String operator) implements Operation {
    @Override
    public String label() {
      return callLabel(call);
    }

    @Override
    public boolean deterministic() {
      return call.proc().volatility() != 'v';
    }
  }

  private static String callLabel(ResolvedCall call) {
    return call.proc().name()
        + "#"
        + call.proc().oid()
        + ">"
        + call.resultType().oid()
        + (call.resultType().oid() == Types.RECORD.oid()
            ? call.resultType().fields() + "" + call.outputs().stream().map(PgType::oid).toList()
            : "")
        + ","
        + call.packedFrom()
        + (call.variadicArray() ? "v" : "")
        + (call.collation() == null ? "" : "~" + call.collation().oid());
  }

  /// A conversion of the one operand to the call's type.
  ///
  /// @param typmod the modifier to enforce, -1 for none
  /// @param explicit whether the user wrote it: explicit casts to varchar(n) truncate
  record Convert(Cast cast, int sourceOid, int targetOid, int typmod, boolean explicit)
      implements Operation {
    @Override
    public String label() {
      return "cast#" + sourceOid + ">" + targetOid + "(" + typmod + (explicit ? ",x" : "") + ")";
    }
  }

  /// Changes nothing but what the analyzer thinks of the operand (a binary-coercible cast).
  record Relabel(int targetOid, int typmod) implements Operation {
    @Override
    public String label() {
      return "relabel#" + targetOid + "(" + typmod + ")";
    }
  }

  /// COLLATE: changes nothing but by which collation the operand is compared.
  ///
  /// @param pos where it is written, or -1
  record Collate(Collation collation, int pos) implements Operation {
    @Override
    public String label() {
      return "collate#" + collation.oid();
    }
  }

  /// An integer as a narrower type.
  ///
  /// @param clamped whether one that does not fit becomes the outermost that does; else it becomes
  ///   null: no value of that type equals it
  record Narrow(int targetOid, boolean clamped) implements Operation {
    @Override
    public String label() {
      return (clamped ? "clamp#" : "narrow#") + targetOid;
    }
  }

  /// A date or timestamp as a bound of a column of another such type, so that the column compares
  /// with the bound as it does with the value. Null stays null.
  record Moment(int sourceOid, int targetOid, Rounding rounding) implements Operation {
    /// What becomes of a value that lies between two of the column's type.
    public enum Rounding {
      DOWN,
      UP,
      /// It becomes null: no value of that type equals it.
      NULL,
      /// Whatever the time zone, no value that equals it is lower than the result.
      BEFORE,
      /// Whatever the time zone, no value that equals it is higher than the result.
      AFTER
    }

    @Override
    public String label() {
      return "moment#" + targetOid + rounding;
    }
  }

  record Coalesce() implements Operation {
    @Override
    public String label() {
      return "coalesce#";
    }
  }

  /// @param equality the `=` of the operands' types
  record NullIf(ResolvedCall equality) implements Operation {
    @Override
    public String label() {
      return "nullif#" + callLabel(equality);
    }
  }

  record GreatestLeast(boolean greatest) implements Operation {
    @Override
    public String label() {
      return greatest ? "greatest#" : "least#";
    }
  }

  /// IS DISTINCT FROM over operands with this `=`.
  record Distinct(ResolvedCall equality, boolean negated) implements Operation {
    @Override
    public String label() {
      return (negated ? "notdistinct#" : "distinct#") + callLabel(equality);
    }
  }

  /// ARRAY[…]; nested constructors make a dimension more.
  record ArrayOf(boolean nested) implements Operation {
    @Override
    public String label() {
      return "array#" + nested;
    }
  }

  /// ROW(…), or the columns of a table as one value.
  ///
  /// @param nullIfEmpty whether the value is null where all columns are: an outer join may have
  ///   found no row
  record RowOf(List<String> names, boolean nullIfEmpty) implements Operation {
    @Override
    public String label() {
      return (nullIfEmpty ? "optionalrow#" : "row#") + names;
    }
  }

  /// A row value with the field at a place replaced: operands are the row, which may be null, and
  /// the field's value.
  record AssignField(int index) implements Operation {
    @Override
    public String label() {
      return "assignfield#" + index;
    }
  }

  /// `jsonb[key]`: operands are the jsonb value and the keys.
  record JsonPart() implements Operation {
    @Override
    public String label() {
      return "jsonpart#";
    }
  }

  /// A jsonb value with a part replaced: operands are the jsonb value, the new part, and the keys.
  record AssignJson() implements Operation {
    @Override
    public String label() {
      return "assignjson#";
    }
  }

  /// A field of a row value, by its zero-based place.
  record Field(int index) implements Operation {
    @Override
    public String label() {
      return "field#" + index;
    }
  }

  /// `array[i]` and `array[i][j]`: operands are the array and the subscripts.
  record Subscript() implements Operation {
    @Override
    public String label() {
      return "subscript#";
    }
  }

  /// `array[a:b]`: operands are the array and a pair of bounds for each dimension; a null pair
  /// member that was not written is a bound of the array itself.
  record Slice(List<Boolean> present) implements Operation {
    @Override
    public String label() {
      return "slice#" + present;
    }
  }

  /// An array with a part replaced: operands are the array, the new value, and the subscripts.
  ///
  /// @param present for a slice, whether each bound was written; empty for an element
  record AssignPart(int elementOid, List<Boolean> present) implements Operation {
    @Override
    public String label() {
      return "assign#" + elementOid + present;
    }
  }

  /// `x op ANY (array)` and `x op ALL (array)`.
  record Quantified(ResolvedCall operator, boolean all) implements Operation {
    @Override
    public String label() {
      return (all ? "all#" : "any#") + operator.proc().oid();
    }
  }

  /// Whether TABLESAMPLE takes a row: operands are the row's locator, the percentage and, where
  /// REPEATABLE was written, the seed.
  ///
  /// @param blocks whether rows that lie together are taken together, as SYSTEM does
  /// @param place where in the statement it was written: two samples differ
  record Sampled(boolean blocks, int place) implements Operation {
    @Override
    public String label() {
      return (blocks ? "system#" : "bernoulli#") + place;
    }
  }

  /// A system column, computed from the operand: the locator of a row.
  record SystemColumn(String name) implements Operation {
    @Override
    public String label() {
      return "system#" + name;
    }
  }

  /// Whether a row is the one that a cursor stands on (WHERE CURRENT OF); the operand is the row's
  /// locator.
  record IsCurrent(String cursor, int tableOid, String table) implements Operation {
    @Override
    public String label() {
      return "current#" + cursor;
    }
  }

  /// The value that a column has in the row that a cursor stands on. No operands.
  record CurrentColumn(String cursor, int tableOid, String table, String column)
      implements Operation {
    @Override
    public String label() {
      return "current#" + cursor + "." + column;
    }
  }

  /// GROUPING over grouped expressions, which are the operands; only inside the analyzer.
  record GroupingBits() implements Operation {
    @Override
    public String label() {
      return "grouping";
    }
  }

  /// A call of an aggregate that has not found its place yet; only inside the analyzer.
  record AggregateCall(AggregateSpec spec) implements Operation {
    @Override
    public String label() {
      return "aggregate#" + spec.digest();
    }
  }

  /// A call of a window function that has not found its place yet; only inside the analyzer.
  record WindowCall(WindowSpecification specification) implements Operation {
    @Override
    public String label() {
      return "window#" + specification.digest();
    }
  }

  /// A set-returning function in a select list.
  record SetReturning(ResolvedCall call) implements Operation {
    @Override
    public String label() {
      return "set#" + callLabel(call);
    }

    @Override
    public boolean deterministic() {
      return false;
    }
  }

  /// What a sub-select in an expression is asked for.
  enum SubPlanKind {
    /// whether there is a row
    EXISTS,
    /// the one column of the one row, or null
    SCALAR,
    /// an array of the one column
    ARRAY,
    /// whether some row satisfies the comparison; null if unknown
    ANY,
    /// whether all rows do
    ALL,
    /// whether the one row does; null where there is none
    ROW
  }

  /// What the comparisons of several columns say of a row.
  enum RowRule {
    /// All have to hold: `=`, and whatever compares one column only.
    EVERY,
    /// One is enough: `<>`.
    SOME,
    /// That of the first columns that differ counts, or of the last: `<` and its like.
    ORDER
  }

  /// A sub-select. Operands: for ANY, ALL and ROW first the tested values, then what the slots are
  /// set to.
  ///
  /// @param plan its tree
  /// @param slots which slots it reads; set from the last operands
  /// @param tests for ANY, ALL and ROW: the comparison of each tested value with the column of the
  ///   same place
  /// @param rule what they say together
  /// @param ties for [RowRule#ORDER]: the equality of each but the last, which lets the next decide
  /// @param identity tells two sub-selects apart
  record SubPlan(
      SubPlanKind kind,
      RelNode plan,
      List<Integer> slots,
      List<ResolvedCall> tests,
      RowRule rule,
      List<ResolvedCall> ties,
      int identity)
      implements Operation {
    @Override
    public String label() {
      return "subplan#" + kind + identity;
    }
  }
}
