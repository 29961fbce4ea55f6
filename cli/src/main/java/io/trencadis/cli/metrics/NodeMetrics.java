package io.trencadis.cli.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.trencadis.base.Durations;
import io.trencadis.sharding.rpc.Service;
import io.trencadis.sql.session.EngineCounters;
import io.trencadis.sql.session.StatementKind;
import io.trencadis.storage.levels.NodeStorage;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/// A node's metrics, in Prometheus' text format 0.0.4. Thread-safe.
///
/// Nothing is built before the first [#text]. What the parts of the server count is there from when
/// they are: before [#started] there are only the JVM and whether the node is ready.
public final class NodeMetrics {
  /// The media type of [#text].
  public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final BooleanSupplier ready;
  private PrometheusMeterRegistry registry;
  private MetricSources sources;
  private boolean bound;
  private final Set<String> errorClasses = new HashSet<>();

  /// @param ready whether clients are served
  public NodeMetrics(BooleanSupplier ready) {
    this.ready = ready;
  }

  /// The server's parts are there.
  public synchronized void started(MetricSources parts) {
    sources = parts;
  }

  /// All metrics as of now.
  public synchronized String text() {
    if (registry == null) {
      registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      bindProcess();
    }
    if (sources != null) {
      if (!bound) {
        bound = true;
        bindSessions();
        bindTransactions();
        bindStorage();
        bindNetwork();
      }
      bindErrors();
    }
    return registry.scrape(TYPE);
  }

