package io.trencadis.txn.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Clock;
import io.trencadis.base.Timestamp;
import org.junit.jupiter.api.Test;

class TimestampOracleTest {
  private long millis = 1000;
  private final Clock clock =
      new Clock() {
        @Override
        public long currentMillis() {
          return millis;
        }

        @Override
        public long nanoTime() {
          return millis * 1_000_000;
        }
      };

  @Test
  void timestampsGrowEvenWhenTheClockRunsBackwards() {
    TimestampOracle oracle = new TimestampOracle(clock, 0);
    long first = oracle.next();
    assertEquals(1000, Timestamp.millis(first));
    millis = 10;
    assertTrue(oracle.next() > first);
    millis = 2000;
    assertEquals(2000, Timestamp.millis(oracle.next()));
  }

  @Test
  void aRestartedOracleStaysAboveItsEarlierLife() {
    long bound = Timestamp.ofMillis(5000);
    assertEquals(bound + 1, new TimestampOracle(clock, bound).next());
  }
}
