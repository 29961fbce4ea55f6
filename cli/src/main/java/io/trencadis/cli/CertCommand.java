package io.trencadis.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `trencadis cert`: a self-signed pair to try TLS with.
@Command(
    name = "cert",
    description = "Writes a self-signed certificate and its key (server.crt, server.key) for ssl=on.",
    mixinStandardHelpOptions = true)
final class CertCommand implements Callable<Integer> {
  @Option(names = "--out", paramLabel = "DIR", defaultValue = ".", description = "Where to write them (default: .).")
  private Path out;

  @Option(names = "--host", paramLabel = "NAME", defaultValue = "localhost", description = "Name in the certificate (default: localhost).")
  private String host;

  @Override
  public Integer call() {
    try {
      ServerAssembly.selfSigned(out, host);
      System.out.println("wrote " + out.resolve("server.crt") + " and " + out.resolve("server.key"));
      return 0;
    } catch (StartException e) {
      System.err.println("trencadis: " + e.getMessage());
      return 1;
    }
  }
}
