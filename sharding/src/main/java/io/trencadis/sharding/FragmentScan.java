package io.trencadis.sharding;

/// The pieces of a fragment, in the order in which they come. Confined to its transaction's thread;
/// it may be left unclosed, and lives until its transaction ends.
public interface FragmentScan extends AutoCloseable {
  /// What a node has computed.
  ///
  /// @param output as the engine has written it
  /// @param rowsRead of how many stored rows
  /// @param rowsPassed how many of those have passed the first conditions
  record Piece(byte[] output, long rowsRead, long rowsPassed) {}

  /// Rows that have to be read by a scan of the transaction's own: it has written in their shard,
  /// or their node does not understand the program.
  record Rest(int shard, byte[] from, byte[] to) {}

  /// What it has taken so far.
  ///
  /// @param bytes of requests and answers
  /// @param roundTrips how often a node has answered
  /// @param nodes which have
  record Traffic(long bytes, long roundTrips, java.util.SortedSet<Integer> nodes) {}

  /// Waits for the next piece, of whichever shards.
  ///
  /// @return null where there is nothing more but the [#rest]
  /// @throws io.trencadis.base.SqlException what an expression fails with
  Piece next();

  /// To be asked when the pieces have ended.
  java.util.List<Rest> rest();

  Traffic traffic();

  @Override
  void close();
}
