package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.Clock;
import org.junit.jupiter.api.Test;

class ElectionPaceTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;

  private final ElectionPace pace =
      new ElectionPace(
          new Clock() {
            @Override
            public long nanoTime() {
              return now;
            }

            @Override
            public long currentMillis() {
              return now / 1_000_000;
            }
          },
          1_000);

  private void quiet() {
    pace.isReady();
    now += 31 * SECOND;
    assertEquals(1_000, pace.millis());
  }

  @Test
  void theFirstLeadersComeSoonAndTheNextAreLeftInPeaceForAWhile() {
    assertEquals(1_000, pace.millis());
    pace.isReady();
    assertEquals(2_000, pace.millis());
    now += 31 * SECOND;
    assertEquals(1_000, pace.millis());
  }

  @Test
  void oneDelayHoweverLongCountsForNothing() {
    quiet();
    pace.came(8 * SECOND);
    pace.came(SECOND / 10);
    pace.came(SECOND / 10);
    pace.came(SECOND / 10);
    assertEquals(1_000, pace.millis());
  }

  @Test
  void severalDelaysAreHeededAsLongAsTheyAreRememberedAndNotBeyondABound() {
    quiet();
    pace.came(SECOND / 2);
    pace.came(SECOND);
    pace.came(6 * SECOND / 10);
    assertEquals(2_000, pace.millis());
    now += 20 * SECOND;
    for (int i = 0; i < 3; i++) {
      pace.came(9 * SECOND);
    }
    assertEquals(5_000, pace.millis());
    now += 29 * SECOND;
    assertEquals(5_000, pace.millis());
    now += 2 * SECOND;
    assertEquals(1_000, pace.millis());
  }
}
