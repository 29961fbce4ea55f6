package io.trencadis.sql.execute;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.types.Numeric;
import org.junit.jupiter.api.Test;

/// When look-ups are remembered.
class LookupMemoryTest {
  private static LookupMemory begun(long mostBytes) {
    LookupMemory memory = new LookupMemory(mostBytes);
    while (!memory.takes(0)) {
      // A few look-ups are not worth it.
    }
    return memory;
  }

  @Test
  void fewAreNotRemembered() {
    LookupMemory memory = new LookupMemory(1 << 20);
    for (int i = 0; i < 50; i++) {
      assertFalse(memory.takes(1));
    }
  }

  @Test
  void whatWasFoundOrNotFoundIsKnownAgain() {
    LookupMemory memory = begun(1 << 20);
    Object[] row = {1, "a"};
    assertNull(memory.get(1));
    memory.put(1, row);
    assertNull(memory.get("x"));
    memory.put("x", null);
    assertSame(row, memory.get(1));
    assertTrue(LookupMemory.isNothing(memory.get("x")));
    assertFalse(LookupMemory.isNothing(row));
  }

  @Test
  void numbersThatLookDifferentlyAndNullsAreLookedUp() {
    LookupMemory memory = begun(1 << 20);
    assertFalse(memory.takes(Numeric.of(10, 1)));
    assertFalse(memory.takes(null));
  }

  @Test
  void itGivesUpWhereNothingComesAgain() {
    LookupMemory memory = begun(1 << 20);
    int number = 0;
    while (memory.takes(number) && number < 10_000) {
      assertNull(memory.get(number));
      memory.put(number++, new Object[] {number});
    }
    assertTrue(number < 10_000);
  }

  @Test
  void itStaysWithinItsMemory() {
    LookupMemory memory = begun(10_000);
    int kept = 0;
    for (int i = 0; i < 1_000; i++) {
      memory.get(i);
      memory.put(i, new Object[] {i});
      kept += memory.get(i) == null ? 0 : 1;
    }
    assertTrue(kept > 10 && kept < 100, "kept " + kept);
  }
}
