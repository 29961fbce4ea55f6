package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.HashMap;
import java.util.Map;

/// What a range type knows of its bounds (PostgreSQL 15 manual, 8.17). Immutable and thread-safe.
///
/// @param subtype of the bounds
/// @param discrete whether every value has a next one: then ranges are kept as `[a,b)`
public record RangeType(PgType range, PgType subtype, boolean discrete) {
  private static final class Known {
    static final Map<Integer, Integer> SUBTYPES = new HashMap<>();
    static final Map<Integer, Integer> RANGES = new HashMap<>();

    static {
      for (String[] row : CatalogFile.rows("pg_range.tsv", 7)) {
        int range = Integer.parseInt(row[0]);
        int subtype = Integer.parseInt(row[1]);
        SUBTYPES.put(range, subtype);
        RANGES.put(subtype, range);
      }
    }
  }

  /// @param type a built-in range type
  public static RangeType of(PgType type) {
    PgType subtype = Types.byOid(Known.SUBTYPES.get(type.baseType().oid()));
    return new RangeType(
        type.baseType(),
        subtype,
        subtype == Types.INT4 || subtype == Types.INT8 || subtype == Types.DATE);
  }

  /// The one range type over a type, or null.
  public static PgType over(PgType subtype) {
    Integer oid = Known.RANGES.get(subtype.baseType().oid());
    return oid == null ? null : Types.byOid(oid);
  }

  private int compareValues(Object a, Object b) {
    return subtype.codec().compare(a, b);
  }

  /// A range in the one form that equal ranges have.
  ///
  /// @throws SqlException 22000 where the bounds are the wrong way round, 22003 or 22008 where a
  ///   bound has no next value
  public RangeValue make(Object lower, Object upper, boolean lowerIncluded, boolean upperIncluded) {
    boolean from = lowerIncluded && lower != null;
    boolean to = upperIncluded && upper != null;
    if (isEmpty(lower, upper, from, to)) {
      return RangeValue.EMPTY;
    }
    if (!discrete) {
      return new RangeValue(lower, upper, from, to, false);
    }
    Object first = lower != null && !from && isFinite(lower) ? next(lower) : lower;
    boolean firstIn = lower != null && (from || isFinite(lower));
    Object last = upper != null && to && isFinite(upper) ? next(upper) : upper;
    boolean lastIn = to && !isFinite(upper);
    return isEmpty(first, last, firstIn, lastIn)
        ? RangeValue.EMPTY
        : new RangeValue(first, last, firstIn, lastIn, false);
  }

  private boolean isEmpty(Object lower, Object upper, boolean from, boolean to) {
    if (lower == null || upper == null) {
      return false;
    }
    int order = compareValues(lower, upper);
    if (order > 0) {
      throw new SqlException(
          SqlState.DATA_EXCEPTION,
          "range lower bound must be less than or equal to range upper bound");
    }
    return order == 0 && !(from && to);
  }

  private boolean isFinite(Object value) {
    return subtype != Types.DATE
        || (Integer) value != Calendar.DATE_INFINITY
            && (Integer) value != Calendar.DATE_MINUS_INFINITY;
  }

  private Object next(Object value) {
    if (value instanceof Long number) {
      if (number == Long.MAX_VALUE) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
      }
      return number + 1;
    }
    int number = (Integer) value;
    if (subtype == Types.INT4 && number == Integer.MAX_VALUE) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    }
    if (subtype == Types.DATE && number >= Calendar.END_DATE - 1) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
    }
    return number + 1;
  }

  /// The lower bounds' order, where the one that lets in more comes first.
  public int compareLower(RangeValue a, RangeValue b) {
    if (a.lower() == null || b.lower() == null) {
      return a.lower() == b.lower() ? 0 : a.lower() == null ? -1 : 1;
    }
    int order = compareValues(a.lower(), b.lower());
    return order != 0 ? order : Boolean.compare(b.lowerIncluded(), a.lowerIncluded());
  }

  /// The upper bounds' order, where the one that lets in more comes last.
  public int compareUpper(RangeValue a, RangeValue b) {
    if (a.upper() == null || b.upper() == null) {
      return a.upper() == b.upper() ? 0 : a.upper() == null ? 1 : -1;
    }
    int order = compareValues(a.upper(), b.upper());
    return order != 0 ? order : Boolean.compare(a.upperIncluded(), b.upperIncluded());
  }

  /// How the end of one range lies to the beginning of another: negative where nothing can be in
  /// both, and zero where they meet in a value that both have.
  public int compareEnds(RangeValue a, RangeValue b) {
    if (a.upper() == null || b.lower() == null) {
      return 1;
    }
    int order = compareValues(a.upper(), b.lower());
    return order != 0 ? order : a.upperIncluded() && b.lowerIncluded() ? 0 : -1;
  }

  /// Whether one range ends where the other begins, with nothing between and nothing in both.
  public boolean meets(RangeValue a, RangeValue b) {
    return a.upper() != null
        && b.lower() != null
        && compareValues(a.upper(), b.lower()) == 0
        && a.upperIncluded() != b.lowerIncluded();
  }

  public boolean contains(RangeValue range, Object value) {
    if (range.empty()) {
      return false;
    }
    if (range.lower() != null) {
      int order = compareValues(range.lower(), value);
      if (order > 0 || order == 0 && !range.lowerIncluded()) {
        return false;
      }
    }
    if (range.upper() != null) {
      int order = compareValues(range.upper(), value);
      return order > 0 || order == 0 && range.upperIncluded();
    }
    return true;
  }

  public boolean contains(RangeValue outer, RangeValue inner) {
    return inner.empty()
        || !outer.empty() && compareLower(outer, inner) <= 0 && compareUpper(outer, inner) >= 0;
  }

  public boolean overlaps(RangeValue a, RangeValue b) {
    return !a.empty() && !b.empty() && compareEnds(a, b) >= 0 && compareEnds(b, a) >= 0;
  }

  /// PostgreSQL's order of ranges: the empty one first.
  public int compare(RangeValue a, RangeValue b) {
    if (a.empty() || b.empty()) {
      return Boolean.compare(b.empty(), a.empty());
    }
    int order = compareLower(a, b);
    return order != 0 ? order : compareUpper(a, b);
  }
}
