package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.session.SqlSession.Request;
import io.trencadis.txn.WouldBlockException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which plans a thread may run that has to be back soon: those whose runs have all been small, and
/// that give themselves up where one is not.
class SmallPlanTest {
  private static final String RANGE =
      "SELECT v FROM t WHERE id BETWEEN $1::int AND $2::int ORDER BY v";

  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine);
  private final SqlSession session = ann.session();

  @BeforeEach
  void rows() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    ann.run("INSERT INTO t SELECT g, -g FROM generate_series(1, 5000) g");
  }

  private static byte[] text(int value) {
    return Integer.toString(value).getBytes(StandardCharsets.UTF_8);
  }

  private void bind(int from, int to) {
    session.bind("", "", new short[0], new byte[][] {text(from), text(to)}, new short[0], ann);
  }

  private List<String> range(int from, int to) {
    bind(from, to);
    ann.answered();
    session.execute("", 0, ann);
    session.sync(ann);
    return ann.answered();
  }

  private void learn() {
    session.parse("", RANGE, new int[0], ann);
    for (int run = 0; run < 10_000 && !session.runsWithoutBlocking(Request.EXECUTE, ""); run++) {
      range(10, 12);
      bind(10, 12);
    }
    assertTrue(session.runsWithoutBlocking(Request.EXECUTE, ""));
  }

  @Test
  void aPlanIsSmallWhenItsRunsWere() {
    session.parse("", RANGE, new int[0], ann);
    bind(10, 12);
    assertFalse(session.runsWithoutBlocking(Request.EXECUTE, ""));
    learn();
    session.mayBlock(false);
    assertEquals(List.of("-12", "-11", "-10", "SELECT 3"), range(10, 12));
  }

  @Test
  void aRunThatIsNotSmallGivesItselfUpAndIsRunElsewhere() {
    learn();
    session.mayBlock(false);
    bind(1, 5000);
    ann.answered();
    assertThrows(WouldBlockException.class, () -> session.execute("", 0, ann));
    assertEquals(List.of(), ann.answered());
    session.mayBlock(true);
    assertFalse(session.runsWithoutBlocking(Request.EXECUTE, ""));
    session.execute("", 0, ann);
    session.sync(ann);
    List<String> answer = ann.answered();
    assertEquals(5001, answer.size());
    assertEquals(List.of("-5000", "-4999"), answer.subList(0, 2));
  }

  @Test
  void aPlanOfOtherWorkThanReadingIsNeverSmall() {
    session.parse(
        "", "SELECT a.v FROM t a, t b WHERE a.id < $1::int AND b.id < $2::int", new int[0], ann);
    for (int run = 0; run < 10; run++) {
      range(2, 2);
      bind(2, 2);
      assertFalse(session.runsWithoutBlocking(Request.EXECUTE, ""));
    }
  }
}
