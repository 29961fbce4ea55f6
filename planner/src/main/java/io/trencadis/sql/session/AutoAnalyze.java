package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.Timers;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Analyzes tables that have changed much, as PostgreSQL's autovacuum does (PostgreSQL 15 manual,
/// 25.1.6): when more rows were changed since the last ANALYZE than `autovacuum_analyze_threshold`
/// and `autovacuum_analyze_scale_factor` times the table's rows. Looks every `autovacuum_naptime`,
/// and rests as `autovacuum_vacuum_cost_delay` says. Thread-safe.
public final class AutoAnalyze {
  /// No client's session has this process id.
  static final int PROCESS_ID = Integer.MAX_VALUE;

  private static final Logger log = LoggerFactory.getLogger(AutoAnalyze.class);

  private final LocalSqlEngine engine;
  private Timers.Timer timer;
  private Thread worker;
  private SqlSession session;
  private boolean stopped;

  AutoAnalyze(LocalSqlEngine engine) {
    this.engine = engine;
  }

  /// Begins to look from time to time.
  public synchronized void start() {
    if (!stopped) {
      timer = engine.outside().timers().after(number("autovacuum_naptime") * 1000, this::handOver);
    }
  }

  private synchronized void handOver() {
    if (stopped) {
      return;
    }
    worker =
        Thread.ofPlatform()
            .daemon()
            .name("autovacuum")
            .start(
                () -> {
                  try {
                    new AbandonedMoves(engine).end();
                    look();
                  } catch (RuntimeException e) {
                    log.warn("automatic analyze gave up until its next turn", e);
                  }
                  start();
                });
  }

  /// Ends it; returns when no table is being looked at any more.
  public void stop() {
    Thread running;
    synchronized (this) {
      stopped = true;
      if (timer != null) {
        timer.cancel();
      }
      if (session != null) {
        session.cancel(
            new SqlException(
                io.trencadis.base.SqlState.QUERY_CANCELED, "canceling autovacuum task"));
      }
      running = worker;
    }
    if (running != null && running != Thread.currentThread()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Analyzes what needs it now.
  ///
  /// @return how many tables
  int look() {
    if (!value("autovacuum").equals("on") || !value("track_counts").equals("on")) {
      return 0;
    }
    Catalog catalog = engine.catalogStore().latest();
    int analyzed = 0;
    for (DatabaseDescriptor database : catalog.all(DatabaseDescriptor.class)) {
      for (TableDescriptor table : catalog.all(TableDescriptor.class, database.oid())) {
        if (table.kind() == 'r' && !table.isPartitioned() && needsIt(table)) {
          analyzed += analyze(catalog, database, table) ? 1 : 0;
        }
      }
    }
    return analyzed;
  }

  private boolean needsIt(TableDescriptor table) {
    double threshold =
        number("autovacuum_analyze_threshold")
            + Double.parseDouble(value("autovacuum_analyze_scale_factor"))
                * engine.statistics().count(table.oid());
    return engine.activityCounts().table(table.oid()).changesSinceAnalyze() > threshold;
  }

  private boolean analyze(Catalog catalog, DatabaseDescriptor database, TableDescriptor table) {
    Descriptor schema = catalog.byOid(table.schemaOid());
    if (!(schema instanceof SchemaDescriptor known)
        || known.isTemporary()
        || !(catalog.byOid(Catalog.BOOTSTRAP_ROLE) instanceof RoleDescriptor owner)) {
      return false;
    }
    SqlSession own;
    synchronized (this) {
      if (stopped) {
        return false;
      }
      own = engine.openInternal(owner, database, PROCESS_ID, costs());
      session = own;
    }
    try {
      own.query("ANALYZE " + quoted(known.name()) + "." + quoted(table.name()), new NoAnswers());
      return true;
    } catch (SqlException e) {
      // The table may be gone by now, or locked for longer than this should wait.
      log.debug("automatic analyze of {}.{}: {}", known.name(), table.name(), e.getMessage());
      return false;
    } finally {
      synchronized (this) {
        session = null;
      }
      own.close();
    }
  }

  /// The costs of this server's automatic work, as settings of its session; -1 leaves a session's.
  private Map<String, String> costs() {
    Map<String, String> costs = new HashMap<>();
    costs.put("vacuum_cost_delay", value("autovacuum_vacuum_cost_delay"));
    costs.put("vacuum_cost_limit", value("autovacuum_vacuum_cost_limit"));
    costs.values().removeIf(each -> each.startsWith("-"));
    return costs;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private String value(String name) {
    return engine.setting(name);
  }

  private long number(String name) {
    return Long.parseLong(value(name));
  }
}
