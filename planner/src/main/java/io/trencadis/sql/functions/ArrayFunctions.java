package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Functions and operators of arrays.
public final class ArrayFunctions {
  private ArrayFunctions() {}

  private static SqlArray arr(Object value) {
    return (SqlArray) value;
  }

  /// `left op ANY (array)` for a strict operator: true if it holds for any element, else null if it
  /// is unknown for any, else false.
  public static Boolean any(Object left, SqlArray array, Fn operator, EvalContext cx) {
    return quantified(left, array, operator, cx, true);
  }

  /// `left op ALL (array)` for a strict operator.
  public static Boolean all(Object left, SqlArray array, Fn operator, EvalContext cx) {
    return quantified(left, array, operator, cx, false);
  }

  private static Boolean quantified(
      Object left, SqlArray array, Fn operator, EvalContext cx, boolean decisive) {
    if (array == null) {
      return null;
    }
    boolean unknown = false;
    Object[] args = {left, null};
    for (Object element : array.elements()) {
      if (left == null || element == null) {
        unknown = true;
        continue;
      }
      args[1] = element;
      Object result =
          operator instanceof Fn2 two ? two.apply(left, element, cx) : operator.invoke(args, cx);
      if (result == null) {
        unknown = true;
      } else if ((Boolean) result == decisive) {
        return decisive;
      }
    }
    return unknown ? null : (Boolean) !decisive;
  }

