package io.trencadis.sql.session;

import io.trencadis.sql.execute.AccessCounts;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What has been done to tables, indexes and databases since the server started, for the
/// `pg_stat_…` views. As in PostgreSQL, what is rolled back counts, too. Thread-safe.
public final class ActivityCounts {
  /// Counters of one table; sequential scans are of the table, others of its indexes.
  public static final class Table {
    public final LongAdder scans = new LongAdder();
    public final LongAdder scanned = new LongAdder();
    public final LongAdder indexScans = new LongAdder();
    public final LongAdder fetched = new LongAdder();
    public final LongAdder inserted = new LongAdder();
    public final LongAdder updated = new LongAdder();
    public final LongAdder deleted = new LongAdder();
    private volatile long changesAnalyzed;
    private volatile long analyzes;
    private volatile long autoAnalyzes;
    private volatile long analyzedMicros;
    private volatile long autoAnalyzedMicros;

    private long changes() {
      return inserted.sum() + updated.sum() + deleted.sum();
    }

    /// Rows changed since the last ANALYZE.
    public long changesSinceAnalyze() {
      return Math.max(0, changes() - changesAnalyzed);
    }

    /// Notes an ANALYZE.
    ///
    /// @param changesBefore what [#changesSinceAnalyze] was when it began
    /// @param micros since 2000-01-01 UTC
    synchronized void analyzed(long changesBefore, boolean automatic, long micros) {
      changesAnalyzed += changesBefore;
      if (automatic) {
        autoAnalyzes++;
        autoAnalyzedMicros = micros;
      } else {
        analyzes++;
        analyzedMicros = micros;
      }
    }

    /// How often the table was analyzed because somebody said so.
    public long analyzes() {
      return analyzes;
    }

    public long autoAnalyzes() {
      return autoAnalyzes;
    }

    /// Microseconds since 2000-01-01 UTC; null for never.
    public Long analyzedMicros() {
      return analyzes == 0 ? null : Long.valueOf(analyzedMicros);
    }

    /// Microseconds since 2000-01-01 UTC; null for never.
    public Long autoAnalyzedMicros() {
      return autoAnalyzes == 0 ? null : Long.valueOf(autoAnalyzedMicros);
    }
  }

  /// Counters of one index.
  public static final class Index {
    public final LongAdder scans = new LongAdder();
    public final LongAdder read = new LongAdder();
  }

  /// Counters of one database.
  public static final class Database implements AccessCounts {
    public final LongAdder commits = new LongAdder();
    public final LongAdder rollbacks = new LongAdder();
    public final LongAdder deadlocks = new LongAdder();
    public final Table rows = new Table();
    private final ActivityCounts all;

    private Database(ActivityCounts all) {
      this.all = all;
    }

    @Override
    public void scanned(int tableOid, int indexOid, long count) {
      Table table = all.table(tableOid);
      if (indexOid == 0) {
        table.scans.increment();
        table.scanned.add(count);
        rows.scanned.add(count);
        return;
      }
      table.indexScans.increment();
      table.fetched.add(count);
      rows.fetched.add(count);
      Index index = all.index(indexOid);
      index.scans.increment();
      index.read.add(count);
    }

    @Override
    public void changed(int tableOid, long inserted, long updated, long deleted) {
      add(all.table(tableOid), inserted, updated, deleted);
      add(rows, inserted, updated, deleted);
    }

    private void reset() {
      for (LongAdder counter :
          new LongAdder[] {
            commits,
            rollbacks,
            deadlocks,
            rows.scanned,
            rows.fetched,
            rows.inserted,
            rows.updated,
            rows.deleted
          }) {
        counter.reset();
      }
    }

    private static void add(Table to, long inserted, long updated, long deleted) {
      to.inserted.add(inserted);
      to.updated.add(updated);
      to.deleted.add(deleted);
    }
  }

  private final ConcurrentHashMap<Integer, Table> tables = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, Index> indexes = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, Database> databases = new ConcurrentHashMap<>();

  public Table table(int oid) {
    Table known = tables.get(oid);
    return known != null ? known : tables.computeIfAbsent(oid, _ -> new Table());
  }

  public Index index(int oid) {
    Index known = indexes.get(oid);
    return known != null ? known : indexes.computeIfAbsent(oid, _ -> new Index());
  }

  public Database database(int oid) {
    return databases.computeIfAbsent(oid, _ -> new Database(this));
  }

  /// Commits of all databases together.
  public long commits() {
    return databases.values().stream().mapToLong(each -> each.commits.sum()).sum();
  }

  /// Rollbacks of all databases together.
  public long rollbacks() {
    return databases.values().stream().mapToLong(each -> each.rollbacks.sum()).sum();
  }

  /// Begins anew. Sessions that count at the same time may lose what they count.
  void reset() {
    tables.clear();
    indexes.clear();
    databases.values().forEach(Database::reset);
  }
}
