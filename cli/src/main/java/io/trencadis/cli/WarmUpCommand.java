package io.trencadis.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `trencadis warm-up`: starts a server on a free port, runs the usual statements and some load
/// through it over a socket, and ends. The launcher lets the JVM note which classes and methods
/// that takes, for quick starts.
@Command(
    name = "warm-up",
    description = "Exercises the server once, to prepare a quick start.",
    hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE warm_up (id int PRIMARY KEY, v text, n numeric(10,2), at timestamp DEFAULT now())",
          "INSERT INTO warm_up (id, v, n) VALUES (1, 'a', 1.5), (2, 'b', 2)",
          "SELECT * FROM warm_up WHERE id = 1",
          "SELECT * FROM warm_up WHERE id = 2",
          "UPDATE warm_up SET n = n + 1 WHERE id = 1",
          "SELECT a.v, count(*), sum(b.n) FROM warm_up a JOIN warm_up b ON a.id = b.id GROUP BY a.v ORDER BY 2 DESC, 1",
          "SELECT c.relname FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
              + "WHERE c.relkind IN ('r','p') AND n.nspname <> 'pg_catalog' ORDER BY 1",
          "EXPLAIN SELECT * FROM warm_up WHERE v = 'a'",
          "BEGIN",
          "DELETE FROM warm_up WHERE id = 2",
          "COMMIT",
          "DROP TABLE warm_up");

  @Option(names = "--cluster", description = "Also as three nodes of a cluster.")
  private boolean cluster;

  /// What a probe and a scrape take.
  private static void look(URI metrics) throws IOException {
    for (String path : List.of("/health/ready", metrics.getPath())) {
      try (Socket socket = new Socket(metrics.getHost(), metrics.getPort())) {
        String request = "GET " + path + " HTTP/1.0\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }
    }
  }

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("trencadis-warm-up");
    StartOptions options =
        StartOptions.plain(
            List.of("--port", "0", "--http-port", "0", "--data", data.toString()), name -> null);
    try {
      // Twice: a new directory takes other ways than one that has been used.
      for (int i = 0; i < 2; i++) {
        ServerAssembly.prepare();
        try (RunningNode node = new NodeRun(options, new PrintWriter(System.err)).begin()) {
          PlainClient.run(node.server().address(), node.server().port(), STATEMENTS);
          look(URI.create(node.httpAddress()));
          if (i == 0) {
            WarmUpLoad.run(node.server().address(), node.server().port());
          }
        }
      }
      if (cluster) {
        WarmUpCluster.run(data.resolve("cluster"));
      }
    } finally {
      Directories.delete(data);
    }
    return 0;
  }
}
