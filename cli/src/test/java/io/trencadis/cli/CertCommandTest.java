package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `trencadis cert`: what it makes is judged by the JDK's validator and by OpenSSL where that is.
class CertCommandTest {
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

  @TempDir private Path folder;

  private static X509Certificate read(Path file) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  private static void made(Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(0, run.exitCode(), run.err());
  }

  private static void refused(int exitCode, String why, Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals("trencadis: " + why + "\n", run.err());
    assertEquals(exitCode, run.exitCode());
  }

  /// Whether the authority vouches for the certificate.
  private static void validate(X509Certificate certificate, X509Certificate authority)
      throws Exception {
    PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    trust.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), trust);
  }

  @Test
  void anAuthorityVouchesForNodesAndClients() throws Exception {
    Path ca = folder.resolve("ca");
    Path node = folder.resolve("node");
    Path ann = folder.resolve("ann");
    made("cert", "--ca", "--out", ca);
    made(
        "cert",
        "--signed-by",
        ca,
        "--out",
        node,
        "--host",
        "db.example.org,*.nodes",
        "--host",
        "::1");
    made("cert", "--signed-by", ca, "--out", ann, "--client", "ann", "--days", 7);
    for (Path key :
        List.of(ca.resolve("ca.key"), node.resolve("server.key"), ann.resolve("client.key"))) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    }
    X509Certificate authority = read(ca.resolve("ca.crt"));
    assertTrue(authority.getBasicConstraints() >= 0);
    assertTrue(authority.getKeyUsage()[5], "signs certificates");
    assertFalse(authority.getKeyUsage()[0], "and nothing else");
    X509Certificate server = read(node.resolve("server.crt"));
    validate(server, authority);
    assertEquals(-1, server.getBasicConstraints());
    assertEquals(List.of(SERVER, CLIENT), server.getExtendedKeyUsage());
    assertEquals(
        List.of(List.of(2, "db.example.org"), List.of(2, "*.nodes"), List.of(7, "0:0:0:0:0:0:0:1")),
        List.copyOf(server.getSubjectAlternativeNames()));
    X509Certificate client = read(ann.resolve("client.crt"));
    validate(client, authority);
    assertEquals("CN=ann", client.getSubjectX500Principal().getName());
    assertEquals(List.of(CLIENT), client.getExtendedKeyUsage());
    assertNull(client.getSubjectAlternativeNames());
    long days =
        TimeUnit.MILLISECONDS.toDays(
            client.getNotAfter().getTime() - client.getNotBefore().getTime());
    assertEquals(7, days);

    Path other = folder.resolve("other");
    made("cert", "--ca", "--out", other);
    X509Certificate stranger = read(other.resolve("ca.crt"));
    assertThrows(CertPathValidatorException.class, () -> validate(server, stranger));

    for (Path each : List.of(node.resolve("server.crt"), ann.resolve("client.crt"))) {
      Process openssl;
      try {
        openssl =
            new ProcessBuilder(
                    "openssl",
                    "verify",
                    "-x509_strict",
                    "-CAfile",
                    ca.resolve("ca.crt").toString(),
                    each.toString())
                .redirectErrorStream(true)
                .start();
      } catch (IOException notInstalled) {
        return;
      }
      String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, openssl.waitFor(), said);
    }
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Path ca = folder.resolve("ca");
    made("cert", "--ca", "--out", ca);
    String before = Files.readString(ca.resolve("ca.key"));
    refused(
        1,
        ca.resolve("ca.crt") + " exists already, and is not overwritten.",
        "cert",
        "--ca",
        "--out",
        ca);
    Files.delete(ca.resolve("ca.crt"));
    refused(
        1,
        ca.resolve("ca.key") + " exists already, and is not overwritten.",
        "cert",
        "--ca",
        "--out",
        ca);
    assertEquals(before, Files.readString(ca.resolve("ca.key")));
  }

  @Test
  void whatCannotSignIsNamed() throws Exception {
    Path ca = folder.resolve("ca");
    Path out = folder.resolve("out");
    refused(
        1,
        "could not load certificate file \""
            + ca.resolve("ca.crt")
            + "\": no such file (trencadis cert makes a pair)",
        "cert",
        "--signed-by",
        ca,
        "--out",
        out);
    made("cert", "--ca", "--out", ca);
    made("cert", "--signed-by", ca, "--out", out);
    // A node is no authority, whatever its files are called.
    Path posing = Files.createDirectory(folder.resolve("posing"));
    Files.move(out.resolve("server.crt"), posing.resolve("ca.crt"));
    Files.move(out.resolve("server.key"), posing.resolve("ca.key"));
    refused(
        1,
        "\"" + posing.resolve("ca.crt") + "\" is no authority's certificate: it vouches for nobody",
        "cert",
        "--signed-by",
        posing,
        "--out",
        out);
    Files.copy(
        ca.resolve("ca.crt"),
        posing.resolve("ca.crt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused(
        1,
        "private key file \""
            + posing.resolve("ca.key")
            + "\" does not belong to certificate file \""
            + posing.resolve("ca.crt")
            + "\"",
        "cert",
        "--signed-by",
        posing,
        "--out",
        out);
  }

  @Test
  void whatMakesNoSenseTogetherIsSaidSo() {
    refused(
        2,
        "--ca makes an authority, which has neither --host nor --client nor --signed-by.",
        "cert",
        "--ca",
        "--host",
        "a");
    refused(
        2,
        "--client needs an authority: make one with --ca, and name it with --signed-by.",
        "cert",
        "--client",
        "ann");
    refused(
        2,
        "--client makes a pair for a user, who has no --host.",
        "cert",
        "--client",
        "ann",
        "--signed-by",
        "ca",
        "--host",
        "a");
    refused(
        2, "--client is to be the name of a user.", "cert", "--client", " ", "--signed-by", "ca");
    refused(2, "--days must be between 1 and 36500, not 0", "cert", "--days", "0");
  }
}
