package io.trencadis.sql.session;

import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.storage.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// How often statements ran and how long it took, for `pg_stat_statements` (PostgreSQL 15 manual,
/// F.32): one entry for all statements that differ in constants only. Thread-safe.
public final class StatementTimes {
  /// PostgreSQL's default of `pg_stat_statements.max`.
  private static final int MOST_ENTRIES = 5_000;

  private static final int PART_DROPPED = 20;

  /// Longer texts are told apart by their beginning and a hash of all: rows in thousands stand in
  /// one INSERT, and there may be thousands of those.
  private static final int LONGEST_KEY = 1_000;

  private static final int LONGEST_SHOWN = 4_096;
  private static final double NANOS_PER_MILLI = 1e6;

  private record Key(int user, int database, String shape) {}

  /// One kind of statement. Times are in milliseconds.
  public static final class Entry {
    private final Key key;
    private final long queryId;
    private final String query;
    private final LongAdder calls = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder shards = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final DoubleAdder squares = new DoubleAdder();
    private final LongAccumulator least = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator most = new LongAccumulator(Math::max, 0);

    private volatile boolean forgotten;

    private Entry(Key key, String query) {
      this.key = key;
      this.query = query;
      this.queryId = hash(key.shape);
    }

    /// @param touched how many shards
    /// @param moved bytes of stored rows that came from them
    void ran(long elapsedNanos, long rowCount, int touched, long moved) {
      shards.add(touched);
      bytes.add(moved);
      calls.increment();
      rows.add(rowCount);
      nanos.add(elapsedNanos);
      double millis = elapsedNanos / NANOS_PER_MILLI;
      squares.add(millis * millis);
      least.accumulate(elapsedNanos);
      most.accumulate(elapsedNanos);
    }

    /// Whether it is no longer among those that are shown.
    boolean forgotten() {
      return forgotten;
    }

    private boolean forget() {
      forgotten = true;
      return true;
    }

    public int userOid() {
      return key.user;
    }

    public int databaseOid() {
      return key.database;
    }

    public long queryId() {
      return queryId;
    }

    public String query() {
      return query;
    }

    public long calls() {
      return calls.sum();
    }

    public long rows() {
      return rows.sum();
    }

    /// Shards touched, over all calls.
    public long shards() {
      return shards.sum();
    }

    /// Bytes of stored rows that shards handed over, over all calls.
    public long bytes() {
      return bytes.sum();
    }

    public double total() {
      return nanos.sum() / NANOS_PER_MILLI;
    }

    public double mean() {
      long count = calls.sum();
      return count == 0 ? 0 : total() / count;
    }

    public double least() {
      return calls.sum() == 0 ? 0 : least.get() / NANOS_PER_MILLI;
    }

    public double most() {
      return most.get() / NANOS_PER_MILLI;
    }

    /// Of all runs, not of a sample.
    public double deviation() {
      long count = calls.sum();
      double mean = mean();
      return count == 0 ? 0 : Math.sqrt(Math.max(0, squares.sum() / count - mean * mean));
    }
  }

  private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();

  /// @param fingerprint null, or not cacheable, for statements that are kept as they are written
  Entry entry(int user, int database, String text, SqlFingerprint fingerprint) {
    boolean folded = fingerprint != null && fingerprint.cacheable();
    Key key = new Key(user, database, bounded(folded ? fingerprint.shape() : text));
    Entry known = entries.get(key);
    if (known != null) {
      return known;
    }
    if (entries.size() >= MOST_ENTRIES) {
      makeRoom();
    }
    // The fingerprint may be of a longer text that this one was cut out of.
    String whole = (folded ? SqlFingerprint.of(text).withoutConstants(text) : text).strip();
    String shown = whole.length() > LONGEST_SHOWN ? whole.substring(0, LONGEST_SHOWN) : whole;
    return entries.computeIfAbsent(key, _ -> new Entry(key, shown));
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_KEY
        ? text
        : text.substring(0, LONGEST_KEY) + '#' + Long.toHexString(hash(text));
  }

  /// Forgets those that ran least.
  private void makeRoom() {
    List<Entry> rarest =
        entries.values().stream()
            .sorted(Comparator.comparingLong(Entry::calls))
            .limit(MOST_ENTRIES / PART_DROPPED)
            .toList();
    rarest.forEach(entry -> entries.remove(entry.key, entry));
    rarest.forEach(Entry::forget);
  }

  public Collection<Entry> all() {
    return entries.values();
  }

  /// Forgets what belongs to the user, the database and the statement; 0 stands for any.
  public void reset(int user, int database, long queryId) {
    entries
        .values()
        .removeIf(
            entry ->
                (user == 0 || user == entry.userOid())
                    && (database == 0 || database == entry.databaseOid())
                    && (queryId == 0 || queryId == entry.queryId)
                    && entry.forget());
  }

  /// The same text has the same number after a restart.
  private static long hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Keys.hash64(bytes, 0, bytes.length);
  }
}
