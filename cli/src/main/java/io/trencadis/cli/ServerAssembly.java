package io.trencadis.cli;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sql.session.LocalSqlEngine;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import io.trencadis.wire.WireConfig;
import io.trencadis.wire.WireServer;
import io.trencadis.wire.auth.AuthMethod;
import io.trencadis.wire.auth.AuthPolicy;
import io.trencadis.wire.auth.ScramVerifier;
import io.trencadis.wire.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A running server: every part constructed and wired, in one place.
final class ServerAssembly implements AutoCloseable {
  private static final long STOP_MILLIS = 5_000;

  private final WireServer wire;

  private ServerAssembly(WireServer wire) {
    this.wire = wire;
  }

  /// @param port 0 for any free one
  /// @param settings the server's values of settings, by name
  /// @param password the superuser's, or null for none
  /// @throws StartException if the server cannot listen
  static ServerAssembly start(
      List<InetAddress> addresses,
      int port,
      int shards,
      Map<String, String> settings,
      String password) {
    SettingsRegistry registry = new SettingsRegistry(settings);
    Outside outside = Outside.real();
    SystemCatalog systemViews = new SystemCatalog();
    WireConfig config =
        WireConfig.loopback(port)
            .withListenAddresses(addresses.stream().map(InetAddress::getHostAddress).toList())
            .withMaxConnections(Integer.parseInt(value(registry, "max_connections")))
            .withAuthPolicy(
                password == null
                    ? AuthPolicy.always(AuthMethod.TRUST)
                    : AuthPolicy.trustOnLoopback(AuthMethod.SCRAM_SHA_256));
    if (value(registry, "ssl").equals("on")) {
      config =
          config.withTls(
              new TlsConfig(
                  Path.of(value(registry, "ssl_cert_file")),
                  Path.of(value(registry, "ssl_key_file"))));
    }
    var random = config.random();
    LocalSqlEngine.Passwords passwords =
        given ->
            ScramVerifier.parse(given) != null
                ? given
                : ScramVerifier.create(given, random).format();
    LocalSqlEngine engine =
        new LocalSqlEngine(
            new Node(outside, shards),
            outside,
            registry,
            systemViews,
            new CatalogAnswers(systemViews),
            passwords,
            password);
    WireServer wire = new WireServer(engine, config);
    try {
      wire.start();
    } catch (IOException e) {
      throw new StartException(
          e.getMessage()
              + ". If another server uses the port, stop it or give another port with --port.");
    }
    return new ServerAssembly(wire);
  }

  private static String value(SettingsRegistry registry, String name) {
    return registry.serverValue(registry.require(name));
  }

  int port() {
    return wire.port();
  }

  @Override
  public void close() {
    wire.stop(STOP_MILLIS);
  }
}
