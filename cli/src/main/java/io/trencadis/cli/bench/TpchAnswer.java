package io.trencadis.cli.bench;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The rows that a query gave, as the server's text.
///
/// @param rows null in a row is NULL
record TpchAnswer(List<List<String>> rows) {
  /// How two answers compare.
  enum Likeness {
    EQUAL("equal"),
    OTHER_ORDER("equal, ties in another order"),
    /// Numbers that are not whole differ by a hundredth of their value at the most (clause
    /// 2.1.3.5).
    WITHIN_TOLERANCE("within the tolerance"),
    DIFFERENT("DIFFERENT");

    private final String words;

    Likeness(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private static final BigDecimal TOLERANCE = new BigDecimal("0.01");

  static TpchAnswer of(ResultSet result) throws SQLException {
    int width = result.getMetaData().getColumnCount();
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= width; i++) {
        row.add(result.getString(i));
      }
      rows.add(row);
    }
    return new TpchAnswer(rows);
  }

  /// The answer as lines, values between bars.
  List<String> lines() {
    return rows.stream()
        .map(row -> String.join("|", row.stream().map(String::valueOf).toList()))
        .toList();
  }

  Likeness compare(TpchAnswer other) {
    if (rows.equals(other.rows)) {
      return Likeness.EQUAL;
    }
    if (lines().stream().sorted().toList().equals(other.lines().stream().sorted().toList())) {
      return Likeness.OTHER_ORDER;
    }
    if (rows.size() != other.rows.size()) {
      return Likeness.DIFFERENT;
    }
    for (int i = 0; i < rows.size(); i++) {
      List<String> row = rows.get(i);
      List<String> theirs = other.rows.get(i);
      for (int j = 0; j < row.size(); j++) {
        if (row.size() != theirs.size() || !near(row.get(j), theirs.get(j))) {
          return Likeness.DIFFERENT;
        }
      }
    }
    return Likeness.WITHIN_TOLERANCE;
  }

  private static boolean near(String a, String b) {
    if (a == null || b == null || a.equals(b)) {
      return a == b || a != null && a.equals(b);
    }
    if (!a.contains(".") || !b.contains(".")) {
      return false;
    }
    try {
      BigDecimal x = new BigDecimal(a);
      BigDecimal y = new BigDecimal(b);
      return x.subtract(y).abs().compareTo(x.abs().max(y.abs()).multiply(TOLERANCE)) <= 0;
    } catch (NumberFormatException notNumbers) {
      return false;
    }
  }
}
