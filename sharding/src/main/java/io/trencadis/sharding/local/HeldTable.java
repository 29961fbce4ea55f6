package io.trencadis.sharding.local;

import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.RollbackRecord;
import io.trencadis.txn.TxnRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which transactions the log has as prepared by name, and not yet as ended. A flush writes them
/// beside the rows (rule 10): the log that it covers is recycled, their records with it.
///
/// A record counts here once it is durable, and before whoever appended it leaves the list of
/// unresolved ones ([io.trencadis.sharding.Node#coveredBelow]). So what is here after a flush's
/// position was taken is right for that position: nothing that the log below it had is missing, and
/// what came or went above it is applied again at replay, which changes nothing.
///
/// Thread-safe, but [#metadata] and [#flushed] belong to the one thread that flushes.
final class HeldTable {
  private static final String PREFIX = "held.";

  /// Bodies of log records, by transaction.
  private final Map<Long, byte[]> open = new ConcurrentHashMap<>();

  /// The bodies that the base tree has, by transaction. Not always those that are open under the
  /// same number: a later life of the node may have given it to another transaction, when the one
  /// before had ended.
  private final Map<Long, byte[]> stored = new HashMap<>();

  /// What the base tree has of them.
  HeldTable(NodeStorage storage) {
    storage
        .metaWithPrefix(PREFIX)
        .forEach(
            (name, body) -> {
              long txn = Long.parseLong(name.substring(PREFIX.length()), 16);
              open.put(txn, body);
              stored.put(txn, body);
            });
  }

  /// A record is in the log for good.
  void apply(TxnRecord record, byte[] body) {
    switch (record) {
      case HeldRecord held -> open.put(held.txn(), body);
      case DecisionRecord _, RollbackRecord _ -> {
        if (!open.isEmpty()) {
          open.remove(record.txn());
        }
      }
    }
  }

  /// In the order of their preparation.
  List<HeldRecord> records() throws IOException {
    List<HeldRecord> records = new ArrayList<>();
    for (byte[] body : open.values()) {
      records.add((HeldRecord) TxnRecords.decode(ByteBuffer.wrap(body), null));
    }
    records.sort(
        java.util.Comparator.<HeldRecord>comparingLong(held -> held.name().preparedMicros())
            .thenComparingLong(HeldRecord::txn));
    return records;
  }

  /// Has a flush remove all that the tree has of them.
  Map<String, byte[]> removal() {
    Map<String, byte[]> metadata = new LinkedHashMap<>();
    stored.forEach((txn, _) -> metadata.put(name(txn), null));
    return metadata;
  }

  /// What a flush has to write: null for what the tree is to forget. What it has it keeps.
  Map<String, byte[]> metadata() {
    Map<String, byte[]> metadata = new LinkedHashMap<>();
    for (long txn : stored.keySet()) {
      if (!open.containsKey(txn)) {
        metadata.put(name(txn), null);
      }
    }
    open.forEach(
        (txn, body) -> {
          if (stored.get(txn) != body) {
            metadata.put(name(txn), body);
          }
        });
    return metadata;
  }

  /// A flush has written it.
  void flushed(Map<String, byte[]> metadata) {
    metadata.forEach(
        (name, body) -> {
          long txn = Long.parseLong(name.substring(PREFIX.length()), 16);
          if (body == null) {
            stored.remove(txn);
          } else {
            stored.put(txn, body);
          }
        });
  }

  /// Under which name the tree has a transaction's record.
  static String name(long txn) {
    return PREFIX + String.format("%016x", txn);
  }
}
