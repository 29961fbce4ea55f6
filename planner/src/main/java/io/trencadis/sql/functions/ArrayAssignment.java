package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import java.util.Arrays;

/// Arrays with an element or a slice replaced: `SET a[1] = …`, `SET a[1:2] = …`. An array of one
/// dimension grows to what is assigned, with nulls in between; one of more does not.
public final class ArrayAssignment {
  private static final int MAX_DIMENSIONS = 6;
  private static final int MAX_ELEMENTS = 134_217_727;

  private ArrayAssignment() {}

  private static SqlException error(String message) {
    return new SqlException(SqlState.ARRAY_ELEMENT_ERROR, message);
  }

  private static void requireFewDimensions(int count) {
    if (count > MAX_DIMENSIONS) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "number of array dimensions (" + count + ") exceeds the maximum allowed (6)");
    }
  }

  private static void requireSize(long elements) {
    if (elements > MAX_ELEMENTS) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (134217727)");
    }
  }

  /// @param array null counts as empty
  /// @throws SqlException 2202E for subscripts that do not fit, 54000 for too large an array
  public static SqlArray element(SqlArray array, PgType type, int[] at, Object value) {
    int n = at.length;
    if (array == null || array.ndims() == 0) {
      requireFewDimensions(n);
      int[] ones = new int[n];
      Arrays.fill(ones, 1);
      return new SqlArray(type, ones, at.clone(), new Object[] {value});
    }
    if (array.ndims() != n) {
      throw error("wrong number of array subscripts");
    }
    if (n == 1) {
      SqlArray wide = widened(array, at[0], at[0]);
      Object[] elements = wide == array ? array.elements().clone() : wide.elements();
      elements[at[0] - wide.lowerBounds()[0]] = value;
      return wide.withElements(array.elementType(), elements);
    }
    int place = 0;
    for (int i = 0; i < n; i++) {
      long offset = (long) at[i] - array.lowerBounds()[i];
      if (offset < 0 || offset >= array.dims()[i]) {
        throw error("array subscript out of range");
      }
      place = place * array.dims()[i] + (int) offset;
    }
    Object[] elements = array.elements().clone();
    elements[place] = value;
    return array.withElements(array.elementType(), elements);
  }

  /// The one-dimensional array made to reach from `low` to `high`, in a copy if it has to grow.
  private static SqlArray widened(SqlArray array, int low, int high) {
    long first = Math.min(low, array.lowerBounds()[0]);
    long last = Math.max(high, (long) array.lowerBounds()[0] + array.dims()[0] - 1);
    long size = last - first + 1;
    if (size == array.size()) {
      return array;
    }
    requireSize(size);
    Object[] elements = new Object[(int) size];
    System.arraycopy(
        array.elements(), 0, elements, (int) (array.lowerBounds()[0] - first), array.size());
    return new SqlArray(
        array.elementType(), new int[] {(int) size}, new int[] {(int) first}, elements);
  }

  /// @param array null counts as empty
  /// @param lower bounds, null where none was written; likewise `upper`
  /// @param value null changes nothing
  /// @throws SqlException 2202E for bounds or a value that do not fit
  public static SqlArray slice(
      SqlArray array, PgType type, Integer[] lower, Integer[] upper, SqlArray value) {
    if (value == null) {
      return array;
    }
    int n = lower.length;
    if (array == null || array.ndims() == 0) {
      return sliceOfNothing(type, lower, upper, value);
    }
    if (array.ndims() < n) {
      throw error("wrong number of array subscripts");
    }
    int dimensions = array.ndims();
    int[] from = array.lowerBounds().clone();
    int[] to = new int[dimensions];
    long count = 1;
    for (int i = 0; i < dimensions; i++) {
      to[i] = array.lowerBounds()[i] + array.dims()[i] - 1;
      if (i < n) {
        from[i] = lower[i] == null ? from[i] : lower[i];
        int last = to[i];
        to[i] = upper[i] == null ? last : upper[i];
        if (from[i] > to[i]) {
          throw error("upper bound cannot be less than lower bound");
        }
        if (dimensions > 1 && (from[i] < array.lowerBounds()[i] || to[i] > last)) {
          throw error("array subscript out of range");
        }
      }
      count *= (long) to[i] - from[i] + 1;
      requireSize(count);
    }
    if (value.size() < count) {
      throw error("source array too small");
    }
    SqlArray wide = dimensions == 1 ? widened(array, from[0], to[0]) : array;
    Object[] elements = wide.elements().clone();
    int[] index = from.clone();
    for (int k = 0; k < count; k++) {
      int place = 0;
      for (int i = 0; i < dimensions; i++) {
        place = place * wide.dims()[i] + index[i] - wide.lowerBounds()[i];
      }
      elements[place] = value.elements()[k];
      for (int i = dimensions - 1; i >= 0 && ++index[i] > to[i]; i--) {
        index[i] = from[i];
      }
    }
    return wide.withElements(array.elementType(), elements);
  }

  private static SqlArray sliceOfNothing(
      PgType type, Integer[] lower, Integer[] upper, SqlArray value) {
    requireFewDimensions(lower.length);
    int[] dims = new int[lower.length];
    int[] bounds = new int[lower.length];
    long count = 1;
    for (int i = 0; i < dims.length; i++) {
      if (lower[i] == null || upper[i] == null) {
        throw error("array slice subscript must provide both boundaries")
            .detail(
                "When assigning to a slice of an empty array value, slice boundaries must be fully"
                    + " specified.");
      }
      if (lower[i] > upper[i]) {
        throw error("upper bound cannot be less than lower bound");
      }
      long size = (long) upper[i] - lower[i] + 1;
      count *= size;
      requireSize(count);
      dims[i] = (int) size;
      bounds[i] = lower[i];
    }
    if (value.size() < count) {
      throw error("source array too small");
    }
    return new SqlArray(type, dims, bounds, Arrays.copyOf(value.elements(), (int) count));
  }
}
