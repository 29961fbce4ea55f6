package io.trencadis.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static String shape(String sql) {
    return SqlFingerprint.of(sql).shape();
  }

  @Test
  void constantsBecomeMarksOfTheirClass() {
    SqlFingerprint f =
        SqlFingerprint.of("SELECT 1, 3000000000, 1.5, 'it''s', E'a\\n', .5e3 FROM \"T\"");
    assertEquals("select ?i , ?l , ?n , ?s , ?s , ?n from \"T\"", f.shape());
    assertEquals(6, f.literals());
    assertEquals("3000000000", f.literal(1));
    assertEquals("it's", f.literal(3));
    assertEquals("a\n", f.literal(4));
    assertEquals(7, f.offset(0));
  }

  @Test
  void quotedNamesKeepTheirCase() {
    assertNotEquals(shape("select \"A\""), shape("select \"a\""));
    assertEquals(shape("select A"), shape("select a"));
  }

  @Test
  void numbersThatAreNoMereValuesStayVisible() {
    assertNotEquals(shape("select a from t order by 1"), shape("select a from t order by 2"));
    assertNotEquals(shape("select a, b from t group by 1"), shape("select a, b from t group by 2"));
    assertNotEquals(
        shape("select distinct on (1) a, b from t"), shape("select distinct on (2) a, b from t"));
    assertNotEquals(shape("select x::varchar(3)"), shape("select x::varchar(4)"));
    assertNotEquals(shape("select x::vector(3)"), shape("select x::vector(4)"));
    assertNotEquals(shape("select cast(x as float(3))"), shape("select cast(x as float(30))"));
    assertNotEquals(shape("select x::int[3]"), shape("select x::int[4]"));
    assertEquals(
        shape("select a from t order by a limit 1"), shape("select a from t order by a limit 2"));
    assertEquals(shape("select f(1)"), shape("select f(2)"));
  }

  @Test
  void whatIsUnusualIsNotCacheable() {
    String[] texts = {
      "",
      ";",
      "-- nothing",
      "select 1; select 2",
      "create table t (a int)",
      "set x = 1",
      "begin",
      "select $$a$$",
      "select U&'a'",
      "select b'1'",
      "select x'1'",
      "select n'a'",
      "select 'open",
      "select \"open",
      "select /* open",
      "select 1a",
      "select $1a",
      "select f(3) 'x'",
      "select -2147483648",
      "select -9223372036854775808",
      "select \\",
      "select 1)",
    };
    for (String text : texts) {
      assertFalse(SqlFingerprint.of(text).cacheable(), text);
    }
    assertTrue(SqlFingerprint.of("select 1;;").cacheable());
  }
}
