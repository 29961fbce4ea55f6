package io.trencadis.sql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Aggregates with the answers of a real PostgreSQL 15, in one go and from partial states.
class AggregateTest {
  private static final Pattern QUERY =
      Pattern.compile(
          "\\(select (\\w+)\\(x(?:, ([^)]*))?\\) from unnest\\('(.*)'::(\\w+)\\[\\]\\) x\\)");
  private static final String ARROW = " \u21d2 ";

  private static final EvalContext CX = new TestContext();

  private interface Run {
    Object apply(AggregateFunction function, List<Object[]> rows);
  }

  private static String compute(String query, Run run) {
    Matcher m = QUERY.matcher(query);
    if (!m.matches()) {
      throw new IllegalArgumentException(query);
    }
    PgType type = Types.byName(m.group(4));
    List<PgType> types = new ArrayList<>(List.of(type));
    Object second = null;
    if (m.group(2) != null) {
      boolean text = m.group(2).startsWith("'");
      types.add(text ? Types.TEXT : Types.FLOAT8);
      second = text ? m.group(2).replace("'", "") : (Object) Double.valueOf(m.group(2));
    }
    SqlArray values = (SqlArray) type.arrayType().codec().parse(m.group(3), -1, CX);
    ResolvedCall call = FunctionResolver.function(m.group(1), types);
    List<Object[]> rows = new ArrayList<>();
    for (Object value : values.elements()) {
      Object converted =
          Casts.require(type, call.argTypes().getFirst(), -1, CastContext.IMPLICIT)
              .apply(value, CX);
      rows.add(types.size() == 1 ? new Object[] {converted} : new Object[] {converted, second});
    }
    try {
      Object result = run.apply(Aggregates.bind(call), rows);
      return result == null
          ? "\\N"
          : call.resultType().codec().format(result, CX).replace("\\", "\\\\");
    } catch (SqlException e) {
      return "!" + e.state().code() + " " + e.getMessage();
    }
  }

  private static Object whole(AggregateFunction function, List<Object[]> rows) {
    Accumulator accumulator = function.newAccumulator();
    rows.forEach(row -> accumulator.add(row, CX));
    return accumulator.result(CX);
  }

  /// Each row on a shard of its own, and the states carried as bytes.
  private static Object scattered(AggregateFunction function, List<Object[]> rows) {
    Accumulator total = function.newAccumulator();
    for (Object[] row : rows) {
      Accumulator part = function.newAccumulator();
      part.add(row, CX);
      ByteWriter bytes = new ByteWriter();
      Types.RECORD.codec().encodeRow(part.state(), bytes);
      total.merge((SqlRow) Types.RECORD.codec().decodeRow(bytes.toByteArray(), 0, bytes.length()));
    }
    return total.result(CX);
  }

  @Test
  void aggregatesAsPostgresDoes() throws IOException {
    check(AggregateTest::whole, false);
  }

  @Test
  void mergesPartialStatesToTheSameResult() throws IOException {
    check(AggregateTest::scattered, true);
  }

  private static void check(Run run, boolean roughly) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String line : ExpressionTest.lines("aggregates")) {
      int arrow = line.indexOf(ARROW);
      String expected = line.substring(arrow + ARROW.length());
      String actual = compute(line.substring(0, arrow), run);
      if (!actual.equals(expected) && !(roughly && close(actual, expected))) {
        wrong.add(line + "\n    but got " + actual);
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /// Floating-point sums depend on the order of additions, in PostgreSQL's parallel aggregates too.
  private static boolean close(String a, String b) {
    try {
      double x = Double.parseDouble(a);
      double y = Double.parseDouble(b);
      return Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
