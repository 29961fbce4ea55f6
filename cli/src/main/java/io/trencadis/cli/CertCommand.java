package io.trencadis.cli;

import io.trencadis.base.Outside;
import io.trencadis.wire.tls.CertificateAuthority;
import io.trencadis.wire.tls.SelfSigned;
import io.trencadis.wire.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis cert`: keys and certificates for servers, for an authority, and for clients.
@Command(
    name = "cert",
    description = {
      "Makes a key (server.key) and a certificate (server.crt) for a server: a self-signed one,",
      "or one that an authority of yours has signed, which --ca makes (ca.key, ca.crt)."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Only the owner can read a key, and nothing is overwritten. A running server takes a new",
      "pair at SIGHUP or SELECT pg_reload_conf(). Keep ca.key away from the servers: whoever has it",
      "can be any of them.",
      "One server, and clients that are given server.crt:",
      "  trencadis cert --out trencadis-data --host db.example.org",
      "  trencadis start --set ssl=on",
      "  psql \"host=db.example.org user=postgres sslmode=verify-full sslrootcert=server.crt\"",
      "Several nodes, and clients that are given ca.crt:",
      "  trencadis cert --ca --out ca",
      "  trencadis cert --signed-by ca --out node1 --host node1.example.org",
      "  trencadis cert --signed-by ca --out ann --client ann",
      "Exit codes: 0 made, 1 not possible, 2 the command line is wrong."
    })
final class CertCommand implements Callable<Integer> {
  private static final int LONG_DAYS = 3650;
  private static final int SHORT_DAYS = 365;

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
      description = "Names and addresses the server is known by (default: localhost, 127.0.0.1).")
  private List<String> hosts;

  @Option(names = "--ca", description = "Makes an authority: ca.key and ca.crt.")
  private boolean authority;

  @Option(
      names = "--signed-by",
      paramLabel = "DIR",
      description = "The directory with ca.key and ca.crt of the authority that is to sign.")
  private Path signer;

  @Option(
      names = "--client",
      paramLabel = "USER",
      description = "Makes a client's pair instead: client.key and client.crt, for that user.")
  private String user;

  @Option(
      names = "--days",
      paramLabel = "N",
      description =
          "How long it is valid (default: 3650; 365 for what an authority of yours has signed).")
  private Integer days;

  @Override
  public Integer call() {
    String wrong = wrongLine();
    if (wrong != null) {
      return say(wrong, StartException.USAGE);
    }
    String kind = authority ? "ca" : user != null ? "client" : "server";
    TlsConfig files = new TlsConfig(out.resolve(kind + ".crt"), out.resolve(kind + ".key"));
    for (Path file : List.of(files.certificate(), files.privateKey())) {
      if (Files.exists(file)) {
        return say(file + " exists already, and is not overwritten.", StartException.FAILURE);
      }
    }
    List<String> names = hosts == null ? List.of("localhost", "127.0.0.1") : hosts;
    for (String host : names) {
      if (!host.matches("[A-Za-z0-9*._:-]+")) {
        return say(
            "\"" + host + "\" is neither a name nor an address of a machine.",
            StartException.FAILURE);
      }
    }
    CertificateAuthority signing = null;
    try {
      if (signer != null) {
        signing =
            CertificateAuthority.load(
                new TlsConfig(signer.resolve("ca.crt"), signer.resolve("ca.key")));
      }
    } catch (IOException e) {
      return say(e.getMessage(), StartException.FAILURE);
    }
    try {
      Files.createDirectories(out);
      make(files, names, signing);
    } catch (IOException e) {
      return say("cannot write to " + out + ": " + e.getMessage(), StartException.FAILURE);
    }
    spec.commandLine()
        .getOut()
        .println("Made " + files.certificate() + " and " + files.privateKey() + ".");
    return 0;
  }

  /// What makes no sense together, or null.
  private String wrongLine() {
    if (authority && (signer != null || user != null || hosts != null)) {
      return "--ca makes an authority, which has neither --host nor --client nor --signed-by.";
    }
    if (user != null && signer == null) {
      return "--client needs an authority: make one with --ca, and name it with --signed-by.";
    }
    if (user != null && hosts != null) {
      return "--client makes a pair for a user, who has no --host.";
    }
    if (user != null && (user.isBlank() || user.chars().anyMatch(Character::isISOControl))) {
      return "--client is to be the name of a user.";
    }
    if (days != null && (days < 1 || days > 36_500)) {
      return "--days must be between 1 and 36500, not " + days;
    }
    return null;
  }

  /// @param signing null for what signs itself
  private void make(TlsConfig files, List<String> names, CertificateAuthority signing)
      throws IOException {
    Instant now = Instant.ofEpochMilli(Outside.real().clock().currentMillis());
    Duration valid =
        Duration.ofDays(days != null ? days : signing == null ? LONG_DAYS : SHORT_DAYS);
    SecureRandom random = new SecureRandom();
    if (authority) {
      CertificateAuthority.create(files, "Trencadis CA", now, valid, random);
    } else if (user != null) {
      signing.issueClient(files, user, now, valid, random);
    } else if (signing != null) {
      signing.issueNode(files, names, now, valid, random);
    } else {
      SelfSigned.write(files, names, now, valid, random);
    }
  }

  private int say(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }
}
