package io.trencadis.sql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.base.SqlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Expressions with the answers that a real PostgreSQL 15 gave (`collect-expressions.py` collects
/// them).
class ExpressionTest {
  private static final String ARROW = " \u21d2 ";

  static List<String> lines(String file) throws IOException {
    try (InputStream in =
        ExpressionTest.class.getResourceAsStream("expressions/" + file + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  static String answer(String expression, EvalContext cx) {
    try {
      String text =
          MiniSql.evaluate(
              expression.startsWith("setof ") ? expression.substring(6) : expression, cx);
      boolean nothing = text == null || (expression.startsWith("setof ") && text.isEmpty());
      return nothing ? "\\N" : text.replace("\\", "\\\\").replace("\n", "\\n");
    } catch (SqlException e) {
      String detail = e.fields().get(SqlException.Field.DETAIL);
      return "!"
          + e.state().code()
          + " "
          + e.getMessage()
          + (detail == null ? "" : " || " + detail);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "numbers",
        "texts",
        "arrays",
        "datetimes",
        "casts",
        "operators",
        "calls",
        "numberformats"
      })
  void answersAsPostgresDoes(String file) throws IOException {
    TestContext cx = new TestContext();
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (String line : lines(file)) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("set ")) {
        String[] parts = line.substring(4).split(" = ");
        cx.set(parts[0], parts[1].replace("'", ""));
        continue;
      }
      int arrow = line.indexOf(ARROW);
      String expected = line.substring(arrow + ARROW.length());
      String actual;
      try {
        actual = answer(line.substring(0, arrow), cx);
      } catch (RuntimeException e) {
        actual = "threw " + e;
      }
      compared++;
      if (!actual.equals(expected)) {
        wrong.add(line + "\n    but got " + actual);
      }
    }
    if (!wrong.isEmpty()) {
      fail(wrong.size() + " of " + compared + ":\n" + String.join("\n", wrong));
    }
    assertEquals(0, wrong.size());
  }
}
