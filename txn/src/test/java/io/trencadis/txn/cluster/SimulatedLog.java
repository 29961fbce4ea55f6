package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.message.TimestampAnswer;
import java.util.List;

/// A log with the shards whose log it is, on one node or on several.
interface SimulatedLog {
  /// A message has arrived.
  ///
  /// @param from its sender's node
  void on(Message message, int from);

  void on(int shard, TimestampAnswer answer);

  void heard(int gateway, long oldestLive);

  /// @param down for how long
  void crash(long down);

  void flush();

  /// Nothing goes wrong any more: what is down comes up, and who leads is known to all.
  void settle();

  /// A row's versions, from oldest to newest.
  List<Version> versions(int shard, byte[] key);

  /// What should not be there when all is over; null for nothing.
  String leftOver();
}