  /// The array that ARRAY[…] makes: of elements, or one dimension more than its equally shaped
  /// sub-arrays.
  public static SqlArray construct(PgType elementType, Object[] items, boolean nested) {
    if (!nested) {
      return SqlArray.of(elementType, items);
    }
    SqlArray first = null;
    List<Object> elements = new ArrayList<>();
    for (Object item : items) {
      SqlArray sub = item == null ? SqlArray.empty(elementType) : arr(item);
      if (first != null
          && !(Arrays.equals(first.dims(), sub.dims())
              && Arrays.equals(first.lowerBounds(), sub.lowerBounds()))) {
        throw new SqlException(
            SqlState.ARRAY_ELEMENT_ERROR,
            "multidimensional arrays must have array expressions with matching dimensions");
      }
      first = sub;
      elements.addAll(Arrays.asList(sub.elements()));
    }
    if (first == null || first.ndims() == 0) {
      return SqlArray.empty(elementType);
    }
    if (first.ndims() + 1 > 6) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "number of array dimensions ("
              + (first.ndims() + 1)
              + ") exceeds the maximum allowed (6)");
    }
    return new SqlArray(
        elementType,
        prepended(items.length, first.dims()),
        prepended(1, first.lowerBounds()),
        elements.toArray());
  }

  private static int[] prepended(int head, int[] tail) {
    int[] all = new int[tail.length + 1];
    all[0] = head;
    System.arraycopy(tail, 0, all, 1, tail.length);
    return all;
  }

  static void register(Builtins.Registry to) {
    shape(to);
    building(to);
    searching(to);
    sets(to);
    text(to);
  }

  private static void shape(Builtins.Registry to) {
    to.fn1("array_ndims", (a, cx) -> arr(a).ndims() == 0 ? null : arr(a).ndims());
    to.fn1(
        "array_dims",
        (a, cx) -> {
          StringBuilder out = new StringBuilder();
          for (int i = 0; i < arr(a).ndims(); i++) {
            int lower = arr(a).lowerBounds()[i];
            out.append('[')
                .append(lower)
                .append(':')
                .append(lower + arr(a).dims()[i] - 1)
                .append(']');
          }
          return out.isEmpty() ? null : out.toString();
        });
    to.fn2("array_length", (a, b, cx) -> has(arr(a), b) ? arr(a).dims()[(Integer) b - 1] : null);
    to.fn2(
        "array_lower", (a, b, cx) -> has(arr(a), b) ? arr(a).lowerBounds()[(Integer) b - 1] : null);
    to.fn2(
        "array_upper",
        (a, b, cx) ->
            has(arr(a), b)
                ? arr(a).lowerBounds()[(Integer) b - 1] + arr(a).dims()[(Integer) b - 1] - 1
                : null);
    to.fn1("array_cardinality", (a, cx) -> arr(a).size());
    to.fn2(
        "trim_array",
        (a, b, cx) -> {
          int n = (Integer) b;
          int length = arr(a).ndims() == 0 ? 0 : arr(a).dims()[0];
          if (n < 0 || n > length) {
            throw new SqlException(
                SqlState.ARRAY_ELEMENT_ERROR,
                "number of elements to trim must be between 0 and " + length);
          }
          int lower = length == 0 ? 1 : arr(a).lowerBounds()[0];
          return arr(a).slice(new int[] {lower}, new int[] {lower + length - n - 1});
        });
  }

  private static boolean has(SqlArray array, Object dimension) {
    int d = (Integer) dimension;
    return d >= 1 && d <= array.ndims();
  }

  private static void building(Builtins.Registry to) {
    to.bound(
        "array_append",
        call -> {
          PgType element = call.resultType().elementType();
          Fn2 fn = (a, b, cx) -> append(arr(a), b, element);
          return fn;
        });
    to.bound(
        "array_prepend",
        call -> {
          PgType element = call.resultType().elementType();
          Fn2 fn = (a, b, cx) -> prepend(a, arr(b), element);
          return fn;
        });
    to.fn2("width_bucket_array", (a, b, cx) -> bucket(a, arr(b)));
    to.fn2("array_cat", (a, b, cx) -> a == null ? b : b == null ? a : concat(arr(a), arr(b)));
    to.bound(
        "array_fill",
        call -> {
          PgType element = call.resultType().elementType();
          Fn2 fn = (a, b, cx) -> fill(a, arr(b), null, element);
          return fn;
        });
    to.bound(
        "array_fill_with_lower_bounds",
        call -> {
          PgType element = call.resultType().elementType();
          Fn3 fn = (a, b, c, cx) -> fill(a, arr(b), arr(c), element);
          return fn;
        });
  }

  private static SqlArray append(SqlArray array, Object item, PgType element) {
    if (array == null || array.ndims() == 0) {
      return SqlArray.of(element, new Object[] {item});
    }
    requireOneDimension(array);
    Object[] elements = Arrays.copyOf(array.elements(), array.size() + 1);
    elements[array.size()] = item;
    return new SqlArray(element, new int[] {elements.length}, array.lowerBounds(), elements);
  }

  private static SqlArray prepend(Object item, SqlArray array, PgType element) {
    if (array == null || array.ndims() == 0) {
      return SqlArray.of(element, new Object[] {item});
    }
    requireOneDimension(array);
    Object[] elements = new Object[array.size() + 1];
    elements[0] = item;
    System.arraycopy(array.elements(), 0, elements, 1, array.size());
    return new SqlArray(element, new int[] {elements.length}, array.lowerBounds(), elements);
  }

  private static void requireOneDimension(SqlArray array) {
    if (array.ndims() != 1) {
      throw new SqlException(
          SqlState.DATA_EXCEPTION, "argument must be empty or one-dimensional array");
    }
  }

  private static SqlArray concat(SqlArray a, SqlArray b) {
    if (b.ndims() == 0) {
      return a;
    }
    if (a.ndims() == 0) {
      return b;
    }
    int difference = a.ndims() - b.ndims();
    if (Math.abs(difference) > 1) {
      throw incompatible()
          .detail(
              "Arrays of "
                  + a.ndims()
                  + " and "
                  + b.ndims()
                  + " dimensions are not compatible for concatenation.");
    }
    Object[] elements = Arrays.copyOf(a.elements(), a.size() + b.size());
    System.arraycopy(b.elements(), 0, elements, a.size(), b.size());
    int[] dims;
    int[] lower;
    boolean fits;
    if (difference == 0) {
      dims = a.dims().clone();
      lower = a.lowerBounds();
      fits =
          Arrays.equals(a.dims(), 1, a.ndims(), b.dims(), 1, b.ndims())
              && Arrays.equals(a.lowerBounds(), 1, a.ndims(), b.lowerBounds(), 1, b.ndims());
      dims[0] += b.dims()[0];
    } else {
      SqlArray outer = difference > 0 ? a : b;
      SqlArray inner = difference > 0 ? b : a;
      dims = outer.dims().clone();
      lower = outer.lowerBounds();
      fits =
          Arrays.equals(outer.dims(), 1, outer.ndims(), inner.dims(), 0, inner.ndims())
              && Arrays.equals(
                  outer.lowerBounds(), 1, outer.ndims(), inner.lowerBounds(), 0, inner.ndims());
      dims[0]++;
    }
    if (!fits) {
      throw incompatible()
          .detail(
              difference == 0
                  ? "Arrays with differing element dimensions are not compatible for concatenation."
                  : "Arrays with differing dimensions are not compatible for concatenation.");
    }
    return new SqlArray(a.elementType(), dims, lower, elements);
  }

  private static SqlException incompatible() {
    return new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "cannot concatenate incompatible arrays");
  }

  private static SqlArray fill(Object value, SqlArray lengths, SqlArray lower, PgType element) {
    if (lengths == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "dimension array or low bound array cannot be null");
    }
    if (lengths.ndims() > 1) {
      throw new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "wrong number of array subscripts")
          .detail("Dimension array must be one dimensional.");
    }
    if (lengths.size() > 6) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "number of array dimensions (" + lengths.size() + ") exceeds the maximum allowed (6)");
    }
    if (lower != null && (lower.ndims() > 1 || lower.size() != lengths.size())) {
      throw new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "wrong number of array subscripts")
          .detail(
              lower.ndims() > 1
                  ? "Dimension array must be one dimensional."
                  : "Low bound array has different size than dimensions array.");
    }
    int[] dims = new int[lengths.size()];
    int[] bounds = new int[dims.length];
    long total = dims.length == 0 ? 0 : 1;
    for (int i = 0; i < dims.length; i++) {
      if (lengths.elements()[i] == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "dimension values cannot be null");
      }
      dims[i] = (Integer) lengths.elements()[i];
      bounds[i] = lower == null ? 1 : (Integer) lower.elements()[i];
      total *= dims[i];
      if (dims[i] < 0 || total > 134_217_727) {
        throw new SqlException(
            SqlState.PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (134217727)");
      }
    }
    if (total == 0) {
      return SqlArray.empty(element);
    }
    Object[] elements = new Object[(int) total];
    Arrays.fill(elements, value);
    return new SqlArray(element, dims, bounds, elements);
  }

  private static int bucket(Object operand, SqlArray thresholds) {
    if (thresholds.ndims() > 1) {
      throw new SqlException(
          SqlState.ARRAY_ELEMENT_ERROR, "thresholds must be one-dimensional array");
    }
    TypeCodec codec = thresholds.elementType().codec();
    int low = 0;
    int high = thresholds.size();
    for (Object threshold : thresholds.elements()) {
      if (threshold == null) {
        throw new SqlException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "thresholds array must not contain NULLs");
      }
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (codec.compare(operand, thresholds.elements()[middle]) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static boolean same(TypeCodec codec, Object a, Object b) {
    return a == null || b == null ? a == b : codec.equal(a, b);
  }

  private static void searching(Builtins.Registry to) {
    to.fn2(
        "array_position", (a, b, cx) -> a == null ? null : position(arr(a), b, Integer.MIN_VALUE));
    to.fn3(
        "array_position_start",
        (a, b, c, cx) -> {
          if (a == null) {
            return null;
          }
          if (c == null) {
            throw new SqlException(
                SqlState.NULL_VALUE_NOT_ALLOWED, "initial position must not be null");
          }
          return position(arr(a), b, (Integer) c);
        });
    to.fn2(
        "array_positions",
        (a, b, cx) -> {
          if (a == null) {
            return null;
          }
          requireSearchable(arr(a));
          List<Object> found = new ArrayList<>();
          TypeCodec codec = arr(a).elementType().codec();
          for (int i = 0; i < arr(a).size(); i++) {
            if (same(codec, arr(a).elements()[i], b)) {
              found.add(arr(a).lowerBounds()[0] + i);
            }
          }
          return SqlArray.of(Types.INT4, found);
        });
    to.fn2("array_remove", (a, b, cx) -> a == null ? null : remove(arr(a), b));
    to.fn3(
        "array_replace",
        (a, b, c, cx) -> {
          if (a == null) {
            return null;
          }
          Object[] elements = arr(a).elements().clone();
          TypeCodec codec = arr(a).elementType().codec();
          for (int i = 0; i < elements.length; i++) {
            if (same(codec, elements[i], b)) {
              elements[i] = c;
            }
          }
          return arr(a).withElements(arr(a).elementType(), elements);
        });
  }

  private static void requireSearchable(SqlArray array) {
    if (array.ndims() > 1) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "searching for elements in multidimensional arrays is not supported");
    }
  }

  private static Integer position(SqlArray array, Object item, int from) {
    requireSearchable(array);
    TypeCodec codec = array.elementType().codec();
    for (int i = 0; i < array.size(); i++) {
      int subscript = array.lowerBounds()[0] + i;
      if (subscript >= from && same(codec, array.elements()[i], item)) {
        return subscript;
      }
    }
    return null;
  }

  private static SqlArray remove(SqlArray array, Object item) {
    if (array.ndims() > 1) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "removing elements from multidimensional arrays is not supported");
    }
    TypeCodec codec = array.elementType().codec();
    List<Object> kept = new ArrayList<>();
    for (Object each : array.elements()) {
      if (!same(codec, each, item)) {
        kept.add(each);
      }
    }
    return kept.isEmpty()
        ? SqlArray.empty(array.elementType())
        : new SqlArray(
            array.elementType(), new int[] {kept.size()}, array.lowerBounds(), kept.toArray());
  }

  private static void sets(Builtins.Registry to) {
    to.fn2("arraycontains", (a, b, cx) -> containsAll(arr(a), arr(b)));
    to.fn2("arraycontained", (a, b, cx) -> containsAll(arr(b), arr(a)));
    to.fn2(
        "arrayoverlap",
        (a, b, cx) -> {
          for (Object each : arr(b).elements()) {
            if (contains(arr(a), each)) {
              return true;
            }
          }
          return false;
        });
  }

  private static boolean containsAll(SqlArray outer, SqlArray inner) {
    for (Object each : inner.elements()) {
      if (!contains(outer, each)) {
        return false;
      }
    }
    return true;
  }

  /// Nulls are in no set.
  private static boolean contains(SqlArray array, Object item) {
    TypeCodec codec = array.elementType().codec();
    for (Object each : array.elements()) {
      if (item != null && each != null && codec.equal(each, item)) {
        return true;
      }
    }
    return false;
  }

  private static void text(Builtins.Registry to) {
    to.fn2("array_to_text", (a, b, cx) -> join(arr(a), (String) b, null, cx));
    to.fn3(
        "array_to_text_null",
        (a, b, c, cx) -> a == null || b == null ? null : join(arr(a), (String) b, (String) c, cx));
  }

  private static String join(SqlArray array, String separator, String nullText, EvalContext cx) {
    TypeCodec codec = array.elementType().codec();
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (Object each : array.elements()) {
      String text = each == null ? nullText : codec.format(each, cx);
      if (text != null) {
        out.append(first ? "" : separator).append(text);
        first = false;
      }
    }
    return out.toString();
  }
}
