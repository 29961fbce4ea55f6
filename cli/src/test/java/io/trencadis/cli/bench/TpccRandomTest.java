package io.trencadis.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TpccRandomTest {
  private final TpccRandom random =
      new TpccRandom(TpccConstants.draw(new Random(7)), new Random(8));

  @Test
  void lastNamesAreMadeOfTheSyllablesOfTheirDigits() {
    assertEquals("BARBARBAR", TpccRandom.lastName(0));
    assertEquals("PRICALLYOUGHT", TpccRandom.lastName(371));
    assertEquals("EINGEINGEING", TpccRandom.lastName(999));
    assertThrows(IllegalArgumentException.class, () -> TpccRandom.lastName(1000));
  }

  @Test
  void theLastNameConstantsDifferAsTheSpecificationAsks() {
    assertTrue(TpccConstants.allowedDelta(65) && TpccConstants.allowedDelta(119));
    for (int delta : new int[] {0, 64, 96, 112, 120}) {
      assertFalse(TpccConstants.allowedDelta(delta), "delta " + delta);
      assertThrows(IllegalArgumentException.class, () -> new TpccConstants(120 - delta, 120, 1, 1));
    }
    assertEquals(TpccConstants.draw(new Random(3)), TpccConstants.draw(new Random(3)));
  }

  @Test
  void customersAndItemsStayInRangeAndAreNotUniform() {
    int[] seen = new int[3001];
    for (int i = 0; i < 300_000; i++) {
      seen[random.customer(3000)]++;
      int item = random.item(100_000);
      assertTrue(item >= 1 && item <= 100_000);
    }
    int most = 0;
    for (int count : seen) {
      most = Math.max(most, count);
    }
    assertEquals(0, seen[0]);
    assertTrue(most > 500, "a uniform draw would give each customer about 100, most " + most);
  }

  @Test
  void aTenthOfTheDataIsOriginal() {
    int original = 0;
    for (int i = 0; i < 10_000; i++) {
      String data = random.data();
      assertTrue(data.length() >= 26 && data.length() <= 50);
      original += data.contains("ORIGINAL") ? 1 : 0;
    }
    assertTrue(original > 800 && original < 1200, "original " + original);
    assertTrue(random.zip().matches("[0-9]{4}11111"));
  }
}
