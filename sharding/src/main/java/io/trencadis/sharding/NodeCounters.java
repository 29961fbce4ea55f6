package io.trencadis.sharding;

import io.trencadis.storage.log.LogMetrics;

/// What a node has sent to others and written to its log since its start.
///
/// @param messages frames sent to other nodes: messages, calls and answers of all kinds
/// @param messageBytes their bytes, without what TLS and TCP add
/// @param walRecords records of the write-ahead log made durable
/// @param walBytes their bytes, headers and padding included
/// @param walWrites how many times records that had come together were written at once
/// @param walFsyncs how many times the log was forced to the device
public record NodeCounters(
    long messages,
    long messageBytes,
    long walRecords,
    long walBytes,
    long walWrites,
    long walFsyncs) {
  /// Of a node that has neither others to talk to nor a log.
  public static final NodeCounters NONE = new NodeCounters(0, 0, 0, 0, 0, 0);

  /// @param messages sent to other nodes
  public static NodeCounters of(long messages, long messageBytes, LogMetrics log) {
    return new NodeCounters(
        messages, messageBytes, log.records(), log.bytes(), log.groups(), log.fsyncs());
  }
}
