package io.trencadis.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.ast.Expr;
import java.util.List;
import org.junit.jupiter.api.Test;

class LexicalTest {
  private static String string(String sql) {
    return assertInstanceOf(Expr.StringLiteral.class, SqlParser.parseExpression(sql)).value();
  }

  private static String operator(String sql) {
    return assertInstanceOf(Expr.BinaryOp.class, SqlParser.parseExpression(sql))
        .operator()
        .symbol();
  }

  private static String column(String sql) {
    return assertInstanceOf(Expr.ColumnRef.class, SqlParser.parseExpression(sql))
        .parts()
        .getFirst();
  }

  @Test
  void stringsOfAllFormsAreDecoded() {
    assertEquals("it's", string("'it''s'"));
    assertEquals("a\\n", string("'a\\n'"));
    assertEquals("a\nb'c\\\u0041\u00e9", string("E'a\\nb\\'c\\\\\\x41\\u00e9'"));
    assertEquals("\u00e9", string("E'\\303\\251'"));
    assertEquals("data", string("U&'d\\0061t\\+000061'"));
    assertEquals("data", string("U&'d!0061ta' UESCAPE '!'"));
    assertEquals("\ud83d\ude00", string("U&'\\D83D\\DE00'"));
    assertEquals("ab", string("'a' -- comment\n 'b'"));
    assertEquals("a$b'", string("$$a$b'$$"));
    assertEquals("a$$b", string("$x$a$$b$x$"));
  }

  @Test
  void operatorsEndWhereCommentsBeginAndGiveBackSigns() {
    assertEquals("<", operator("1 <--x\n 2"));
    assertEquals("+", operator("1 +/* x */ 2"));
    assertEquals("*", operator("1 *-2"));
    assertEquals("@-", operator("1 @- 2"));
    assertEquals("<>", operator("1 != 2"));
    assertEquals("->>", operator("a->>'b'"));
    assertEquals("!~~", operator("a operator(pg_catalog.!~~) b"));
  }

  @Test
  void namesAreFoldedAndCut() {
    assertEquals("abc", column("aBC"));
    assertEquals("aBC", column("\"aBC\""));
    assertEquals("a\"b", column("\"a\"\"b\""));
    assertEquals("data", column("U&\"d\\0061ta\""));
    assertEquals("\u00c4b", column("\u00c4B"));
    assertEquals(63, column("x".repeat(70)).length());
    assertEquals("\u00e9".repeat(31), column("\u00e9".repeat(40)));
  }

  @Test
  void numbersKnowTheirClass() {
    assertEquals(Expr.NumberClass.INT4, number("2147483647").numberClass());
    assertEquals(Expr.NumberClass.INT8, number("2147483648").numberClass());
    assertEquals(Expr.NumberClass.INT4, number("-2147483648").effectiveClass());
    assertEquals(Expr.NumberClass.NUMERIC, number("9223372036854775808").numberClass());
    assertEquals(Expr.NumberClass.NUMERIC, number("1e5").numberClass());
    assertEquals(Expr.NumberClass.INT4, number("0000000000000000001").numberClass());
    assertTrue(number("- 5").negated());
    assertEquals(0, number("- 5").pos());
  }

  private static Expr.NumberLiteral number(String sql) {
    return assertInstanceOf(Expr.NumberLiteral.class, SqlParser.parseExpression(sql));
  }

  @Test
  void emptyStatementsAreSkippedAndPositionsCountFromTheStartOfTheText() {
    assertEquals(List.of(), SqlParser.parse("  ; ;-- x\n; /* y */"));
    List<ParsedStatement> two = SqlParser.parse("select 1 ;; select 'a', 2 ; ");
    assertEquals(2, two.size());
    assertEquals("select 'a', 2", two.get(1).text());
    assertEquals(12, two.get(1).start());
    assertEquals(12, two.get(1).statement().pos());
    assertEquals(2, two.get(1).literalCount());
  }
}
