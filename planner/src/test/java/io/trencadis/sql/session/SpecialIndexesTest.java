package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which plans use partial and expression indexes.
class SpecialIndexesTest {
  private final SqlScript script = new SqlScript(SqlScript.engine());

  @BeforeEach
  void table() {
    script.run("create table t (id int primary key, name text, state text, n int)");
    script.run(
        "insert into t select x, 'Name' || x, case when x % 100 = 0 then 'open' else 'done' end, x"
            + " from generate_series(1, 2000) x");
    script.run("create index t_lower on t (lower(name))");
    script.run("create index t_sum on t ((n + 1))");
    script.run("create index t_open on t (n) where state = 'open'");
    script.run("create index t_named on t (id, n) where name is not null");
  }

  private boolean uses(String index, String query) {
    return String.join("\n", script.run("explain " + query)).contains(index + " on t");
  }

  @Test
  void anExpressionIsFoundInTheCondition() {
    assertTrue(uses("t_lower", "select id from t where lower(name) = 'name7'"));
    assertTrue(uses("t_lower", "select id from t where 'name7' = lower(name)"));
    assertTrue(uses("t_sum", "select id from t where n + 1 = 8"));
    assertEquals(java.util.List.of("7"), script.run("select id from t where n + 1 = 8"));
  }

  @Test
  void anotherConstantIsAnotherExpression() {
    assertTrue(uses("t_sum", "select id from t where n + 1 = 9"));
    assertTrue(!uses("t_sum", "select id from t where n + 2 = 9"));
    assertEquals(java.util.List.of("8"), script.run("select id from t where n + 1 = 9"));
    assertEquals(java.util.List.of("7"), script.run("select id from t where n + 2 = 9"));
    assertEquals(java.util.List.of("6"), script.run("select id from t where n + 3 = 9"));
  }

  @Test
  void aPartialIndexIsUsedWhereTheConditionImpliesIt() {
    assertTrue(uses("t_open", "select id from t where state = 'open' and n = 300"));
    assertTrue(!uses("t_open", "select id from t where n = 300"));
    assertTrue(!uses("t_open", "select id from t where state = 'done' and n = 300"));
    assertEquals(
        java.util.List.of("300"), script.run("select id from t where state = 'open' and n = 300"));
    assertEquals(
        java.util.List.of(), script.run("select id from t where state = 'done' and n = 300"));
    assertEquals(
        java.util.List.of("301"), script.run("select id from t where state = 'done' and n = 301"));
  }

  @Test
  void aPreparedValueImpliesNothing() {
    script.run("prepare q (text) as select id from t where state = $1 and n = 301");
    assertEquals(java.util.List.of("301"), script.run("execute q ('done')"));
    assertEquals(java.util.List.of(), script.run("execute q ('open')"));
  }

  @Test
  void joinsLookUpByExpressions() {
    script.run("create table o (who text)");
    script.run("insert into o values ('name5'), ('name6')");
    assertEquals(
        java.util.List.of("5", "6"),
        script.run("select id from o join t on lower(name) = who order by id"));
  }
}
