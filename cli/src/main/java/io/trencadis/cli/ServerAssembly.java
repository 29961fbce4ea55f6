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
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
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
  /// @param data where relative files of settings and the mock secret are, or null for a server
  ///   that leaves nothing behind
  /// @throws StartException if the server cannot listen, or a file it needs cannot be used
  static ServerAssembly start(
      List<InetAddress> addresses,
      int port,
      int shards,
      Map<String, String> settings,
      String password,
      Path data) {
    SettingsRegistry registry = new SettingsRegistry(settings);
    Outside outside = Outside.real();
    SystemCatalog systemViews = new SystemCatalog();
    WireConfig.Builder config =
        WireConfig.builder(port)
            .listenAddresses(addresses.stream().map(InetAddress::getHostAddress).toList())
            .maxConnections(Integer.parseInt(value(registry, "max_connections")))
            .authPolicy(
                password == null
                    ? AuthPolicy.always(AuthMethod.TRUST)
                    : AuthPolicy.trustOnLoopback(AuthMethod.SCRAM_SHA_256));
    if (value(registry, "ssl").equals("on")) {
      config.tls(
          new TlsConfig(
              file(data, value(registry, "ssl_cert_file")),
              file(data, value(registry, "ssl_key_file"))));
    }
    SecureRandom random = new SecureRandom();
    if (data != null) {
      config.mockSecret(MockSecret.load(data, random));
    }
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
    WireServer wire = new WireServer(engine, config.build());
    try {
      wire.start();
    } catch (BindException e) {
      throw new StartException(
          e.getMessage()
              + ". If another server uses the port, stop it or give another port with --port.");
    } catch (IOException e) {
      throw new StartException(e.getMessage());
    }
    return new ServerAssembly(wire);
  }

  private static Path file(Path data, String name) {
    return data == null ? Path.of(name) : data.resolve(name);
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
