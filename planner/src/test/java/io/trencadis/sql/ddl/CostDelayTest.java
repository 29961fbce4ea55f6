package io.trencadis.sql.ddl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Work in the background rests as its costs say.
class CostDelayTest {
  private final List<Long> rests = new ArrayList<>();

  private CostDelay delay(double millis, int limit, int pageCost) {
    return new CostDelay(millis, limit, pageCost, rests::add);
  }

  @Test
  void itRestsWheneverTheLimitIsSpent() {
    CostDelay delay = delay(2.5, 200, 2);
    for (int page = 0; page < 250; page++) {
      delay.read(8000);
      delay.read(192);
    }
    assertEquals(List.of(2500L, 2500L), rests);
  }

  @Test
  void comparisonsCostAsReadsDo() {
    CostDelay delay = delay(2, 200, 2);
    for (int each = 0; each < 30_000; each++) {
      delay.compared();
    }
    assertEquals(List.of(2000L, 2000L), rests);
  }

  @Test
  void withoutADelayItNeverRests() {
    delay(0, 1, 2).read(1 << 30);
    assertEquals(List.of(), rests);
  }

  @Test
  void whatCostsNothingNeedsNoRest() {
    delay(2, 200, 0).read(Long.MAX_VALUE / 2);
    assertEquals(List.of(), rests);
  }
}
