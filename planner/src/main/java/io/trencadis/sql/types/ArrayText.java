package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Array literals: `{1,NULL,"a b"}`, with `[2:3]=` in front where an array does not start at 1.
final class ArrayText {
  private final String text;
  private final PgType element;
  private final int typmod;
  private final TypeContext cx;
  private final List<Object> elements = new ArrayList<>();
  // Length of each dimension once its first sub-array has ended, -1 before.
  private final int[] dims = new int[ArrayCodec.MAX_DIMENSIONS];
  private int ndims;
  private int at;

  private ArrayText(String text, PgType element, int typmod, TypeContext cx) {
    this.text = text;
    this.element = element;
    this.typmod = typmod;
    this.cx = cx;
    Arrays.fill(dims, -1);
  }

  static SqlArray parse(String text, PgType element, int typmod, TypeContext cx) {
    return new ArrayText(text, element, typmod, cx).parse();
  }

  private SqlArray parse() {
    int[] given = new int[ArrayCodec.MAX_DIMENSIONS];
    int[] lower = new int[ArrayCodec.MAX_DIMENSIONS];
    int givenCount = bounds(given, lower);
    skipSpace();
    if (givenCount == 0 && peek() != '{') {
      throw malformed("Array value must start with \"{\" or dimension information.");
    }
    if (givenCount > 0 && peek() != '{') {
      throw malformed("Array contents must start with \"{\".");
    }
    level(0);
    skipSpace();
    if (at < text.length()) {
      throw malformed("Junk after closing right brace.");
    }
    if (elements.isEmpty()) {
      return SqlArray.empty(element);
    }
    if (givenCount > 0) {
      boolean same = givenCount == ndims;
      for (int i = 0; same && i < ndims; i++) {
        same = given[i] == dims[i];
      }
      if (!same) {
        throw malformed("Specified array dimensions do not match array contents.");
      }
    } else {
      Arrays.fill(lower, 1);
    }
    return new SqlArray(
        element, Arrays.copyOf(dims, ndims), Arrays.copyOf(lower, ndims), elements.toArray());
  }

  private int bounds(int[] lengths, int[] lower) {
    int count = 0;
    while (true) {
      skipSpace();
      if (peek() != '[') {
        break;
      }
      at++;
      if (count >= ArrayCodec.MAX_DIMENSIONS) {
        throw tooManyDimensions(count + 1);
      }
      int first = boundNumber();
      int last = first;
      if (peek() == ':') {
        at++;
        last = boundNumber();
      } else {
        first = 1;
      }
      if (peek() != ']') {
        throw malformed("Missing \"]\" after array dimensions.");
      }
      at++;
      if (last < first) {
        throw new SqlException(
            SqlState.ARRAY_ELEMENT_ERROR, "upper bound cannot be less than lower bound");
      }
      lower[count] = first;
      lengths[count++] = last - first + 1;
    }
    if (count > 0) {
      if (peek() != '=') {
        throw malformed("Missing \"=\" after array dimensions.");
      }
      at++;
    }
    return count;
  }

  private int boundNumber() {
    int from = at;
    if (peek() == '-' || peek() == '+') {
      at++;
    }
    while (Scan.isDigit(peek())) {
      at++;
    }
    try {
      return Integer.parseInt(text.substring(from, at));
    } catch (NumberFormatException e) {
      throw from == at
          ? malformed("\"[\" must introduce explicitly-specified array dimensions.")
          : new SqlException(
              SqlState.PROGRAM_LIMIT_EXCEEDED, "array bound is out of integer range", e);
    }
  }

  private SqlException tooManyDimensions(int count) {
    return new SqlException(
        SqlState.PROGRAM_LIMIT_EXCEEDED,
        "number of array dimensions (" + count + ") exceeds the maximum allowed (6)");
  }

