package io.trencadis.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.ast.TypeName;
import org.junit.jupiter.api.Test;

class ExpressionTest {
  /// Writes an expression with all its parentheses.
  private static String tree(Expr e) {
    return switch (e) {
      case Expr.NumberLiteral n -> n.text();
      case Expr.StringLiteral s -> "'" + s.value() + "'";
      case Expr.ColumnRef c -> String.join(".", c.parts());
      case Expr.BinaryOp b -> "(" + tree(b.left()) + b.operator().symbol() + tree(b.right()) + ")";
      case Expr.UnaryOp u -> "(" + u.operator().symbol() + tree(u.operand()) + ")";
      case Expr.And a -> "and" + a.operands().stream().map(ExpressionTest::tree).toList();
      case Expr.Or o -> "or" + o.operands().stream().map(ExpressionTest::tree).toList();
      case Expr.Not n -> "not(" + tree(n.operand()) + ")";
      case Expr.Cast c -> tree(c.operand()) + "::" + c.type().name();
      case Expr.IsTest t -> "is(" + tree(t.operand()) + ")";
      case Expr.Between b ->
          "between(" + tree(b.operand()) + "," + tree(b.low()) + "," + tree(b.high()) + ")";
      case Expr.PatternMatch p -> "like(" + tree(p.operand()) + "," + tree(p.pattern()) + ")";
      case Expr.InList i -> "in(" + tree(i.operand()) + "," + i.items().size() + ")";
      case Expr.Collate c -> "collate(" + tree(c.operand()) + ")";
      case Expr.FunctionCall f ->
          f.name().name() + f.args().stream().map(a -> tree(a.value())).toList();
      default -> e.getClass().getSimpleName();
    };
  }

  @Test
  void precedenceIsThatOfPostgresqlsManual() {
    String[][] cases = {
      {"1 + 2 * 3 ^ 4", "(1+(2*(3^4)))"},
      {"2 ^ 3 ^ 4", "((2^3)^4)"},
      {"- a ^ 2", "((-a)^2)"},
      {"- a::int", "(-a::int4)"},
      {"- 5", "-5"},
      {"- - 5", "5"},
      {"3 - -5", "(3--5)"},
      {"@ 1 + 2", "(@(1+2))"},
      {"a || b + c", "(a||(b+c))"},
      {"a < b || c", "(a<(b||c))"},
      {"not a = b", "not((a=b))"},
      {"not a and b or c", "or[and[not(a), b], c]"},
      {"a and b and c", "and[a, b, c]"},
      {"a = b is null", "is((a=b))"},
      {"a between 1 and 2 and b", "and[between(a,1,2), b]"},
      {"a between 1 + 1 and 2 + 2", "between(a,(1+1),(2+2))"},
      {"a like b || c", "like(a,(b||c))"},
      {"a = b like c", "(a=like(b,c))"},
      {"a not in (1, 2) and b", "and[in(a,2), b]"},
      {"a collate \"C\" < b", "(collate(a)<b)"},
      {"a at time zone 'x' + b", "(timezone['x', a]+b)"},
      {"a at time zone 'x' at time zone 'y'", "timezone['y', timezone['x', a]]"},
      {"a::int::text", "a::int4::text"},
    };
    for (String[] c : cases) {
      assertEquals(c[1], tree(SqlParser.parseExpression(c[0])), c[0]);
    }
  }

  @Test
  void sqlFunctionsBecomeCallsOfSystemFunctions() {
    String[][] cases = {
      {"extract(year from a)", "extract['year', a]"},
      {"position(a in b)", "position[b, a]"},
      {"substring(a from 2 for 3)", "substring[a, 2, 3]"},
      {"substring(a for 3)", "substring[a, 1, 3::int4]"},
      {"trim(leading 'x' from a)", "ltrim[a, 'x']"},
      {"overlay(a placing b from 1)", "overlay[a, b, 1]"},
    };
    for (String[] c : cases) {
      Expr.FunctionCall call =
          assertInstanceOf(Expr.FunctionCall.class, SqlParser.parseExpression(c[0]));
      assertTrue(call.sqlSyntax());
      assertEquals("pg_catalog", call.name().schema());
      assertEquals(c[1], tree(call), c[0]);
    }
  }

  @Test
  void typesHaveTheCatalogsNames() {
    String[][] cases = {
      {"integer", "int4", "[]"},
      {"float(24)", "float4", "[]"},
      {"float(25)", "float8", "[]"},
      {"char", "bpchar", "[1]"},
      {"char varying(5)", "varchar", "[5]"},
      {"numeric(10, 2)", "numeric", "[10, 2]"},
      {"time(3) with time zone", "timetz", "[3]"},
      {"timestamp without time zone", "timestamp", "[]"},
      {"interval year to month", "interval", "[6]"},
      {"interval(3)", "interval", "[32767, 3]"},
      {"interval day to second(2)", "interval", "[7176, 2]"},
      {"bit varying", "varbit", "[]"},
    };
    for (String[] c : cases) {
      TypeName type =
          assertInstanceOf(Expr.Cast.class, SqlParser.parseExpression("x::" + c[0])).type();
      assertEquals(c[1], type.name());
      assertEquals(c[2], type.modifiers().stream().map(ExpressionTest::tree).toList().toString());
    }
    TypeName array =
        assertInstanceOf(Expr.Cast.class, SqlParser.parseExpression("x::text[][3]")).type();
    assertEquals("[-1, 3]", array.arrayBounds().toString());
  }

  @Test
  void queriesNestAsWritten() {
    Query q =
        SqlParser.parseQuery(
            "select 1 union select 2 intersect select 3 except (select 4 limit 1) order by 1");
    Query.SetOperation except = assertInstanceOf(Query.SetOperation.class, q.body());
    assertEquals(Query.SetKind.EXCEPT, except.kind());
    assertInstanceOf(Query.Nested.class, except.right());
    Query.SetOperation union = assertInstanceOf(Query.SetOperation.class, except.left());
    assertEquals(
        Query.SetKind.INTERSECT, assertInstanceOf(Query.SetOperation.class, union.right()).kind());
    assertEquals(1, q.orderBy().size());
  }

  @Test
  void joinsBindToTheLeftUnlessTheirConditionSaysOtherwise() {
    Query q = SqlParser.parseQuery("select * from a join b join c on x on y left join d using (k)");
    Query.SelectCore core = assertInstanceOf(Query.SelectCore.class, q.body());
    TableRef.Join left = assertInstanceOf(TableRef.Join.class, core.from().getFirst());
    assertEquals(TableRef.JoinKind.LEFT, left.kind());
    TableRef.Join inner = assertInstanceOf(TableRef.Join.class, left.left());
    assertInstanceOf(TableRef.Join.class, inner.right());
  }
}
