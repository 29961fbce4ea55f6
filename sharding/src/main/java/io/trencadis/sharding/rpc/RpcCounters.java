package io.trencadis.sharding.rpc;

import java.util.concurrent.atomic.LongAdder;

/// What a node has sent to others, by service. Thread-safe.
public final class RpcCounters {
  private static final int LENGTH_BYTES = 4;

  private final LongAdder[] messages = adders();
  private final LongAdder[] bytes = adders();

  RpcCounters() {}

  private static LongAdder[] adders() {
    LongAdder[] adders = new LongAdder[Service.values().length];
    for (int i = 0; i < adders.length; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }

  void sent(Frame frame) {
    messages[frame.service().ordinal()].increment();
    bytes[frame.service().ordinal()].add(LENGTH_BYTES + frame.bytes());
  }

  /// How many frames were handed to a connection: messages, calls and answers.
  public long messages(Service service) {
    return messages[service.ordinal()].sum();
  }

  /// Their bytes, without what TLS and TCP add.
  public long bytes(Service service) {
    return bytes[service.ordinal()].sum();
  }

  /// Those of all services.
  public long messages() {
    long sum = 0;
    for (LongAdder each : messages) {
      sum += each.sum();
    }
    return sum;
  }

  /// Those of all services.
  public long bytes() {
    long sum = 0;
    for (LongAdder each : bytes) {
      sum += each.sum();
    }
    return sum;
  }
}