  private <T> void counter(String name, String unit, String help, T of, ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, of, count).baseUnit(unit).description(help).register(registry);
  }

  private <T> void gauge(String name, String unit, String help, T of, ToDoubleFunction<T> value) {
    gauge(name, unit, help, Tags.empty(), of, value);
  }

  private <T> void gauge(
      String name, String unit, String help, Tags tags, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value)
        .baseUnit(unit)
        .tags(tags)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  private void histogram(String name, String help, Map<Labels, Durations> durations) {
    registry.getPrometheusRegistry().register(new DurationMetrics(name, help, durations));
  }

  private void bindProcess() {
    gauge(
        "trencadis.node.ready",
        null,
        "1 if the node serves clients, else 0",
        ready,
        each -> each.getAsBoolean() ? 1 : 0);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      FunctionTimer.builder(
              "jvm.gc",
              collector,
              GarbageCollectorMXBean::getCollectionCount,
              GarbageCollectorMXBean::getCollectionTime,
              TimeUnit.MILLISECONDS)
          .tags("gc", collector.getName())
          .description("Collections of garbage, and the time they took")
          .register(registry);
    }
  }

  private void bindSessions() {
    for (String state : sources.engine().sessionStates().keySet()) {
      gauge(
          "trencadis.sessions",
          null,
          "Sessions by what they are doing",
          Tags.of("state", state),
          sources.engine(),
          engine -> engine.sessionStates().get(state));
    }
    gauge(
        "trencadis.sessions.max",
        null,
        "Sessions there may be at a time",
        sources,
        MetricSources::maxConnections);
    counter(
        "trencadis.connections.admitted",
        null,
        "Connections that asked for a session and got a place",
        sources.wire().counters(),
        counters -> counters.admitted.sum());
    counter(
        "trencadis.connections.refused",
        null,
        "Connections turned away: too many clients, or the node was shutting down",
        sources.wire().counters(),
        counters -> counters.refused.sum());
    Map<Labels, Durations> kinds = new LinkedHashMap<>();
    for (StatementKind kind : StatementKind.values()) {
      kinds.put(Labels.of("kind", kind.label()), sources.engine().counters().statements(kind));
    }
    histogram("trencadis_statement_duration", "Statements that ran to their end, by kind", kinds);
  }

  /// Classes of errors come up as they happen.
  private void bindErrors() {
    for (String sqlClass : sources.wire().counters().errorsByClass().keySet()) {
      if (!errorClasses.add(sqlClass)) {
        continue;
      }
      FunctionCounter.builder(
              "trencadis.errors",
              sources.wire().counters(),
              counters -> counters.errorsByClass().get(sqlClass))
          .tags("sqlstate_class", sqlClass)
          .description("Errors that clients were told, by the first two characters of SQLSTATE")
          .register(registry);
    }
  }

  private void bindTransactions() {
    EngineCounters counters = sources.engine().counters();
    FunctionCounter.builder(
            "trencadis.transactions", sources.engine(), engine -> engine.activityCounts().commits())
        .tags("outcome", "commit")
        .description("Transactions that ended, by how")
        .register(registry);
    FunctionCounter.builder(
            "trencadis.transactions",
            sources.engine(),
            engine -> engine.activityCounts().rollbacks())
        .tags("outcome", "rollback")
        .description("Transactions that ended, by how")
        .register(registry);
    counter(
        "trencadis.transaction.replays",
        null,
        "Attempts to heal a failure to serialize inside the server",
        counters,
        each -> each.replays.sum());
    counter(
        "trencadis.statement.restarts",
        null,
        "Statements begun again because a row or a table had changed under them",
        counters,
        each -> each.restarts.sum());
    counter(
        "trencadis.deadlocks",
        null,
        "Transactions ended with 40P01",
        counters,
        each -> each.deadlocks.sum());
    histogram(
        "trencadis_lock_wait_duration",
        "Waits of statements for other transactions",
        Map.of(Labels.EMPTY, counters.waits));
    if (sources.node() != null) {
      gauge(
          "trencadis.lock.waiting",
          null,
          "Transactions that wait for a lock now",
          sources.node(),
          node -> node.waitingForLocks());
    }
    counter(
        "trencadis.plans.made",
        null,
        "Plans that had to be made",
        counters,
        each -> each.plansMade.sum());
    counter(
        "trencadis.plans.reused",
        null,
        "Runs of a plan that had been run before",
        counters,
        each -> each.plansReused.sum());
  }

  private void bindNetwork() {
    if (sources.network() == null) {
      return;
    }
    for (Service service : Service.values()) {
      Tags tags = Tags.of("service", service.name().toLowerCase(Locale.ROOT));
      FunctionCounter.builder(
              "trencadis.rpc.messages", sources.network(), counters -> counters.messages(service))
          .tags(tags)
          .description("Messages, calls and answers sent to other nodes")
          .register(registry);
      FunctionCounter.builder(
              "trencadis.rpc", sources.network(), counters -> counters.bytes(service))
          .baseUnit("bytes")
          .tags(tags)
          .description("Their bytes, without what TLS and TCP add")
          .register(registry);
    }
  }

  private void bindStorage() {
    NodeStorage storage = sources.store().storage();
    counter(
        "trencadis.wal",
        "bytes",
        "Bytes of the write-ahead log made durable",
        sources.store(),
        store -> store.logMetrics().bytes());
    counter(
        "trencadis.wal.records",
        null,
        "Records of the write-ahead log made durable",
        sources.store(),
        store -> store.logMetrics().records());
    counter(
        "trencadis.wal.fsyncs",
        null,
        "Times the write-ahead log was forced to the device",
        sources.store(),
        store -> store.logMetrics().fsyncs());
    counter(
        "trencadis.wal.groups",
        null,
        "Groups of records that were written at once",
        sources.store(),
        store -> store.logMetrics().groups());
    gauge(
        "trencadis.wal.uncovered",
        "bytes",
        "Log that a start would have to read",
        sources.store(),
        store -> store.uncoveredLogBytes());
    histogram(
        "trencadis_disk_force_duration",
        "Calls that force a file to the device, the log's above all",
        Map.of(Labels.EMPTY, sources.forces()));
    counter(
        "trencadis.flushes",
        null,
        "Flushes of memtables to the base tree",
        storage,
        NodeStorage::flushes);
    counter(
        "trencadis.write.stalls",
        null,
        "Commits that had to wait until a flush made room",
        storage,
        NodeStorage::stalls);
    gauge(
        "trencadis.version.store",
        "bytes",
        "Memory of superseded versions",
        storage,
        NodeStorage::historyBytes);
    gauge(
        "trencadis.version.store.versions",
        null,
        "Superseded versions that are kept",
        storage,
        NodeStorage::historyVersions);
    gauge(
        "trencadis.base.tree",
        "bytes",
        "Bytes of the base tree's file in use",
        storage,
        each -> each.treeStatistics().fileBytes());
    for (int i = 0; i < storage.shards(); i++) {
      int shard = i;
      Tags tags = Tags.of("shard", Integer.toString(shard));
      gauge(
          "trencadis.shard.memtable",
          "bytes",
          "Memory of a shard's memtables",
          tags,
          storage,
          each -> each.memtableBytes(shard));
      gauge(
          "trencadis.shard.keys",
          null,
          "A shard's keys in memtables and base tree; one that is in both counts twice",
          tags,
          storage,
          each -> each.shard(shard).keyCount());
    }
  }
}
