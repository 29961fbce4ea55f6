package io.trencadis.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, which can be killed as by `kill -9` and started again with
/// what it left on disk.
final class ServerProcess implements AutoCloseable {
  private static final int START_SECONDS = 180;
  private static final String HTTP = "Probes and metrics: ";

  private final Path data;
  private final int port;
  private Process process;
  private CompletableFuture<String> ready;

  private final List<String> options;
  private final Queue<String> printed = new ConcurrentLinkedQueue<>();
  private volatile String http;

  private ServerProcess(Path data, int port, List<String> options) {
    this.data = data;
    this.port = port;
    this.options = options;
  }

  static ServerProcess start() throws Exception {
    return start(Files.createTempDirectory("trencadis-crash"));
  }

  /// A server on a data directory, which is deleted with it.
  static ServerProcess start(Path data) throws Exception {
    return start(data, List.of());
  }

  /// @param options of `start`, beside those of ports, data and time zone
  static ServerProcess start(Path data, List<String> options) throws Exception {
    ServerProcess server = prepare(data, options);
    server.run();
    return server;
  }

  /// One that is not started yet.
  static ServerProcess prepare(Path data, List<String> options) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    return new ServerProcess(data, port, options);
  }

  private void run() throws Exception {
    launch();
    awaitReady();
  }

  /// Starts, and does not wait.
  void launch() throws Exception {
    List<String> command =
        new ArrayList<>(
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
                "--http-port",
                "0",
                "--set",
                "TimeZone=UTC"));
    command.addAll(options);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture<String> told = new CompletableFuture<>();
    ready = told;
    Process started = process;
    Thread.ofPlatform().daemon().start(() -> follow(started, told));
  }

  /// Waits until clients are welcome.
  void awaitReady() throws Exception {
    String failure = ready.get(START_SECONDS, TimeUnit.SECONDS);
    if (failure != null) {
      throw new AssertionError("the server did not start:\n" + failure);
    }
  }

  /// Waits for the end of a server that does not get ready.
  ///
  /// @return what it has printed
  String awaitRefusal() throws Exception {
    awaitEnd();
    return ready.get(START_SECONDS, TimeUnit.SECONDS);
  }

  /// Reads what the server prints to its end, so that it is never held up by it.
  private void follow(Process started, CompletableFuture<String> ready) {
    StringBuilder before = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith(HTTP)) {
          http = line.substring(HTTP.length()).replace("/metrics", "");
        } else if (line.startsWith("Trencadis is ready")) {
          ready.complete(null);
        } else if (!ready.isDone()) {
          before.append(line).append('\n');
        } else {
          printed.add(line);
          System.err.println("server: " + line);
        }
      }
    } catch (IOException e) {
      before.append(e);
    }
    ready.complete(before.toString());
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
    signal("HUP");
  }

  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /// Waits for its end.
  ///
  /// @return its exit code
  int awaitEnd() throws Exception {
    if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end:\n" + threads());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /// What its HTTP port answers.
  HttpResponse<String> http(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(http + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /// The lines it has printed since it was ready.
  List<String> printed() {
    return List.copyOf(printed);
  }

  /// Asks it to end, as an operator does.
  ///
  /// @return its exit code
  int terminate() throws Exception {
    process.destroy();
    return awaitEnd();
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
