package io.trencadis.sql.planning;

import static io.trencadis.sql.planning.Fragments.rowCount;

import io.trencadis.sharding.HashPlacement;
import io.trencadis.sql.execute.ExchangeNode;
import io.trencadis.sql.execute.StoredTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Decides on joins of large tables for which nodes send each other rows: of both sides, divided by
/// a hash of the equal columns; or, where one side's rows have their shards by those columns, of
/// the other one, to where their partners are. Stateless.
final class FragmentExchanges {
  /// Which share of rows that are divided among nodes is sent to another one, about.
  private static final double SHARE = 2.0 / 3;

  /// What is less is soon brought to the gateway, in bytes.
  private static final double LEAST = 256 << 10;

  /// Of so many rows of the right side, the left one's scans are told whom they find.
  private static final double MOST_TOLD = 1 << 14;

  private FragmentExchanges() {}

  /// The joined rows; null where that cannot be, or does not pay.
  static FragmentDraft draft(
      PhysicalRels.PhysicalJoin join,
      FragmentDraft.Join own,
      FragmentDraft left,
      FragmentDraft right,
      String purpose) {
    if (!maySend(left) || !maySend(right)) {
      return null;
    }
    double brought = left.bytes() + right.bytes();
    if (Arrays.stream(own.filters()).anyMatch(Objects::nonNull)
        && rowCount(join.getRight()) <= MOST_TOLD) {
      // Brought to the gateway, the left side's rows without partners would stay where they are.
      double kept = rowCount(join) / Math.max(1, rowCount(join.getLeft()));
      brought = left.bytes() * Math.min(1, kept) + right.bytes();
    }
    if (brought < LEAST) {
      return null;
    }
    int[] ofLeft = divided(left, own.leftKeys());
    int[] ofRight = divided(right, own.rightKeys());
    double byHash = (left.bytes() + right.bytes()) * SHARE;
    double toLeft = ofLeft == null ? Double.MAX_VALUE : right.bytes() * SHARE;
    double toRight = ofRight == null ? Double.MAX_VALUE : left.bytes() * SHARE;
    double moved = Math.min(byHash, Math.min(toLeft, toRight));
    int[] keys;
    FragmentDraft stays;
    if (moved == toLeft) {
      keys = ofLeft;
      stays = left;
    } else if (moved == toRight) {
      keys = ofRight;
      stays = right;
    } else {
      keys = IntStream.range(0, own.leftKeys().length).toArray();
      stays = null;
    }
    StoredTable table = stays == null ? null : stays.source().table();
    ExchangeNode.Division division =
        new ExchangeNode.Division(
            table == null ? null : slotShards((HashPlacement) table.placement()),
            purpose,
            table == null ? null : table.descriptor().name());
    FragmentDraft.Exchanged exchanged =
        new FragmentDraft.Exchanged(left, right, own, keys, division);
    return new FragmentDraft(
        FragmentDraft.Source.of(exchanged, rowCount(join)),
        List.of(),
        null,
        join.getRowType(),
        Map.of(),
        brought,
        left.broadcast() + right.broadcast() + moved);
  }

  private static boolean maySend(FragmentDraft side) {
    FragmentDraft.Source source = side.source();
    return !source.small() && !source.located() && source.exchanged() == null;
  }

  /// The pairs of equal columns by which rows of a side have their shards, in the order in which
  /// those decide; null where they have not.
  private static int[] divided(FragmentDraft side, int[] keys) {
    StoredTable table = side.source().table();
    if (!(table.placement() instanceof HashPlacement) || table.partitionColumns().width() == 0) {
      return null;
    }
    int[] pairs = new int[table.partitionColumns().width()];
    for (int part = 0; part < pairs.length; part++) {
      int wanted = part;
      pairs[part] =
          IntStream.range(0, keys.length)
              .filter(pair -> Objects.equals(side.places().get(keys[pair]), wanted))
              .findFirst()
              .orElse(-1);
      if (pairs[part] < 0) {
        return null;
      }
    }
    return pairs;
  }

  private static int[] slotShards(HashPlacement placement) {
    return IntStream.range(0, HashPlacement.SLOTS).map(placement::shardOfSlot).toArray();
  }
}
