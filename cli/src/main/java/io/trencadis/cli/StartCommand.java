package io.trencadis.cli;

import io.trencadis.cli.StartOptions.Shorthand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
      "Environment: TRENCADIS_PORT, TRENCADIS_LISTEN, TRENCADIS_DATA, TRENCADIS_CONFIG and",
      "TRENCADIS_PASSWORD stand for --port, --listen, --data, --config and the superuser's password;",
      "TRENCADIS_HTTP_PORT, TRENCADIS_HTTP_LISTEN and TRENCADIS_DRAIN_SECONDS for their options.",
      "SIGTERM takes no new clients and waits for open transactions (PostgreSQL's smart shutdown,",
      "with an end); SIGINT or a second SIGTERM ends them (fast). SIGHUP reads files again.",
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
      defaultValue = "${env:TRENCADIS_PORT:-" + StartOptions.PORT + "}",
      description = "TCP port of the PostgreSQL protocol (default: 5432).")
  private int port;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      split = ",",
      defaultValue = "${env:TRENCADIS_LISTEN:-" + StartOptions.LISTEN + "}",
      description =
          "Addresses to listen on (default: 127.0.0.1). Beyond loopback a password is demanded.")
  private List<String> listen;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:TRENCADIS_DATA:-" + StartOptions.DATA + "}",
      description = "Data directory (default: ./trencadis-data).")
  private Path data;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "Shards of a new node (default: 4), or of a new cluster (default: 24).")
  private Integer shards;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the server; may be repeated. SHOW ALL lists them.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--hba",
      paramLabel = "FILE",
      description = "Host rules in the format of pg_hba.conf; the same as --set hba_file=FILE.")
  private Path hba;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT,...",
      description = {
        "Where to ask for a cluster. An empty node joins the one it finds there. If all nodes of",
        "this list answer and are empty, they form one; the list is the same at each of them."
      })
  private String join;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = {
        "Where the cluster's other nodes reach this one. Without --join, a node on its own becomes",
        "the first of a cluster, with the data it has."
      })
  private String advertise;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "${env:TRENCADIS_HTTP_PORT}",
      description = {
        "TCP port of /health/live, /health/ready and /metrics (default: 8080 if it is free;",
        "0: any free one; off: none)."
      })
  private String httpPort;

  @Option(
      names = "--http-listen",
      paramLabel = "ADDRESS",
      defaultValue = "${env:TRENCADIS_HTTP_LISTEN}",
      description = "Address of that port (default: 127.0.0.1). It asks nobody for a password.")
  private String httpListen;

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      defaultValue = "${env:TRENCADIS_DRAIN_SECONDS}",
      description = "How long SIGTERM waits for open transactions (default: 30).")
  private String drainSeconds;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:TRENCADIS_CONFIG}",
      description = {
        "Settings in the format of postgresql.conf; --set counts more. Read again by SIGHUP and",
        "pg_reload_conf()."
      })
  private Path config;

  @Override
  public Integer call() {
    return new NodeRun(options(), spec.commandLine().getErr()).untilStopped();
  }

  /// What the command line said.
  StartOptions options() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (hba != null) {
      all.put("hba_file", hba.toAbsolutePath().toString());
    }
    if (config != null) {
      all.put("config_file", config.toAbsolutePath().toString());
    }
    Shorthand.HTTP_PORT.put(httpPort, all);
    Shorthand.HTTP_LISTEN.put(httpListen, all);
    Shorthand.JOIN.put(join == null ? System.getenv(Shorthand.JOIN.variable) : join, all);
    Shorthand.ADVERTISE.put(
        advertise == null ? System.getenv(Shorthand.ADVERTISE.variable) : advertise, all);
    Shorthand.DRAIN_SECONDS.put(drainSeconds, all);
    return new StartOptions(port, listen, data, shards, all);
  }
}
