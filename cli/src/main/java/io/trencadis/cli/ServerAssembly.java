package io.trencadis.cli;

import io.trencadis.base.Outside;
import io.trencadis.cli.metrics.MetricSources;
import io.trencadis.sharding.cluster.ClusterConfig;
import io.trencadis.sharding.cluster.ClusterNode;
import io.trencadis.sql.catalog.DescriptorCodec;
import io.trencadis.sql.execute.TemporaryFiles;
import io.trencadis.sql.session.LocalSqlEngine;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.wire.WireConfig;
import io.trencadis.wire.WireServer;
import io.trencadis.wire.auth.AuthMethod;
import io.trencadis.wire.auth.AuthPolicy;
import io.trencadis.wire.auth.ScramVerifier;
import io.trencadis.wire.tls.TlsConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: every part constructed and wired, in one place.
final class ServerAssembly implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerAssembly.class);

  private static final long STOP_MILLIS = 5_000;

  /// How many process ids a node of a cluster has for itself.
  private static final int PROCESS_IDS = 1 << 24;

  /// How many nodes can have some.
  private static final int PROCESS_RANGES = 127;

  private static final long HAND_OVER_MILLIS = 3_000;

  private static final int DISK_FAILED = 74;

  private final WireServer wire;
  private final LocalSqlEngine engine;
  private final Backend store;
  private final ConfigurationFiles files;
  private final InetAddress address;
  private final MetricSources sources;

  private ServerAssembly(
      WireServer wire,
      LocalSqlEngine engine,
      Backend store,
      ConfigurationFiles files,
      InetAddress address,
      MetricSources sources) {
    this.sources = sources;
    this.address = address;
    this.files = files;
    this.wire = wire;
    this.engine = engine;
    this.store = store;
  }

  /// Begins to load, beside what comes first, what takes long to load. Not needed, only quicker.
  static void prepare() {
    besides("prepare-store", LmdbTree::loadLibrary);
    besides(
        "prepare-rest",
        () -> {
          DescriptorCodec.prepare();
          WireServer.prepare();
        });
  }

  private static void besides(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(work);
  }

  /// @param data the data directory; made if need be
  /// @param port 0 for any free one
  /// @param shards how many a new data directory gets
  /// @param settings the server's values of settings, by name
  /// @param password the superuser's, or null for none
  /// @throws StartException if the server cannot listen, the data directory cannot be used, or a
  ///   file that a setting names cannot be read
  static ServerAssembly start(
      Path data,
      List<InetAddress> addresses,
      int port,
      int shards,
      Map<String, String> settings,
      String password) {
    SettingsRegistry registry = new SettingsRegistry(settings);
    ConfigurationFiles files = ConfigurationFiles.of(settings, data, registry);
    return start(data, addresses, port, shards, registry, files, password, _ -> {}, _ -> {});
  }

  /// @param onFailure told why the process is about to end at once
  /// @param progress told in one line what a node of a cluster waits for
  static ServerAssembly start(
      Path data,
      List<InetAddress> addresses,
      int port,
      int shards,
      SettingsRegistry registry,
      ConfigurationFiles files,
      String password,
      Consumer<String> onFailure,
      Consumer<String> progress) {
    Outside outside = Outside.real();
    RealDisk disk = new RealDisk();
    Backend store = open(disk, data, shards, registry, outside, onFailure, progress);
    SystemCatalog systemViews = new SystemCatalog();
    WireConfig.Builder config =
        WireConfig.builder(port)
            .listenAddresses(addresses.stream().map(InetAddress::getHostAddress).toList())
            .maxConnections(Integer.parseInt(value(registry, "max_connections")));
    config.tls(tls(data, registry));
    if (store.gateway().isShared()) {
      config.inline(false).firstProcessId(store.number() % PROCESS_RANGES * PROCESS_IDS + 1);
    }
    SecureRandom random = new SecureRandom();
    try {
      config.mockSecret(MockSecret.load(data, random));
    } catch (StartException e) {
      closeQuietly(store);
      throw e;
    }
    LocalSqlEngine.Passwords passwords =
        given ->
            ScramVerifier.parse(given) != null
                ? given
                : ScramVerifier.create(given, random).format();
    LocalSqlEngine engine =
        new LocalSqlEngine(
            store.gateway(),
            outside,
            registry,
            systemViews,
            new CatalogAnswers(systemViews),
            passwords,
            password);
    AuthPolicy otherwise =
        password == null
            ? AuthPolicy.always(AuthMethod.TRUST)
            : AuthPolicy.trustOnLoopback(AuthMethod.SCRAM_SHA_256);
    engine.configuration(files);
    try {
      engine.temporaryFiles(TemporaryFiles.in(disk, data.resolve(TemporaryFiles.DIRECTORY)));
    } catch (IOException e) {
      closeQuietly(store);
      throw new StartException("cannot remove old temporary files: " + e.getMessage());
    }
    config.authPolicy(otherwise);
    String rulesFile = value(registry, "hba_file");
    if (!rulesFile.isEmpty()) {
      try {
        HostRulesFile rules = HostRulesFile.open(rulesFile, engine);
        files.hostRules(rules);
        config.authPolicy(rules.policy());
      } catch (StartException e) {
        closeQuietly(store);
        throw e;
      }
    }
    WireServer wire = new WireServer(engine, config.build());
    try {
      wire.start();
    } catch (BindException e) {
      closeQuietly(store);
      throw new StartException(
          e.getMessage()
              + ". If another server uses the port, stop it or give another port with --port.");
    } catch (IOException e) {
      closeQuietly(store);
      throw new StartException(e.getMessage());
    }
    files.afterReload(() -> reloadTls(wire, data, registry));
    engine.autoAnalyze().start();
    MetricSources sources =
        new MetricSources(
            wire,
            engine,
            store.node(),
            store.member() == null ? store.store() : store.member().figures(),
            store.member() == null ? null : store.member().rpc().counters(),
            disk.forces(),
            Integer.parseInt(value(registry, "max_connections")));
    return new ServerAssembly(wire, engine, store, files, addresses.getFirst(), sources);
  }

  /// What the settings say of encryption; null for none.
  private static TlsConfig tls(Path data, SettingsRegistry registry) {
    return value(registry, "ssl").equals("on")
        ? new TlsConfig(
            data.resolve(value(registry, "ssl_cert_file")),
            data.resolve(value(registry, "ssl_key_file")))
        : null;
  }

  /// As PostgreSQL does: with files that cannot be used, those of before stay in use.
  private static void reloadTls(WireServer wire, Path data, SettingsRegistry registry) {
    try {
      wire.reloadTls(tls(data, registry));
    } catch (IOException e) {
      log.warn("SSL configuration was not reloaded: {}", e.getMessage());
    }
  }

  private static void closeQuietly(Backend store) {
    try {
      store.close();
    } catch (IOException e) {
      // The reason for giving up is what matters.
    }
  }

  private static Backend open(
      RealDisk disk,
      Path data,
      int shards,
      SettingsRegistry registry,
      Outside outside,
      Consumer<String> onFailure,
      Consumer<String> progress) {
    Consumer<Throwable> stop =
        why -> {
          onFailure.accept("a write to the data directory failed: " + why.getMessage());
          stopAtOnce(why);
        };
    ClusterConfig cluster = ClusterOptions.of(registry, data, shards);
    long history = Long.parseLong(value(registry, "trencadis.history_retention"));
    return cluster == null
        ? Backend.local(disk, data, shards, outside, history, stop)
        : Backend.cluster(disk, data, cluster, outside, stop, progress);
  }

  /// After a write or fsync that failed, nobody knows what of it is on disk. Going on could
  /// acknowledge what is lost, so the process ends, and the next start reads what there is.
  private static void stopAtOnce(Throwable why) {
    System.err.println(
        "trencadis: a write to the data directory failed, so the server stops at once ("
            + why.getMessage()
            + "). What was acknowledged is safe. Check the disk, then start again.");
    Runtime.getRuntime().halt(DISK_FAILED);
  }

  private static String value(SettingsRegistry registry, String name) {
    return registry.serverValue(registry.require(name));
  }

  /// Reads the files of settings and host rules again.
  void reload() {
    files.reload();
  }

  int port() {
    return wire.port();
  }

  /// The first of the addresses it listens at.
  InetAddress address() {
    return address;
  }

  /// What there is to measure.
  MetricSources metricSources() {
    return sources;
  }

  /// What clients of a node of a cluster have to wait for; null for nothing, or on its own.
  String obstacle() {
    return store.member() == null ? null : store.member().obstacle();
  }

  /// Has other nodes of the cluster lead what this one leads, so that nobody has to find out that
  /// it is gone. Waits until they do, not for long.
  ///
  /// @param patienceMillis how long transactions may go on that have something here
  void beginHandOver(long patienceMillis) {
    handOver(member -> member.handOver(HAND_OVER_MILLIS, patienceMillis));
  }

  /// Has others lead also what has come back since [#beginHandOver], and what transactions have
  /// been kept here for till now.
  ///
  /// @param now whether those have to end
  void endHandOver(boolean now) {
    int left = handOver(member -> member.endHandOver(HAND_OVER_MILLIS, now));
    if (left > 0) {
      log.warn("{} groups have no other leader yet: they will elect one", left);
    }
  }

  @FunctionalInterface
  private interface HandOver {
    int run(ClusterNode member) throws InterruptedException;
  }

  private int handOver(HandOver step) {
    try {
      return store.member() == null ? 0 : step.run(store.member());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /// The node of the cluster; null on its own.
  ClusterNode member() {
    return store.member();
  }

  /// See [WireServer#drain].
  void drain(long waitMillis) {
    wire.drain(waitMillis);
  }

  /// See [WireServer#hurry].
  void hurry() {
    wire.hurry();
  }

  /// Ends as if the process had been killed, as far as clients and other nodes can tell.
  void kill() {
    for (int node : store.member().nodes()) {
      if (node != store.number()) {
        store.member().rpc().cut(node);
      }
    }
    wire.stop(0);
    engine.autoAnalyze().stop();
    closeQuietly(store);
  }

  /// Ends sessions, and leaves the data so that the next start has nothing to do.
  @Override
  public void close() {
    wire.stop(STOP_MILLIS);
    engine.close();
    try {
      store.close();
    } catch (IOException e) {
      stopAtOnce(e);
    }
  }
}
