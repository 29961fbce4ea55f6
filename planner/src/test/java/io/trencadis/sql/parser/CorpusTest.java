package io.trencadis.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CorpusTest {
  @Test
  void theQueriesOfPsqlPgbenchPgDumpAndJdbcParse() {
    for (String sql : Texts.of("corpus.sql")) {
      try {
        assertEquals(1, SqlParser.parse(sql).size(), sql);
      } catch (SqlException e) {
        fail(e.getMessage() + " at " + e.position() + " in " + sql, e);
      }
    }
  }

  /// The file was collected from a PostgreSQL 15: state, message and position before each text.
  @Test
  void errorsHavePostgresqlsMessageAndPosition() {
    List<String> wrong = new ArrayList<>();
    for (String entry : Texts.of("malformed.txt")) {
      int line = entry.indexOf('\n');
      String expected = entry.substring(0, line);
      String sql = entry.substring(line + 1);
      String actual;
      try {
        SqlParser.parse(sql);
        actual = "OK";
      } catch (SqlException e) {
        actual = e.state().code() + "|" + e.getMessage() + "|" + e.position();
      }
      if (!actual.equals(expected)) {
        wrong.add(sql + "\n  expected " + expected + "\n  actual   " + actual);
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  @Test
  void theFingerprintNumbersLiteralsAsTheTreeDoes() {
    int cacheable = 0;
    List<String> texts = new ArrayList<>(Texts.of("corpus.sql"));
    texts.addAll(Texts.of("statements.sql"));
    for (String sql : texts) {
      SqlFingerprint fingerprint = SqlFingerprint.of(sql);
      if (!fingerprint.cacheable()) {
        continue;
      }
      cacheable++;
      ParsedStatement parsed = SqlParser.parse(sql).getFirst();
      assertEquals(parsed.literalCount(), fingerprint.literals(), sql);
      TreeMap<Integer, String> inTree = new TreeMap<>();
      collect(parsed.statement(), inTree);
      inTree.forEach((index, value) -> assertEquals(value, fingerprint.literal(index), sql));
    }
    assertTrue(cacheable > 100, "cacheable: " + cacheable);
  }

  /// Every literal of a tree by its index.
  private static void collect(Object node, TreeMap<Integer, String> found) {
    switch (node) {
      case null -> {}
      case Expr.NumberLiteral n when n.literalIndex() >= 0 ->
          found.put(n.literalIndex(), n.digits());
      case Expr.StringLiteral s when s.literalIndex() >= 0 ->
          found.put(s.literalIndex(), s.value());
      case List<?> list -> list.forEach(item -> collect(item, found));
      case Record r -> {
        for (RecordComponent c : r.getClass().getRecordComponents()) {
          try {
            collect(c.getAccessor().invoke(r), found);
          } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
          }
        }
      }
      default -> {}
    }
  }

  @Test
  void equalShapesParseToEqualTreesButForTheLiterals() {
    String[][] pairs = {
      {"select a + 1 from t where b = 'x'", "SELECT a+27 /* c */ FROM t -- d\nWHERE b='it''s';"},
      {"insert into t values (1, 'a'), (2, 'b')", "insert into T values (3, 'c'), (4, '')"},
      {"select * from t limit 5", "select * from t limit 50"},
    };
    for (String[] pair : pairs) {
      assertEquals(SqlFingerprint.of(pair[0]).shape(), SqlFingerprint.of(pair[1]).shape());
      assertEquals(blank(pair[0]), blank(pair[1]));
    }
  }

  private static String blank(String sql) {
    return SqlParser.parse(sql)
        .getFirst()
        .statement()
        .toString()
        .replaceAll("(digits|value)=[^,\\]]*", "$1=")
        .replaceAll("pos=-?\\d+", "pos=");
  }

  @Test
  void mutatedSqlThrowsNothingButSqlException() {
    Random random = new Random(20260101);
    List<String> texts = new ArrayList<>(Texts.of("statements.sql"));
    texts.addAll(Texts.of("corpus.sql").subList(0, 60));
    String odd = "'\"$;()[]\\:.,*+-/e0xUuN&\u00e9\ud83d\ude00 \n";
    for (int round = 0; round < 6000; round++) {
      StringBuilder sql = new StringBuilder(texts.get(random.nextInt(texts.size())));
      for (int n = 1 + random.nextInt(3); n > 0 && !sql.isEmpty(); n--) {
        int at = random.nextInt(sql.length());
        switch (random.nextInt(4)) {
          case 0 -> sql.deleteCharAt(at);
          case 1 -> sql.insert(at, odd.charAt(random.nextInt(odd.length())));
          case 2 -> sql.setLength(at);
          default -> {
            int to = Math.min(sql.length(), at + 1 + random.nextInt(30));
            sql.insert(random.nextInt(sql.length()), sql.substring(at, to));
          }
        }
      }
      String text = sql.toString();
      SqlFingerprint fingerprint = SqlFingerprint.of(text);
      try {
        List<ParsedStatement> parsed = SqlParser.parse(text);
        if (fingerprint.cacheable()) {
          assertEquals(1, parsed.size(), text);
          assertEquals(fingerprint.literals(), parsed.getFirst().literalCount(), text);
        }
      } catch (SqlException e) {
        assertTrue(e.position() <= text.length() + 1, text);
      } catch (RuntimeException | StackOverflowError e) {
        fail(text, e);
      }
    }
  }

  @Test
  void statementsThatAreNotSupportedAreNamed() {
    String[][] cases = {
      {"create policy p on t", "CREATE POLICY"},
      {"create type r as range (subtype = int4)", "CREATE TYPE"},
      {"refresh materialized view v", "REFRESH MATERIALIZED VIEW"},
    };
    for (String[] c : cases) {
      Statement statement = SqlParser.parse(c[0]).getFirst().statement();
      assertEquals(c[1], assertInstanceOf(Statement.Unsupported.class, statement).what());
    }
  }
}
