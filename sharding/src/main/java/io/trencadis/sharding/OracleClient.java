package io.trencadis.sharding;

import io.trencadis.base.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Asks the cluster's oracle for this gateway's transactions. Who waits at the moment a request is
/// sent shares it with the others; who comes later waits for the next one (rule 1). Thread-safe.
final class OracleClient {
  private static final long RETRY_MILLIS = 20;
  private static final int MOST = 1_024;

  private record Asker(boolean forCatalog, LongConsumer answer) {}

  private final ClusterNetwork network;
  private final Timers timers;
  private final AtomicLong newest = new AtomicLong();
  private final AtomicLong catalogTs = new AtomicLong();

  // Guarded by this object's monitor.
  private List<Asker> waiting = new ArrayList<>();
  private boolean asking;

  OracleClient(ClusterNetwork network, Timers timers) {
    this.network = network;
    this.timers = timers;
  }

  /// The highest timestamp that was issued to this gateway.
  long newest() {
    return newest.get();
  }

  /// At or above the commit timestamp of every change of the catalog below [#newest].
  long catalogTs() {
    return catalogTs.get();
  }

  /// @param answer given a timestamp issued after this call, however long that takes; on a thread
  ///   that it must not keep
  void ask(boolean forCatalog, LongConsumer answer) {
    synchronized (this) {
      waiting.add(new Asker(forCatalog, answer));
      if (asking) {
        return;
      }
      asking = true;
    }
    askForAll();
  }

  private void askForAll() {
    List<Asker> askers;
    synchronized (this) {
      if (waiting.isEmpty()) {
        asking = false;
        return;
      }
      if (waiting.size() <= MOST) {
        askers = waiting;
        waiting = new ArrayList<>();
      } else {
        askers = new ArrayList<>(waiting.subList(0, MOST));
        waiting.subList(0, MOST).clear();
      }
    }
    send(askers);
  }

  private void send(List<Asker> askers) {
    boolean forCatalog = askers.stream().anyMatch(Asker::forCatalog);
    network
        .timestamps(askers.size(), forCatalog)
        .whenComplete(
            (issued, failure) -> {
              if (failure != null) {
                timers.after(RETRY_MILLIS, () -> send(askers));
                return;
              }
              // In this order: who knows the timestamp must know of the catalog.
              catalogTs.accumulateAndGet(issued.catalogTs(), Math::max);
              long[] timestamps = issued.timestamps();
              newest.accumulateAndGet(timestamps[timestamps.length - 1], Math::max);
              for (int i = 0; i < timestamps.length; i++) {
                askers.get(i).answer.accept(timestamps[i]);
              }
              askForAll();
            });
  }
}
