package io.trencadis.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, which can be killed as by `kill -9` and started again with
/// what it left on disk.
final class ServerProcess implements AutoCloseable {
  private static final int START_SECONDS = 60;

  private final Path data;
  private final int port;
  private Process process;

  private ServerProcess(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  static ServerProcess start() throws Exception {
    return start(Files.createTempDirectory("trencadis-crash"));
  }

  /// A server on a data directory, which is deleted with it.
  static ServerProcess start(Path data) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ServerProcess server = new ServerProcess(data, port);
    server.run();
    return server;
  }

  private void run() throws Exception {
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    // As in the jar's manifest: the version store needs them.
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
                    "-Xmx1g",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.trencadis.cli.Main",
                    "start",
                    "--port",
                    Integer.toString(port),
                    "--data",
                    data.toString(),
                    "--set",
                    "TimeZone=UTC"))
            .redirectErrorStream(true)
            .start();
    CompletableFuture<String> ready = new CompletableFuture<>();
    Process started = process;
    Thread.ofPlatform().daemon().start(() -> follow(started, ready));
    String failure = ready.get(START_SECONDS, TimeUnit.SECONDS);
    if (failure != null) {
      throw new AssertionError("the server did not start:\n" + failure);
    }
  }

  /// Reads what the server prints to its end, so that it is never held up by it.
  private static void follow(Process started, CompletableFuture<String> ready) {
    StringBuilder printed = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith("Trencadis is ready")) {
          ready.complete(null);
        } else if (!ready.isDone()) {
          printed.append(line).append('\n');
        } else {
          System.err.println("server: " + line);
        }
      }
    } catch (IOException e) {
      printed.append(e);
    }
    ready.complete(printed.toString());
  }

  int port() {
    return port;
  }

  Path data() {
    return data;
  }

  /// The process gets no chance to write anything down.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Asks it to read its configuration again.
  void hangUp() throws Exception {
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
  }

  /// Asks it to end, as an operator does.
  ///
  /// @return its exit code
  int terminate() throws Exception {
    process.destroy();
    if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end:\n" + threads());
    }
    return process.exitValue();
  }

  /// @return how long it took until the server was ready, in milliseconds
  long restart() throws Exception {
    long begin = System.nanoTime();
    run();
    return (System.nanoTime() - begin) / 1_000_000;
  }

  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    // The driver's 10 s are short for a server that has just started on a busy machine.
    properties.setProperty("connectTimeout", "60");
    try {
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    } catch (SQLException e) {
      if (e.getCause() instanceof SocketTimeoutException) {
        e.addSuppressed(new IllegalStateException(threads()));
      }
      throw e;
    }
  }

  /// What a server that does not answer is doing instead.
  private String threads() {
    try {
      Process jstack =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jstack").toString(),
                  Long.toString(process.pid()))
              .redirectErrorStream(true)
              .start();
      return new String(jstack.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    Directories.delete(data);
  }
}
