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
import picocli.CommandLine.Option;

/// `trencadis start`: one node, until it is told to stop.
@Command(
    name = "start",
    description = "Starts one node. A new data directory has superuser and database 'postgres'.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Environment: TRENCADIS_PORT, TRENCADIS_LISTEN, TRENCADIS_DATA and TRENCADIS_PASSWORD stand for",
      "--port, --listen, --data and the password of the superuser.",
      "Example: trencadis start --port 5433 --set max_connections=200"
    })
final class StartCommand implements Callable<Integer> {
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
      description = "A setting of the server, such as ssl=on.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() {
    try {
      List<InetAddress> addresses = addresses();
      String password = System.getenv("TRENCADIS_PASSWORD");
      boolean beyond = addresses.stream().anyMatch(address -> !address.isLoopbackAddress());
      if (beyond && (password == null || password.isEmpty())) {
        return refuse(
            "listening on "
                + String.join(", ", listen)
                + " lets other machines in, and the superuser has no password. "
                + "Set TRENCADIS_PASSWORD to one (clients then log in with SCRAM-SHA-256), or listen on 127.0.0.1.");
      }
      if (shards < 1 || shards > 256) {
        return refuse("--shards must be between 1 and 256");
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
              + port
              + " -U postgres");
      stopped.await();
      return 0;
    } catch (StartException e) {
      return refuse(e.getMessage());
    } catch (SqlException e) {
      return refuse(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static int refuse(String why) {
    System.err.println("trencadis: " + why);
    return 1;
  }

  private List<InetAddress> addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    for (String name : listen) {
      try {
        addresses.add(InetAddress.getByName(name.strip()));
      } catch (UnknownHostException e) {
        throw new StartException(
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
