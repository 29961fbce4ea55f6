package io.trencadis.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void eachFallsUnderTheLeastBoundThatIsNotBelowIt() {
    double[] bounds = Durations.boundsSeconds();
    Durations durations = new Durations();
    long[] expected = new long[bounds.length];
    for (int i = 0; i < bounds.length - 1; i++) {
      long bound = Math.round(bounds[i] * 1e9);
      durations.add(bound);
      durations.add(bound + 1);
      expected[i]++;
      expected[i + 1]++;
      assertTrue(bounds[i] < bounds[i + 1]);
    }
    for (int i = 0; i < bounds.length; i++) {
      assertEquals(expected[i], durations.counts()[i], "bound " + bounds[i]);
    }
    assertEquals(2 * (bounds.length - 1), durations.count());
  }

  @Test
  void theSumIsInSecondsAndNeverShrinks() {
    Durations durations = new Durations();
    durations.add(1_500_000_000L);
    durations.add(-5);
    assertEquals(1.5, durations.totalSeconds(), 1e-9);
    assertEquals(2, durations.count());
    assertEquals(1, durations.counts()[0]);
  }
}