  /// One brace and what is in it. Returns the number of its items.
  private int level(int depth) {
    if (depth >= ArrayCodec.MAX_DIMENSIONS) {
      throw tooManyDimensions(depth + 1);
    }
    at++;
    int count = 0;
    skipSpace();
    if (peek() == '}') {
      if (depth > 0) {
        throw malformed("Unexpected \"}\" character.");
      }
      at++;
    } else {
      while (true) {
        skipSpace();
        if (peek() == '{') {
          if (ndims != 0 && depth + 1 >= ndims) {
            throw malformed("Unexpected \"{\" character.");
          }
          level(depth + 1);
        } else {
          if (ndims == 0) {
            ndims = depth + 1;
          } else if (ndims != depth + 1) {
            if (at >= text.length()) {
              throw malformed("Unexpected end of input.");
            }
            throw malformed("Unexpected array element.");
          }
          elements.add(item());
        }
        count++;
        skipSpace();
        char c = peek();
        at++;
        if (c == '}') {
          break;
        }
        if (at > text.length()) {
          throw malformed("Unexpected end of input.");
        }
        if (c != element.delimiter()) {
          throw malformed("Unexpected array element.");
        }
      }
    }
    if (dims[depth] >= 0 && dims[depth] != count) {
      throw dimensionMismatch();
    }
    dims[depth] = count;
    return count;
  }

  private SqlException dimensionMismatch() {
    return malformed("Multidimensional arrays must have sub-arrays with matching dimensions.");
  }

  private Object item() {
    if (at >= text.length()) {
      throw malformed("Unexpected end of input.");
    }
    char delimiter = element.delimiter();
    StringBuilder out = new StringBuilder();
    if (peek() == '"') {
      at++;
      while (true) {
        if (at >= text.length()) {
          throw malformed("Unexpected end of input.");
        }
        char c = text.charAt(at++);
        if (c == '"') {
          break;
        }
        if (c == '\\') {
          if (at >= text.length()) {
            throw malformed("Unexpected end of input.");
          }
          c = text.charAt(at++);
        }
        out.append(c);
      }
      return element.codec().parse(out.toString(), typmod, cx);
    }
    boolean escaped = false;
    int kept = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == delimiter || c == '}') {
        break;
      }
      if (c == '{' || c == '"') {
        throw malformed(c == '{' ? "Unexpected \"{\" character." : "Unexpected array element.");
      }
      at++;
      if (c == '\\') {
        if (at >= text.length()) {
          throw malformed("Unexpected end of input.");
        }
        c = text.charAt(at++);
        escaped = true;
        out.append(c);
        kept = out.length();
        continue;
      }
      out.append(c);
      if (!Scan.isSpace(c)) {
        kept = out.length();
      }
    }
    out.setLength(kept);
    if (at >= text.length()) {
      throw malformed("Unexpected end of input.");
    }
    if (kept == 0) {
      throw malformed("Unexpected \"" + text.charAt(at) + "\" character.");
    }
    String item = out.toString();
    return !escaped && item.equalsIgnoreCase("NULL")
        ? null
        : element.codec().parse(item, typmod, cx);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void skipSpace() {
    while (at < text.length() && Scan.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private SqlException malformed(String detail) {
    return new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION, "malformed array literal: \"" + text + "\"")
        .detail(detail);
  }

  static String format(SqlArray array, TypeContext cx) {
    if (array.size() == 0) {
      return "{}";
    }
    StringBuilder out = new StringBuilder();
    boolean plain = true;
    for (int bound : array.lowerBounds()) {
      plain &= bound == 1;
    }
    if (!plain) {
      for (int i = 0; i < array.ndims(); i++) {
        int lower = array.lowerBounds()[i];
        out.append('[').append(lower).append(':').append(lower + array.dims()[i] - 1).append(']');
      }
      out.append('=');
    }
    write(array, 0, 0, out, cx);
    return out.toString();
  }

  private static int write(SqlArray array, int depth, int next, StringBuilder out, TypeContext cx) {
    TypeCodec codec = array.elementType().codec();
    char delimiter = array.elementType().delimiter();
    out.append('{');
    for (int i = 0; i < array.dims()[depth]; i++) {
      if (i > 0) {
        out.append(delimiter);
      }
      if (depth + 1 < array.ndims()) {
        next = write(array, depth + 1, next, out, cx);
      } else {
        Object value = array.elements()[next++];
        if (value == null) {
          out.append("NULL");
        } else {
          quote(codec.format(value, cx), delimiter, out);
        }
      }
    }
    out.append('}');
    return next;
  }

  private static void quote(String item, char delimiter, StringBuilder out) {
    boolean quotes = item.isEmpty() || item.equalsIgnoreCase("NULL");
    for (int i = 0; !quotes && i < item.length(); i++) {
      char c = item.charAt(i);
      quotes = c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || Scan.isSpace(c);
    }
    if (!quotes) {
      out.append(item);
      return;
    }
    out.append('"');
    for (int i = 0; i < item.length(); i++) {
      char c = item.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }
}
