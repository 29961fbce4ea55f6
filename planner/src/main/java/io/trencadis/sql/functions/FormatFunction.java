package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Identifiers;

/// `format`: `%s`, `%I` and `%L` with positions, widths and left alignment.
final class FormatFunction {
  private final String pattern;
  private final String[] args;
  private int at;
  private int next;

  FormatFunction(String pattern, String[] args) {
    this.pattern = pattern;
    this.args = args;
  }

  private SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  String apply() {
    StringBuilder out = new StringBuilder();
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      if (c != '%') {
        out.append(c);
      } else if (peek() == '%') {
        out.append('%');
        at++;
      } else {
        specifier(out);
      }
    }
    return out.toString();
  }

  private char peek() {
    if (at >= pattern.length()) {
      throw invalid("unterminated format() type specifier").hint("For a single \"%\" use \"%%\".");
    }
    return pattern.charAt(at);
  }

  private int number() {
    int from = at;
    while (Character.isDigit(peek())) {
      at++;
    }
    if (at == from) {
      return -1;
    }
    try {
      return Integer.parseInt(pattern.substring(from, at));
    } catch (NumberFormatException e) {
      throw invalid("number is out of range");
    }
  }

  private void specifier(StringBuilder out) {
    int position = -1;
    int width = 0;
    boolean left = false;
    int first = number();
    if (first >= 0 && peek() == '$') {
      position = first;
      at++;
      if (position == 0) {
        throw invalid("format specifies argument 0, but arguments are numbered from 1");
      }
      first = -1;
    }
    if (first >= 0) {
      width = first;
    } else {
      while (peek() == '-') {
        left = true;
        at++;
      }
      if (peek() == '*') {
        at++;
        int widthPosition = number();
        if (widthPosition >= 0) {
          if (peek() != '$') {
            throw invalid("width argument position must be ended by \"$\"");
          }
          at++;
          if (widthPosition == 0) {
            throw invalid("format specifies argument 0, but arguments are numbered from 1");
          }
        }
        String text = argument(widthPosition);
        width = text == null ? 0 : Integer.parseInt(text.trim());
        if (width < 0) {
          left = true;
          width = -width;
        }
      } else {
        width = Math.max(0, number());
      }
    }
    char kind = peek();
    at++;
    if (kind != 's' && kind != 'I' && kind != 'L') {
      throw invalid("unrecognized format() type specifier \"" + kind + "\"")
          .hint("For a single \"%\" use \"%%\".");
    }
    String value = argument(position);
    String shown =
        switch (kind) {
          case 's' -> value == null ? "" : value;
          case 'L' -> value == null ? "NULL" : TextFunctions.quoteLiteral(value);
          default -> {
            if (value == null) {
              throw new SqlException(
                  SqlState.NULL_VALUE_NOT_ALLOWED,
                  "null values cannot be formatted as an SQL identifier");
            }
            yield Identifiers.quote(value);
          }
        };
    String padding = " ".repeat(Math.max(0, width - Chars.length(shown)));
    out.append(left ? shown + padding : padding + shown);
  }

  private String argument(int position) {
    int index = position > 0 ? position - 1 : next;
    if (index >= args.length) {
      throw invalid("too few arguments for format()");
    }
    next = index + 1;
    return args[index];
  }
}
