package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A to_char or to_number template for numbers, cut into pieces.
final class NumberPattern {
  /// A piece: a field in upper case (`TH` alone keeps its case), or literal text.
  record Piece(String field, String text) {}

  private static final String[] FIELDS = {
    "EEEE", "FM", "MI", "PL", "PR", "RN", "SG", "TH", "9", "0", ".", "D", ",", "G", "S", "L", "V",
    "B"
  };

  final List<Piece> pieces = new ArrayList<>();
  boolean fill = true;
  int before;
  int after;
  int shift;

  /// Positions counted from the left from which on zeros are printed; -1 if none.
  int zeroFrom = -1;

  /// Digits after the point that are printed even if they are zeros at the end.
  int keepAfter;

  boolean point;
  boolean signBefore;
  boolean signAfter;
  boolean minus;
  boolean plus;
  boolean brackets;
  boolean roman;
  boolean exponent;

  NumberPattern(String template) {
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c == '"') {
        int end = at + 1;
        StringBuilder text = new StringBuilder();
        while (end < template.length() && template.charAt(end) != '"') {
          if (template.charAt(end) == '\\' && end + 1 < template.length()) {
            end++;
          }
          text.append(template.charAt(end++));
        }
        pieces.add(new Piece(null, text.toString()));
        at = end + 1;
        continue;
      }
      String field = field(template, at);
      if (field == null) {
        pieces.add(new Piece(null, String.valueOf(c)));
        at++;
        continue;
      }
      add(field, template.substring(at, at + field.length()));
      at += field.length();
    }
  }

  private static String field(String template, int at) {
    for (String name : FIELDS) {
      if (template.regionMatches(true, at, name, 0, name.length())) {
        return name;
      }
    }
    return null;
  }

  private SqlException invalid(String message) {
    return new SqlException(SqlState.SYNTAX_ERROR, message);
  }

  private void add(String field, String written) {
    switch (field) {
      case "FM" -> {
        fill = false;
        return;
      }
      case "B" -> {
        return;
      }
      case "9", "0" -> digit(field);
      case ".", "D" -> {
        if (point) {
          throw invalid("multiple decimal points");
        }
        if (shift > 0) {
          throw invalid("cannot use \"V\" and decimal point together");
        }
        point = true;
      }
      case "V" -> {
        if (point) {
          throw invalid("cannot use \"V\" and decimal point together");
        }
        shift = 1;
      }
      case "S" -> {
        if (signBefore || signAfter) {
          throw invalid("cannot use \"S\" twice");
        }
        if (plus || minus || brackets) {
          throw invalid("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
        }
        signBefore = before + after == 0;
        signAfter = !signBefore;
      }
      case "MI" -> {
        refuseWithSign("MI");
        minus = true;
      }
      case "PL" -> {
        refuseWithSign("PL");
        plus = true;
      }
      case "SG" -> {
        refuseWithSign("SG");
        plus = true;
        minus = true;
      }
      case "PR" -> {
        if (signBefore || signAfter || plus || minus) {
          throw invalid("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
        }
        brackets = true;
      }
      case "RN" -> roman = true;
      case "EEEE" -> exponent = true;
      default -> {
        // printed where it stands
      }
    }
    pieces.add(new Piece(field.equals("TH") ? written : field.toUpperCase(Locale.ROOT), null));
  }

  private void refuseWithSign(String name) {
    if (signBefore || signAfter) {
      throw invalid("cannot use \"S\" and \"" + name + "\" together");
    }
  }

  private void digit(String field) {
    if (brackets) {
      throw invalid("\"9\" must be ahead of \"PR\"");
    }
    if (shift > 0) {
      shift++;
    }
    if (point) {
      after++;
      if (field.equals("0")) {
        keepAfter = after;
      }
      return;
    }
    if (field.equals("0") && zeroFrom < 0) {
      zeroFrom = before;
    }
    before++;
  }

  /// Digits that V moves the decimal point by.
  int shiftedDigits() {
    return Math.max(0, shift - 1);
  }
}
