package io.trencadis.txn.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

/// The checker finds each of the classic anomalies, and nothing where there is none.
class HistoryCheckerTest {
  private final History history = new History();

  private String verdict() {
    return HistoryChecker.judge(history);
  }

  private void assertFound() {
    String verdict = verdict();
    assertNotNull(verdict);
    assertTrue(verdict.startsWith("not strictly serializable: "), verdict);
  }

  @Test
  void aSerialHistoryIsFine() {
    history.begin(1, 0).wrote("x").wrote("y").committed(1);
    history.begin(2, 2).read("x", 1).wrote("x").committed(3);
    history.begin(3, 4).read("x", 2).read("y", 1).read("z", 0).committed(5);
    history.version("x", 1);
    history.version("x", 2);
    history.version("y", 1);
    assertNull(verdict());
  }

  @Test
  void concurrentTransactionsMayBeOrderedEitherWay() {
    history.begin(1, 0).read("x", 0).wrote("y").committed(10);
    history.begin(2, 0).wrote("x").committed(5);
    history.version("y", 1);
    history.version("x", 2);
    assertNull(verdict());
  }

  @Test
  void findsG0DirtyWrite() {
    history.begin(1, 0).wrote("x").wrote("y").committed(9);
    history.begin(2, 0).wrote("x").wrote("y").committed(9);
    history.version("x", 1);
    history.version("x", 2);
    history.version("y", 2);
    history.version("y", 1);
    assertFound();
  }

  @Test
  void findsG1aAbortedRead() {
    history.begin(1, 0).wrote("x").aborted(5);
    history.begin(2, 0).read("x", 1).committed(9);
    assertTrue(verdict().startsWith("G1a"));
  }

  @Test
  void findsG1bIntermediateRead() {
    // An intermediate version is noted under an id of its own, which wrote nothing that lasted.
    history.begin(1, 0).wrote("x").committed(5);
    history.begin(2, 0).read("x", -1).committed(9);
    history.version("x", 1);
    assertTrue(verdict().contains("nobody else knows"));
  }

  @Test
  void findsG1cCircularInformationFlow() {
    history.begin(1, 0).wrote("x").read("y", 2).committed(9);
    history.begin(2, 0).wrote("y").read("x", 1).committed(9);
    history.version("x", 1);
    history.version("y", 2);
    assertFound();
  }

  @Test
  void findsLostUpdate() {
    history.begin(1, 0).read("x", 0).wrote("x").committed(9);
    history.begin(2, 0).read("x", 0).wrote("x").committed(9);
    history.version("x", 1);
    history.version("x", 2);
    assertFound();
  }

  @Test
  void findsReadSkew() {
    history.begin(1, 0).wrote("x").wrote("y").committed(9);
    history.begin(2, 0).read("x", 0).read("y", 1).committed(9);
    history.version("x", 1);
    history.version("y", 1);
    assertFound();
  }

  @Test
  void findsWriteSkew() {
    history.begin(1, 0).read("x", 0).wrote("y").committed(9);
    history.begin(2, 0).read("y", 0).wrote("x").committed(9);
    history.version("x", 2);
    history.version("y", 1);
    assertFound();
  }

  @Test
  void findsAPhantom() {
    history.begin(1, 0).readRange(key -> key.startsWith("a"), Set.of()).wrote("b1").committed(9);
    history.begin(2, 0).readRange(key -> key.startsWith("b"), Set.of()).wrote("a1").committed(9);
    history.version("a1", 2);
    history.version("b1", 1);
    assertFound();
  }

  @Test
  void findsALongFork() {
    history.begin(1, 0).wrote("x").committed(9);
    history.begin(2, 0).wrote("y").committed(9);
    history.begin(3, 0).read("x", 1).read("y", 0).committed(9);
    history.begin(4, 0).read("x", 0).read("y", 2).committed(9);
    history.version("x", 1);
    history.version("y", 2);
    assertFound();
  }

  @Test
  void findsAStaleReadThatOnlyRealTimeForbids() {
    history.begin(1, 0).wrote("x").committed(1);
    history.begin(2, 2).read("x", 0).committed(3);
    history.version("x", 1);
    assertEquals(
        "not strictly serializable: T1 had ended before the begin of T2 read x before it was overwritten by T1",
        verdict());
  }

  @Test
  void findsALostWrite() {
    history.begin(1, 0).wrote("x").committed(1);
    assertTrue(verdict().startsWith("lost write"));
  }
}
