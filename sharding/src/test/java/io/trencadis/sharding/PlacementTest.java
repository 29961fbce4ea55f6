package io.trencadis.sharding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.encoding.KeyWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static byte[] column(int value) {
    return new KeyWriter().beginColumn().putInt(value).endColumn(false).toByteArray();
  }

  private final RangePlacement ranges =
      new RangePlacement(new byte[][] {column(100), column(200)}, new int[] {2, 0, 2});

  @Test
  void aRowAtASplitPointBelongsAboveIt() {
    assertEquals(2, ranges.shardOf(column(99)));
    assertEquals(0, ranges.shardOf(column(100)));
    assertEquals(0, ranges.shardOf(column(199)));
    assertEquals(2, ranges.shardOf(column(200)));
  }

  @Test
  void anOrderedScanGetsThePiecesInOrderAndCut() {
    List<RangePlacement.Piece> pieces = ranges.pieces(column(150), column(250));
    assertEquals(2, pieces.size());
    assertEquals(0, pieces.get(0).shard());
    assertArrayEquals(column(150), pieces.get(0).from());
    assertArrayEquals(column(200), pieces.get(0).to());
    assertArrayEquals(column(250), pieces.get(1).to());
    assertArrayEquals(new int[] {0}, ranges.shardsOf(column(100), column(200)));
    assertArrayEquals(new int[] {0, 2}, ranges.shardsOf(null, null));
  }

  @Test
  void splitPointsOutOfOrderAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new RangePlacement(new byte[][] {column(2), column(1)}, new int[] {0, 0, 0}));
  }

  @Test
  void hashSlotsSpreadConsecutiveKeysOverAllShards() {
    HashPlacement placement = HashPlacement.evenly(4, 4, 1);
    int[] rows = new int[4];
    for (int i = 0; i < 10_000; i++) {
      rows[placement.shardOf(column(i))]++;
    }
    for (int count : rows) {
      assertTrue(count > 2300 && count < 2700, () -> "a shard has " + count + " of 10000 rows");
    }
    assertEquals(1, placement.shardOfSlot(0));
    assertEquals(0, placement.shardOfSlot(255));
  }

  @Test
  void aRelationKeepsItsPlaceWhenAnotherIsAdded() {
    ShardMap map = ShardMap.EMPTY.with(7, ranges).with(8, new SingleShard(3));
    assertEquals(ranges, map.placement(7));
    assertEquals(2, map.version());
    assertEquals(null, map.without(7).placement(7));
  }
}
