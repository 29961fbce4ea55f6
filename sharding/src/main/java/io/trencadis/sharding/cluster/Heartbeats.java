package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.Clock;
import io.trencadis.txn.distributed.TransactionId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What each node has said of itself last, some times a second: that it is there, how old the
/// snapshots are that its clients hold, and which groups it leads. From that a node knows who leads
/// a group in which it has no vote. Thread-safe.
final class Heartbeats {
  /// A node that is silent for longer is not counted upon.
  private static final long FRESH_NANOS = 3_000_000_000L;

  /// After so long a gateway that is silent holds no history back any more.
  private static final long GONE_NANOS = 60_000_000_000L;

  /// @param oldestLive its oldest transaction's id
  /// @param oldestSnapshot no snapshot of it lies below, nor ever will
  /// @param leaving whether it is about to stop
  /// @param terms in which it leads each group; 0 where it does not
  /// @param bytes how large the groups are that it leads; 0 for the others
  record Heartbeat(
      long oldestLive, long oldestSnapshot, boolean leaving, long[] terms, long[] bytes) {
    void write(ByteWriter out) {
      out.putLong(oldestLive).putLong(oldestSnapshot).putByte(leaving ? 1 : 0);
      for (int group = 0; group < terms.length; group++) {
        if (terms[group] != 0) {
          out.putInt(group).putLong(terms[group]).putLong(bytes[group]);
        }
      }
    }

    static Heartbeat read(ByteReader in, int groups) {
      long oldestLive = in.getLong();
      long oldestSnapshot = in.getLong();
      boolean leaving = in.getByte() != 0;
      long[] terms = new long[groups];
      long[] bytes = new long[groups];
      while (in.remaining() > 0) {
        int group = in.getInt();
        terms[group] = in.getLong();
        bytes[group] = in.getLong();
      }
      return new Heartbeat(oldestLive, oldestSnapshot, leaving, terms, bytes);
    }
  }

  private record Heard(Heartbeat said, long at) {}

  private final Clock clock;
  private final long begun;
  private final Map<Integer, Heard> last = new ConcurrentHashMap<>();

  Heartbeats(Clock clock) {
    this.clock = clock;
    this.begun = clock.nanoTime();
  }

  /// @return how long after the last time in the same life, in nanoseconds; 0 the first time
  long heard(int node, Heartbeat said) {
    long now = clock.nanoTime();
    Heard before = last.put(node, new Heard(said, now));
    boolean first =
        before == null || TransactionId.isOfLaterLife(said.oldestLive, before.said.oldestLive);
    return first ? 0 : now - before.at;
  }

  /// For how long a node was not heard of, in milliseconds; null if it never was.
  Long silentMillis(int node) {
    Heard heard = last.get(node);
    return heard == null ? null : (clock.nanoTime() - heard.at) / 1_000_000;
  }

  /// Whether a node was heard of not long ago.
  boolean isFresh(int node) {
    Heard heard = last.get(node);
    return heard != null && clock.nanoTime() - heard.at < FRESH_NANOS;
  }

  /// Whether a life of a node is over, or the node silent for so long that its clients are not
  /// counted upon.
  ///
  /// @param incarnation an id of one of its transactions, or of none yet
  boolean isGone(int node, long incarnation) {
    Heard heard = last.get(node);
    if (heard == null) {
      return clock.nanoTime() - begun > GONE_NANOS;
    }
    return TransactionId.isOfLaterLife(heard.said.oldestLive, incarnation)
        || clock.nanoTime() - heard.at > GONE_NANOS;
  }

  /// Whether a node can be given something to lead.
  boolean mayLead(int node) {
    Heard heard = last.get(node);
    return heard != null && clock.nanoTime() - heard.at < FRESH_NANOS && !heard.said.leaving;
  }

  /// Who said last that he leads a group, in the latest term; -1 if nobody did.
  int leader(int group) {
    int leader = -1;
    long term = 0;
    for (Map.Entry<Integer, Heard> each : last.entrySet()) {
      long theirs = each.getValue().said.terms[group];
      if (theirs > term && isFresh(each.getKey())) {
        term = theirs;
        leader = each.getKey();
      }
    }
    return leader;
  }

  /// How large a group is, as far as those know that have led it; 0 if nobody has said.
  long bytes(int group) {
    long bytes = 0;
    long term = 0;
    for (Heard each : last.values()) {
      if (each.said.terms[group] > term) {
        term = each.said.terms[group];
        bytes = each.said.bytes[group];
      }
    }
    return bytes;
  }

  /// No snapshot of these nodes lies below it, as far as is known.
  long horizon(Set<Integer> nodes) {
    long now = clock.nanoTime();
    long oldest = Long.MAX_VALUE;
    for (int node : nodes) {
      Heard heard = last.get(node);
      if (heard == null) {
        return 0;
      }
      if (now - heard.at < GONE_NANOS) {
        oldest = Math.min(oldest, heard.said.oldestSnapshot);
      }
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }
}
