package io.trencadis.sql.ddl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardChoiceTest {
  private static final long GIGABYTE = 1L << 30;

  @Test
  void shardsOfOneSizeAreTakenInTurn() {
    assertArrayEquals(new int[] {0, 1, 2, 3}, ShardChoice.inOrder(new long[4]));
    long[] about = {1_000_000, 0, 3_000_000, 2_000};
    assertArrayEquals(new int[] {0, 1, 2, 3}, ShardChoice.inOrder(about));
    assertEquals(2, ShardChoice.forPartition(about, 6, List.of()));
  }

  @Test
  void theLargestComeLast() {
    long[] bytes = {3 * GIGABYTE, GIGABYTE, 0, 2 * GIGABYTE};
    assertArrayEquals(new int[] {2, 1, 3, 0}, ShardChoice.inOrder(bytes));
    for (int parent = 0; parent < 4; parent++) {
      assertEquals(2, ShardChoice.forPartition(bytes, parent, List.of()));
    }
  }
}
