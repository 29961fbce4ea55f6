package io.trencadis.cli;

import io.trencadis.base.SqlException;
import io.trencadis.cli.http.Health;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One node in this process, from the check of its options until a signal stops it.
final class NodeRun {
  private final StartOptions options;
  private final PrintWriter err;

  /// @param err takes one line if the node cannot start
  NodeRun(StartOptions options, PrintWriter err) {
    this.options = options;
    this.err = err;
  }

  /// @return the exit code of the process
  int untilStopped() {
    try {
      RunningNode node = begin();
      boolean handled = Signals.onEach("TERM", node::stopSmart);
      handled &= Signals.onEach("INT", node::stopFast);
      if (!handled) {
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
      }
      if (node.server().member() != null) {
        node.server()
            .member()
            .removed()
            .thenAccept(
                why -> {
                  err.println("trencadis: " + why);
                  node.stopSmart();
                });
      }
      Signals.onEach("HUP", node.server()::reload);
      if (node.httpAddress() != null) {
        System.out.println("Probes and metrics: " + node.httpAddress());
      }
      System.out.println(
          "Trencadis is ready: psql -h "
              + node.server().address().getHostAddress()
              + " -p "
              + node.server().port()
              + " -U postgres");
      node.awaitStopped();
      System.out.flush();
      // All is closed; libraries' own hooks would only find that out.
      Runtime.getRuntime().halt(0);
      return 0;
    } catch (StartException e) {
      return refuse(e.getMessage(), e.exitCode());
    } catch (SqlException e) {
      return refuse(e.getMessage(), StartException.FAILURE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /// Checks the options and starts.
  ///
  /// @throws StartException saying what is wrong and what to do
  RunningNode begin() {
    if (options.port() < 0 || options.port() > 65535) {
      throw StartException.usage(
          "--port must be between 0 (any free one) and 65535, not " + options.port());
    }
    Integer shards = options.shards();
    if (shards != null && (shards < 1 || shards > 256)) {
      throw StartException.usage("--shards must be between 1 and 256, not " + options.shards());
    }
    SettingsCheck.check(options.settings());
    List<InetAddress> addresses = addresses();
    String password = System.getenv("TRENCADIS_PASSWORD");
    boolean beyond = addresses.stream().anyMatch(address -> !address.isLoopbackAddress());
    if (beyond && (password == null || password.isEmpty())) {
      throw StartException.usage(
          "listening on "
              + String.join(", ", options.listen())
              + " lets other machines in, and the superuser has no password. "
              + "Set TRENCADIS_PASSWORD to one (clients then log in with SCRAM-SHA-256), or listen on 127.0.0.1.");
    }
    prepareDataDirectory();
    SettingsRegistry registry = new SettingsRegistry(options.settings());
    ConfigurationFiles files = ConfigurationFiles.of(options.settings(), options.data(), registry);
    Health health = new Health();
    OperatorPort operator = OperatorPort.open(registry, health, err);
    try {
      ServerAssembly server =
          ServerAssembly.start(
              options.data(),
              addresses,
              options.port(),
              shards == null ? 0 : shards,
              registry,
              files,
              password,
              health::failed,
              what -> {
                health.starting(what);
                err.println("trencadis: " + what);
              });
      operator.started(server.metricSources());
      health.obstacle(server::obstacle);
      health.ready();
      return new RunningNode(server, operator, health, registry);
    } catch (RuntimeException e) {
      operator.close();
      throw e;
    }
  }

  private int refuse(String why, int exitCode) {
    err.println("trencadis: " + why);
    return exitCode;
  }

  private List<InetAddress> addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    for (String name : options.listen()) {
      try {
        addresses.add(InetAddress.getByName(name.strip()));
      } catch (UnknownHostException e) {
        throw StartException.usage(
            "cannot listen on \""
                + name
                + "\": no such address. Give an IP address of this machine.");
      }
    }
    return addresses;
  }

  private void prepareDataDirectory() {
    Path data = options.data();
    try {
      Files.createDirectories(data);
      Path probe = data.resolve(".writable");
      Files.write(probe, new byte[0]);
      Files.delete(probe);
    } catch (FileAlreadyExistsException e) {
      throw new StartException(
          "cannot use "
              + data
              + " as the data directory: it is a file. Give another path with --data.");
    } catch (AccessDeniedException e) {
      throw new StartException(
          "cannot write to the data directory "
              + data
              + ". Change its owner or permissions, or give another path with --data.");
    } catch (IOException e) {
      throw new StartException(
          "cannot use "
              + data
              + " as the data directory ("
              + e.getMessage()
              + "). Give another path with --data.");
    }
  }
}
