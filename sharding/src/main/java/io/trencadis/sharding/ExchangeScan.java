package io.trencadis.sharding;

import io.trencadis.sharding.fragment.FragmentRequest;
import io.trencadis.txn.RelationRef;
import java.util.Arrays;
import java.util.List;

/// Two fragments' rows, divided among nodes by what is equal in them, and joined by those nodes,
/// each its part. Confined to its transaction's thread; it may be left unclosed, and lives until
/// its transaction ends.
public interface ExchangeScan extends AutoCloseable {
  /// A fragment whose rows are sent to whoever joins them.
  ///
  /// @param others relations that the program looks into, each in the shards of the rows it reads
  /// @param to null for the end of the relation that `from` starts with
  record Side(
      byte[] program,
      byte[] arguments,
      RelationRef relation,
      List<RelationRef> others,
      int[] shards,
      byte[] from,
      byte[] to) {
    private boolean fits() {
      return program.length <= FragmentRequest.MOST_BYTES
          && arguments.length <= FragmentRequest.MOST_BYTES
          && others.size() <= FragmentRequest.MOST_OTHERS;
    }
  }

  /// What is to be done.
  ///
  /// @param left whose rows come as side 0
  /// @param right whose rows come as side 1; they come first
  /// @param program joins them
  /// @param memory for each node's hash table, in bytes
  /// @param mostKilobytes what a node may put on disk; negative for no limit
  /// @param slotShards by slot, the shard to whose leader its rows go; null where they go to any
  ///   node, as evenly as can be
  record Work(
      Side left,
      Side right,
      byte[] program,
      byte[] arguments,
      long memory,
      long mostKilobytes,
      int[] slotShards) {
    List<Side> sides() {
      return List.of(left, right);
    }

    boolean fits() {
      return left.fits()
          && right.fits()
          && program.length <= FragmentRequest.MOST_BYTES
          && arguments.length <= FragmentRequest.MOST_BYTES;
    }

    int[] shards() {
      return sides().stream().flatMapToInt(side -> Arrays.stream(side.shards)).distinct().toArray();
    }
  }

  /// What it has taken so far.
  ///
  /// @param bytes of requests and answers of the gateway
  /// @param exchanged bytes of rows that nodes have sent each other
  /// @param roundTrips how often a node has answered the gateway
  /// @param nodes which have
  record Traffic(long bytes, long exchanged, long roundTrips, java.util.SortedSet<Integer> nodes) {}

  /// How many stored rows of a side were read, and how many have passed the first conditions.
  record SideRows(long read, long passed) {}

  /// Has all rows sent. To be called once, before anything else.
  ///
  /// @return false where that cannot be: the rows have to be joined otherwise
  /// @throws io.trencadis.base.SqlException what an expression fails with
  boolean ship();

  /// Waits for the next piece of joined rows, of whichever node; null for no more.
  ///
  /// @throws io.trencadis.base.SqlException what an expression fails with; 40001 where a node has
  ///   gone that had some of the rows, and others have been given
  FragmentScan.Piece next();

  SideRows rows(int side);

  Traffic traffic();

  @Override
  void close();
}
