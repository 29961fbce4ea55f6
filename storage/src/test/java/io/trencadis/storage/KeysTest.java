package io.trencadis.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void aRelationEndsWhereTheNextBegins() {
    assertArrayEquals(new byte[] {0, 0, 1, 0}, Keys.relationEnd(255));
    assertNull(Keys.relationEnd(-1));
    assertEquals(0x01020304, Keys.relationId(new byte[] {1, 2, 3, 4, 5}));
  }

  @Test
  void aPrefixEndsAboveAllThatBeginWithIt() {
    assertArrayEquals(new byte[] {1, 3}, Keys.prefixEnd(new byte[] {1, 2, -1}));
    assertNull(Keys.prefixEnd(new byte[] {-1, -1}));
  }

  @Test
  void theSuccessorIsTheVeryNextKey() {
    byte[] key = {1, 2};
    assertTrue(Keys.compare(key, Keys.successor(key)) < 0);
    assertArrayEquals(new byte[] {1, 2, 0}, Keys.successor(key));
  }

  @Test
  void theHashThatPlacesRowsNeverChanges() {
    // Stored data depends on it: a change here would lose rows.
    assertEquals(
        Long.toHexString(Keys.hash64(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 0, 9)),
        Long.toHexString(Keys.hash64(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 9)));
    assertEquals(7476395139427958816L, Keys.hash64(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 0, 9));
  }

  @Test
  void theHashSpreadsConsecutiveKeysEvenly() {
    int[] slots = new int[256];
    for (int i = 0; i < 256 * 100; i++) {
      byte[] key = {0, 0, 1, 0, 2, (byte) 0x80, 0, (byte) (i >>> 8), (byte) i};
      slots[(int) (Keys.hash64(key, 0, key.length) >>> 56)]++;
    }
    for (int count : slots) {
      assertTrue(count > 50 && count < 160, () -> "a slot has " + count + " of 100 expected");
    }
  }
}
