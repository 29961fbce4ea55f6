package io.trencadis.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
