package io.trencadis.sql.types;

import java.util.Arrays;
import java.util.List;

/// An array: elements in row-major order, and for each dimension its length and lower bound. An
/// empty array has no dimensions. Null elements are Java's null. The arrays must not be changed.
public final class SqlArray {
  private static final int[] NO_BOUNDS = {};

  private final PgType elementType;
  private final int[] dims;
  private final int[] lowerBounds;
  private final Object[] elements;

  public SqlArray(PgType elementType, int[] dims, int[] lowerBounds, Object[] elements) {
    if (dims.length != lowerBounds.length) {
      throw new IllegalArgumentException(
          "array with " + dims.length + " lengths, " + lowerBounds.length + " bounds");
    }
    this.elementType = elementType;
    this.dims = dims;
    this.lowerBounds = lowerBounds;
    this.elements = elements;
  }

  /// A one-dimensional array that starts at 1; empty if there are no elements.
  public static SqlArray of(PgType elementType, Object... elements) {
    return elements.length == 0
        ? empty(elementType)
        : new SqlArray(elementType, new int[] {elements.length}, new int[] {1}, elements);
  }

  public static SqlArray of(PgType elementType, List<?> elements) {
    return of(elementType, elements.toArray());
  }

  public static SqlArray empty(PgType elementType) {
    return new SqlArray(elementType, NO_BOUNDS, NO_BOUNDS, new Object[0]);
  }

  public PgType elementType() {
    return elementType;
  }

  /// Number of dimensions; 0 if empty.
  public int ndims() {
    return dims.length;
  }

  public int[] dims() {
    return dims;
  }

  public int[] lowerBounds() {
    return lowerBounds;
  }

  public Object[] elements() {
    return elements;
  }

  /// Number of elements over all dimensions.
  public int size() {
    return elements.length;
  }

  /// The same elements, said to be of another type.
  public SqlArray withElementType(PgType type) {
    return type == elementType ? this : new SqlArray(type, dims, lowerBounds, elements);
  }

  /// The same shape with other elements.
  public SqlArray withElements(PgType type, Object[] newElements) {
    return new SqlArray(type, dims, lowerBounds, newElements);
  }

  /// The element at the subscripts, null if there is none: too few or too many subscripts, or out
  /// of bounds.
  public Object get(int... subscripts) {
    if (subscripts.length != dims.length) {
      return null;
    }
    int at = 0;
    for (int i = 0; i < dims.length; i++) {
      long offset = (long) subscripts[i] - lowerBounds[i];
      if (offset < 0 || offset >= dims[i]) {
        return null;
      }
      at = at * dims[i] + (int) offset;
    }
    return dims.length == 0 ? null : elements[at];
  }

  /// The slice `[lower:upper]` of each dimension, bounds inclusive and cut to what is there; the
  /// result starts at 1. Dimensions beyond those given are kept whole.
  public SqlArray slice(int[] lower, int[] upper) {
    int n = dims.length;
    if (lower.length > n || n == 0) {
      return empty(elementType);
    }
    int[] from = new int[n];
    int[] length = new int[n];
    int total = 1;
    for (int i = 0; i < n; i++) {
      long first = i < lower.length ? Math.max(lower[i], lowerBounds[i]) : lowerBounds[i];
      long last = (long) lowerBounds[i] + dims[i] - 1;
      if (i < upper.length) {
        last = Math.min(last, upper[i]);
      }
      if (first > last) {
        return empty(elementType);
      }
      from[i] = (int) (first - lowerBounds[i]);
      length[i] = (int) (last - first + 1);
      total *= length[i];
    }
    Object[] picked = new Object[total];
    int[] index = new int[n];
    for (int k = 0; k < total; k++) {
      int at = 0;
      for (int i = 0; i < n; i++) {
        at = at * dims[i] + from[i] + index[i];
      }
      picked[k] = elements[at];
      for (int i = n - 1; i >= 0 && ++index[i] == length[i]; i--) {
        index[i] = 0;
      }
    }
    int[] ones = new int[n];
    Arrays.fill(ones, 1);
    return new SqlArray(elementType, length, ones, picked);
  }

  /// Same shape and identical elements; not SQL's `=`, for which see the codec.
  @Override
  public boolean equals(Object other) {
    return other instanceof SqlArray array
        && elementType == array.elementType
        && Arrays.equals(dims, array.dims)
        && Arrays.equals(lowerBounds, array.lowerBounds)
        && Arrays.deepEquals(elements, array.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(elements);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(elements);
  }
}
