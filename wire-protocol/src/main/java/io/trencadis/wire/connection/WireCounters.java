package io.trencadis.wire.connection;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What connections have done since the server started. Thread-safe.
public final class WireCounters {
  /// Connections that asked for a session and got a process id.
  public final LongAdder admitted = new LongAdder();

  /// Connections that asked for a session and were turned away: too many, or the end is near.
  public final LongAdder refused = new LongAdder();

  private final ConcurrentHashMap<String, LongAdder> errors = new ConcurrentHashMap<>();

  WireCounters() {}

  /// Notes an error that a session's client is told.
  void error(String sqlState) {
    errors.computeIfAbsent(sqlState.substring(0, 2), _ -> new LongAdder()).increment();
  }

  /// Errors that clients were told, by the class of their SQLSTATE: its first two characters.
  public Map<String, Long> errorsByClass() {
    Map<String, Long> all = new TreeMap<>();
    errors.forEach((sqlClass, count) -> all.put(sqlClass, count.sum()));
    return all;
  }
}
