package io.trencadis.sharding.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One task that breaks is nobody else's end.
class ActorTest {
  private final Actor actor = new Actor();
  private final List<String> ran = new ArrayList<>();

  @Test
  void whatComesBehindATaskThatThrowsRunsAllTheSame() {
    Error broken = new StackOverflowError();
    Error thrown =
        assertThrows(
            StackOverflowError.class,
            () ->
                actor.submit(
                    () -> {
                      actor.submit(() -> ran.add("second"));
                      actor.submit(
                          () -> {
                            throw new IllegalStateException();
                          });
                      actor.submit(() -> ran.add("last"));
                      throw broken;
                    }));
    assertSame(broken, thrown);
    assertEquals(List.of("second", "last"), ran);
    assertEquals(0, actor.waiting());
    actor.submit(() -> ran.add("later"));
    assertEquals(List.of("second", "last", "later"), ran);
  }
}
