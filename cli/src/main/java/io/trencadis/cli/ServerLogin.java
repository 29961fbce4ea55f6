package io.trencadis.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// The options of commands that ask a running server something: where it is, and as whom to log in.
final class ServerLogin {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The server's machine (default: 127.0.0.1). There is no TLS: stay on it.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:TRENCADIS_PORT:-5432}",
      description = "Its TCP port for SQL (default: 5432).")
  private int port;

  @Option(
      names = "--user",
      paramLabel = "ROLE",
      defaultValue = "postgres",
      description = "Whom to log in as (default: postgres).")
  private String user;

  @Option(
      names = "--database",
      paramLabel = "NAME",
      defaultValue = "postgres",
      description = "A database to log in to (default: postgres).")
  private String database;

  /// What is wrong with what was given, in one line; null if it can be tried.
  String mistake() {
    return port >= 1 && port <= 65535 ? null : "--port must be between 1 and 65535, not " + port;
  }

  /// @param notices told what the server says beside its answers
  /// @throws IOException see [#failure]
  PlainClient connect(Consumer<String> notices) throws IOException {
    return PlainClient.connect(
        InetAddress.getByName(host),
        port,
        user,
        database,
        System.getenv("TRENCADIS_PASSWORD"),
        notices);
  }

  /// Why there is no answer; see [CallFailure#of].
  CallFailure failure(IOException why, String advice, String lost) {
    return CallFailure.of(why, host, port, advice, lost);
  }
}
