package io.trencadis.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static String told(Health health) {
    Answer answer = health.readiness();
    return answer.status() + " " + answer.body().strip();
  }

  @Test
  void readinessSaysWhyNot() {
    Health health = new Health();
    assertEquals(
        "503 {\"status\":\"recovering\",\"reason\":\"the node is starting and reads its log\"}",
        told(health));
    assertEquals(200, health.live().status());
    health.starting("the node waits for node2:7400");
    assertEquals(
        "503 {\"status\":\"recovering\",\"reason\":\"the node waits for node2:7400\"}",
        told(health));
    health.ready();
    health.starting("too late");
    assertEquals("200 {\"status\":\"ready\"}", told(health));
    assertTrue(health.isReady());
    health.draining();
    assertEquals(
        "503 {\"status\":\"draining\",\"reason\":\"the node is shutting down\"}", told(health));
    assertFalse(health.isReady());
    health.ready();
    assertFalse(health.isReady(), "a stop is not undone by a start that ends late");
    health.failed("\"disk\"\n\\");
    assertEquals(
        "503 {\"status\":\"failed\",\"reason\":\"\\\"disk\\\"\\u000a\\\\\"}", told(health));
    assertEquals(200, health.live().status(), "a restart heals no disk");
  }

  /// A node of a cluster, before it is one and while it has lost the others.
  @Test
  void whatIsWaitedForIsSaid() {
    Health health = new Health();
    AtomicReference<String> obstacle = new AtomicReference<>("no leader");
    health.starting("waiting for node 2");
    health.obstacle(obstacle::get);
    assertEquals(503, health.readiness().status());
    assertTrue(body(health).contains("waiting for node 2"), body(health));
    health.ready();
    assertEquals(503, health.readiness().status());
    assertEquals("{\"status\":\"waiting\",\"reason\":\"no leader\"}\n", body(health));
    assertFalse(health.isReady());
    assertEquals(200, health.live().status());
    obstacle.set(null);
    assertEquals(200, health.readiness().status());
    assertTrue(health.isReady());
    obstacle.set("no leader");
    health.draining();
    assertTrue(body(health).contains("shutting down"), body(health));
  }

  private static String body(Health health) {
    return health.readiness().body();
  }
}
