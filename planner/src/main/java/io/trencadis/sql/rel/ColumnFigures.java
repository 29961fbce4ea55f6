package io.trencadis.sql.rel;

import io.trencadis.base.SqlException;
import io.trencadis.sql.catalog.ColumnStatistics;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.TypeContext;
import java.util.List;
import java.util.function.Predicate;

/// What parts of a table's rows have values of one column, from what ANALYZE found (PostgreSQL's
/// manual, 76.1). Confined to the planning of one statement.
public final class ColumnFigures {
  /// Bounds of a histogram that say something of a condition.
  private static final int LEAST_TRIED = 10;

  private static final double RARE = 0.0001;

  private final ColumnStatistics found;
  private final PgType type;
  private final double rows;
  private Object[] common;
  private Object[] bounds;
  private boolean unreadable;

  /// @param rows how many the table has
  public ColumnFigures(ColumnStatistics found, PgType type, double rows) {
    this.found = found;
    this.type = type;
    this.rows = rows;
  }

  /// The part of the rows where the column is null.
  public double nulls() {
    return found.nullPart();
  }

  /// The part of the rows where the column equals a value; -1 where that cannot be told.
  ///
  /// @param value of the column's type, not null
  public double equal(Object value) {
    if (!read()) {
      return -1;
    }
    double others = 1 - found.nullPart();
    for (int i = 0; i < common.length; i++) {
      double part = found.commonParts().get(i);
      if (type.codec().equal(common[i], value)) {
        return part;
      }
      others -= part;
    }
    double distinct = found.distinctOf(rows) - common.length;
    double one = Math.max(0, others) / Math.max(1, distinct);
    // A value that is not among the common ones is rarer than the rarest of them.
    return common.length == 0 ? one : Math.min(one, found.commonParts().getLast());
  }

  /// The part of the rows where the column is below a value; -1 where that cannot be told.
  ///
  /// @param value of the column's type, not null
  /// @param orEqual whether the value itself counts as below
  public double below(Object value, boolean orEqual) {
    if (!type.codec().ordered() || !read() || common.length + bounds.length == 0) {
      return -1;
    }
    TypeCodec codec = type.codec();
    double part = 0;
    double others = 1 - found.nullPart();
    for (int i = 0; i < common.length; i++) {
      int order = codec.compare(common[i], value);
      part += order < 0 || order == 0 && orEqual ? found.commonParts().get(i) : 0;
      others -= found.commonParts().get(i);
    }
    return Math.clamp(part + Math.max(0, others) * inHistogram(value), 0, 1);
  }

  /// The part of the rows that a condition on the column's value holds for; -1 where too few values
  /// are kept to tell.
  public double part(Predicate<Object> condition) {
    if (!read() || bounds.length < LEAST_TRIED && (bounds.length > 0 || common.length == 0)) {
      return -1;
    }
    double part = 0;
    double others = 1 - found.nullPart();
    for (int i = 0; i < common.length; i++) {
      part += condition.test(common[i]) ? found.commonParts().get(i) : 0;
      others -= found.commonParts().get(i);
    }
    int held = 0;
    for (Object bound : bounds) {
      held += condition.test(bound) ? 1 : 0;
    }
    // Where none of so few holds, another one may all the same.
    double inOthers = bounds.length == 0 ? 0 : Math.max(RARE, held / (double) bounds.length);
    return Math.clamp(part + Math.max(0, others) * inOthers, RARE, 1);
  }

  private double inHistogram(Object value) {
    TypeCodec codec = type.codec();
    int buckets = bounds.length - 1;
    if (buckets < 1) {
      return 0.5;
    }
    int low = 0;
    int high = bounds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (codec.compare(bounds[middle], value) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return 0;
    }
    return low > buckets
        ? 1
        : (low - 1 + between(bounds[low - 1], value, bounds[low])) / (double) buckets;
  }

  /// How far a value is from the lower end of its bucket to the upper one.
  private static double between(Object low, Object value, Object high) {
    double from = number(low);
    double to = number(high);
    double place = (number(value) - from) / (to - from);
    return place >= 0 && place <= 1 ? place : 0.5;
  }

  private static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case Numeric numeric -> numeric.doubleValue();
      default -> Double.NaN;
    };
  }

  private boolean read() {
    if (common == null && !unreadable) {
      try {
        bounds = values(found.bounds());
        common = values(found.common());
      } catch (SqlException e) {
        // The column's type has changed since.
        unreadable = true;
      }
    }
    return !unreadable;
  }

  private Object[] values(List<String> texts) {
    Object[] values = new Object[texts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.codec().parse(texts.get(i), -1, TypeContext.DEFAULTS);
    }
    return values;
  }
}
