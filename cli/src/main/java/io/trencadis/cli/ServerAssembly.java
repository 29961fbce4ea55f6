package io.trencadis.cli;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sharding.local.LocalStore;
import io.trencadis.sql.catalog.DescriptorCodec;
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

/// A running server: every part constructed and wired, in one place.
final class ServerAssembly implements AutoCloseable {
  private static final long STOP_MILLIS = 5_000;

  private static final int DISK_FAILED = 74;

  private final WireServer wire;
  private final LocalSqlEngine engine;
  private final LocalStore store;
  private final ConfigurationFiles files;
  private final InetAddress address;

  private ServerAssembly(
      WireServer wire,
      LocalSqlEngine engine,
      LocalStore store,
      ConfigurationFiles files,
      InetAddress address) {
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
    String main = settings.get("config_file");
    ConfigurationFiles files =
        new ConfigurationFiles(main == null ? null : Path.of(main), data, registry);
    Outside outside = Outside.real();
    LocalStore store = open(data, shards);
    SystemCatalog systemViews = new SystemCatalog();
    WireConfig.Builder config =
        WireConfig.builder(port)
            .listenAddresses(addresses.stream().map(InetAddress::getHostAddress).toList())
            .maxConnections(Integer.parseInt(value(registry, "max_connections")));
    if (value(registry, "ssl").equals("on")) {
      config.tls(
          new TlsConfig(
              data.resolve(value(registry, "ssl_cert_file")),
              data.resolve(value(registry, "ssl_key_file"))));
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
            new Node(
                outside, store, Long.parseLong(value(registry, "trencadis.history_retention"))),
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
    return new ServerAssembly(wire, engine, store, files, addresses.getFirst());
  }

  private static void closeQuietly(LocalStore store) {
    try {
      store.close();
    } catch (IOException e) {
      // The reason for giving up is what matters.
    }
  }

  private static LocalStore open(Path data, int shards) {
    try {
      DataDirectory directory = DataDirectory.open(new RealDisk(), data.toAbsolutePath());
      return LocalStore.open(directory, shards, LocalConfig.server(), ServerAssembly::stopAtOnce);
    } catch (DirectoryException e) {
      throw new StartException(e.getMessage());
    } catch (IOException e) {
      throw new StartException(
          "the data in "
              + data
              + " cannot be opened: "
              + e.getMessage()
              + ". Nothing was changed; if the disk is sound, restore a backup.");
    }
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
