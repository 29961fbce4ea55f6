package io.trencadis.sql.ddl;

import java.util.function.LongConsumer;

/// Rests while much is read, so that work in the background leaves the machine to clients:
/// PostgreSQL's cost-based vacuum delay (PostgreSQL 15 manual, 20.4.4). Every page's worth of bytes
/// costs what a page costs that is not in the buffers, since all of them come from the base tree.
/// Confined to a thread.
public final class CostDelay {
  private static final int PAGE_BYTES = 8192;

  /// What comparing two values takes, in bytes that could be read in that time.
  private static final int COMPARISON_BYTES = 64;

  private final long delayMicros;
  private final long limitBytes;
  private final LongConsumer sleep;
  private long bytes;

  /// @param delayMillis how long to rest; 0 for never
  /// @param limit what may be spent between two rests
  /// @param pageCost what a page of 8 kB costs
  /// @param sleep waits so many microseconds, unless it is interrupted
  public CostDelay(double delayMillis, int limit, int pageCost, LongConsumer sleep) {
    this.delayMicros = (long) (delayMillis * 1000);
    this.limitBytes = pageCost == 0 ? Long.MAX_VALUE : (long) limit * PAGE_BYTES / pageCost;
    this.sleep = sleep;
  }

  /// Counts a comparison of two values as if something had been read.
  void compared() {
    read(COMPARISON_BYTES);
  }

  /// Counts what was read, and rests when it is enough.
  void read(long more) {
    bytes += more;
    if (bytes >= limitBytes && delayMicros > 0) {
      bytes = 0;
      sleep.accept(delayMicros);
    }
  }
}
