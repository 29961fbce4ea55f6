package io.trencadis.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.cli.bench.TpchAnswer.Likeness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What counts as the same answer, and the rules of keys.
class TpchAnswerTest {
  private static Likeness compare(String mine, String theirs) {
    return answer(mine).compare(answer(theirs));
  }

  private static TpchAnswer answer(String rows) {
    List<List<String>> all = new ArrayList<>();
    for (String row : rows.split(";")) {
      all.add(List.of(row.split(" ")));
    }
    return new TpchAnswer(all);
  }

  @Test
  void onlyNumbersThatAreNotWholeMayDifferAndOnlyByAHundredth() {
    assertEquals(Likeness.EQUAL, compare("a 1.50;b 2", "a 1.50;b 2"));
    assertEquals(Likeness.OTHER_ORDER, compare("a 1.50;b 2", "b 2;a 1.50"));
    assertEquals(Likeness.WITHIN_TOLERANCE, compare("a 100.00", "a 100.99"));
    assertEquals(Likeness.DIFFERENT, compare("a 100.00", "a 101.02"));
    assertEquals(Likeness.DIFFERENT, compare("a 100", "a 101"));
    assertEquals(Likeness.DIFFERENT, compare("a.b 1", "a.c 1"));
    assertEquals(Likeness.DIFFERENT, compare("a 1", "a 1;a 1"));
  }

  @Test
  void everyPartHasFourSuppliersAtAnyScale() {
    for (double factor : new double[] {0.01, 0.012, 0.016, 0.03, 0.1, 1}) {
      TpchScale scale = new TpchScale(factor);
      for (int part = 1; part <= scale.parts(); part++) {
        Set<Integer> suppliers = new HashSet<>();
        for (int i = 0; i < TpchScale.SUPPLIERS_OF_A_PART; i++) {
          int supplier = scale.supplierOf(part, i);
          assertEquals(true, supplier >= 1 && supplier <= scale.suppliers());
          suppliers.add(supplier);
        }
        assertEquals(TpchScale.SUPPLIERS_OF_A_PART, suppliers.size(), factor + " part " + part);
      }
    }
  }

  @Test
  void eightOfThirtyTwoOrderKeysAreUsed() {
    assertEquals(1, TpchScale.orderKey(1));
    assertEquals(7, TpchScale.orderKey(7));
    assertEquals(32, TpchScale.orderKey(8));
    assertEquals(39, TpchScale.orderKey(15));
    assertEquals(6_000_000, TpchScale.orderKey(1_500_000));
  }
}
