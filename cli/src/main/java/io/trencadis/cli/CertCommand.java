package io.trencadis.cli;

import io.trencadis.base.Outside;
import io.trencadis.wire.tls.SelfSigned;
import io.trencadis.wire.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis cert`: a key and a certificate for a server.
@Command(
    name = "cert",
    description =
        "Makes a key (server.key) and a self-signed certificate (server.crt) for a server.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Clients that are given server.crt can check the server's identity:",
      "  trencadis cert --out trencadis-data --host db.example.org",
      "  trencadis start --set ssl=on",
      "  psql \"host=db.example.org user=postgres sslmode=verify-full sslrootcert=server.crt\""
    })
final class CertCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where to put them; made if missing (default: the current directory).")
  private Path out;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      arity = "1..*",
      split = ",",
      defaultValue = "localhost,127.0.0.1",
      description = "Names and addresses the server is known by (default: localhost, 127.0.0.1).")
  private List<String> hosts;

  @Override
  public Integer call() {
    TlsConfig files = new TlsConfig(out.resolve("server.crt"), out.resolve("server.key"));
    for (Path file : List.of(files.certificate(), files.privateKey())) {
      if (Files.exists(file)) {
        return refuse(file + " exists already, and is not overwritten.");
      }
    }
    for (String host : hosts) {
      if (!host.matches("[A-Za-z0-9*._:-]+")) {
        return refuse("\"" + host + "\" is neither a name nor an address of a machine.");
      }
    }
    try {
      Files.createDirectories(out);
      Instant now = Instant.ofEpochMilli(Outside.real().clock().currentMillis());
      SelfSigned.write(files, hosts, now, new SecureRandom());
    } catch (IOException e) {
      return refuse("cannot write to " + out + ": " + e.getMessage());
    }
    spec.commandLine()
        .getOut()
        .println("Made " + files.certificate() + " and " + files.privateKey() + ".");
    return 0;
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return StartException.FAILURE;
  }
}
