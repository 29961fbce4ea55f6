package io.trencadis.cli;

import io.trencadis.base.SqlException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis start`: one node, until it is told to stop.
@Command(
    name = "start",
    description = "Starts one node. A new data directory has superuser and database 'postgres'.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Environment: TRENCADIS_PORT, TRENCADIS_LISTEN, TRENCADIS_DATA and TRENCADIS_PASSWORD stand for",
      "--port, --listen, --data and the password of the superuser.",
      "TLS: ssl=on reads server.crt and server.key in the data directory (ssl_cert_file and",
      "ssl_key_file name others); trencadis cert makes them.",
      "Examples:",
      "  trencadis start --port 5433 --set max_connections=200",
      "  trencadis cert --out trencadis-data && trencadis start --set ssl=on",
      "Exit codes: 0 stopped by a signal, 1 cannot start here, 2 the command line is wrong."
    })
final class StartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:TRENCADIS_PORT:-5432}",
      description = "TCP port of the PostgreSQL protocol (default: 5432).")
  private int port;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      split = ",",
      defaultValue = "${env:TRENCADIS_LISTEN:-127.0.0.1}",
      description =
          "Addresses to listen on (default: 127.0.0.1). Beyond loopback a password is demanded.")
  private List<String> listen;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:TRENCADIS_DATA:-trencadis-data}",
      description = "Data directory (default: ./trencadis-data).")
  private Path data;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "4",
      description = "Shards of a new node (default: 4).")
  private int shards;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the server; may be repeated. SHOW ALL lists them.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() {
    try {
      if (port < 0 || port > 65535) {
        throw StartException.usage(
            "--port must be between 0 (any free one) and 65535, not " + port);
      }
      if (shards < 1 || shards > 256) {
        throw StartException.usage("--shards must be between 1 and 256, not " + shards);
      }
      SettingsCheck.check(settings);
      List<InetAddress> addresses = addresses();
      String password = System.getenv("TRENCADIS_PASSWORD");
      boolean beyond = addresses.stream().anyMatch(address -> !address.isLoopbackAddress());
      if (beyond && (password == null || password.isEmpty())) {
        throw StartException.usage(
            "listening on "
                + String.join(", ", listen)
                + " lets other machines in, and the superuser has no password. "
                + "Set TRENCADIS_PASSWORD to one (clients then log in with SCRAM-SHA-256), or listen on 127.0.0.1.");
      }
      prepareDataDirectory();
      ServerAssembly server =
          ServerAssembly.start(data, addresses, port, shards, settings, password);
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    stopped.countDown();
                    // A signal that asks for a clean stop got one: the JVM's own exit code would
                    // call it a failure.
                    Runtime.getRuntime().halt(0);
                  },
                  "shutdown"));
      System.out.println(
          "Trencadis is ready: psql -h "
              + addresses.getFirst().getHostAddress()
              + " -p "
              + server.port()
              + " -U postgres");
      stopped.await();
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

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }

  private List<InetAddress> addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    for (String name : listen) {
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
