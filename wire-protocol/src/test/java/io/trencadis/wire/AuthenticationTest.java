package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.session.SqlEngine.Credentials;
import io.trencadis.wire.auth.AuthMethod;
import io.trencadis.wire.auth.AuthPolicy;
import io.trencadis.wire.auth.ScramVerifier;
import io.trencadis.wire.tls.SelfSigned;
import io.trencadis.wire.tls.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationTest {
  private final FakeEngine engine = new FakeEngine();
  @TempDir Path files;
  private WireServer server;
  private TlsConfig tls;

  @BeforeEach
  void prepare() throws IOException {
    String verifier = ScramVerifier.create("pencil", new SecureRandom()).format();
    engine.roles.put("alice", new Credentials("alice", true, verifier));
    engine.roles.put("group", new Credentials("group", false, verifier));
    engine.roles.put("bare", new Credentials("bare", true, null));
    tls = new TlsConfig(files.resolve("server.crt"), files.resolve("server.key"));
    SelfSigned.write(tls, List.of("localhost", "127.0.0.1"), Instant.now(), new SecureRandom());
  }

  private void start(AuthMethod method, boolean encrypted) throws IOException {
    server =
        new WireServer(
            engine,
            WireConfig.builder(0)
                .authPolicy(AuthPolicy.always(method))
                .tls(encrypted ? tls : null)
                .build());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(2_000);
    assertEquals(0, engine.open());
  }

  private void connect(String user, String password, String options) throws SQLException {
    String url = "jdbc:postgresql://localhost:" + server.port() + "/postgres?" + options;
    try (Connection jdbc = DriverManager.getConnection(url, user, password)) {
      assertTrue(jdbc.isValid(5));
    }
  }

  private String refusal(String user, String password, String options) {
    SQLException error = assertThrows(SQLException.class, () -> connect(user, password, options));
    return error.getSQLState() + " " + error.getMessage();
  }

  @Test
  void scramLetsInWhoKnowsThePassword() throws Exception {
    start(AuthMethod.SCRAM_SHA_256, false);
    connect("alice", "pencil", "");
  }

  @Test
  void nobodyLearnsWhetherARoleExists() throws Exception {
    for (AuthMethod method : List.of(AuthMethod.SCRAM_SHA_256, AuthMethod.PASSWORD)) {
      start(method, false);
      String pattern = "28P01 FATAL: password authentication failed for user \"%s\"";
      assertEquals(pattern.formatted("alice"), refusal("alice", "pen", ""));
      assertEquals(pattern.formatted("nobody"), refusal("nobody", "pencil", ""));
      assertEquals(pattern.formatted("bare"), refusal("bare", "pencil", ""));
      assertEquals(
          "28000 FATAL: role \"group\" is not permitted to log in", refusal("group", "pencil", ""));
      if (method == AuthMethod.SCRAM_SHA_256) {
        server.stop(1_000);
      }
    }
  }

  @Test
  void unknownRolesAlwaysGetTheSameSalt() throws Exception {
    start(AuthMethod.SCRAM_SHA_256, false);
    String salt = saltOf("nobody");
    assertEquals(salt, saltOf("nobody"));
    assertTrue(!salt.equals(saltOf("nobody2")));
    assertEquals(salt.length(), saltOf("alice").length());
  }

  private String saltOf(String user) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.startup("user", user);
      assertEquals('R', client.next().type());
      byte[] first = "n,,n=,r=abc".getBytes(StandardCharsets.US_ASCII);
      client.send(
          Frames.frame(
              'p',
              b -> b.putUtf8("SCRAM-SHA-256").putByte(0).putInt(first.length).putBytes(first)));
      String challenge = new String(client.next().body(), StandardCharsets.US_ASCII);
      return challenge.substring(challenge.indexOf(",s="));
    }
  }

  @Test
  void cleartextPasswordsAreCheckedAgainstTheVerifier() throws Exception {
    start(AuthMethod.PASSWORD, false);
    connect("alice", "pencil", "");
  }

  @Test
  void rejectedMeansRejected() throws Exception {
    start(AuthMethod.REJECT, false);
    assertTrue(
        refusal("alice", "pencil", "sslmode=disable")
            .startsWith("28000 FATAL: pg_hba.conf rejects connection"));
  }

  @Test
  void aMessageThatIsNoPasswordEndsTheAttempt() throws Exception {
    start(AuthMethod.PASSWORD, false);
    try (RawClient client = new RawClient(server.port())) {
      client.startup("user", "alice");
      client.query("rows 1");
      assertEquals(
          List.of("R", "E:FATAL 08P01 expected password response", "EOF"), client.untilReady());
    }
    try (RawClient client = new RawClient(server.port())) {
      client.startup("user", "alice");
      client.raw(new byte[] {'Q', 0, 16, 0, 0});
      assertEquals(
          List.of("R", "E:FATAL 08P01 invalid message length", "EOF"), client.untilReady());
    }
  }

  @Test
  void tlsWithChannelBindingAndACertificateThatCanBeChecked() throws Exception {
    start(AuthMethod.SCRAM_SHA_256, true);
    String verify = "sslmode=verify-full&sslrootcert=" + tls.certificate();
    connect("alice", "pencil", verify + "&channelBinding=require");
    connect("alice", "pencil", verify + "&channelBinding=disable");
    connect("alice", "pencil", "sslmode=disable");
    assertEquals(
        "28P01 FATAL: password authentication failed for user \"alice\"",
        refusal("alice", "x", "sslmode=require"));
  }

  @Test
  void plainTextWhereTlsWasAgreedOnEndsTheConnectionOnly() throws Exception {
    start(AuthMethod.TRUST, true);
    try (RawClient client = new RawClient(server.port())) {
      client.request(80877103);
      assertEquals('S', client.readByte());
      client.startup("user", "alice");
      int byteOrEnd = client.readByte();
      assertTrue(byteOrEnd < 0 || byteOrEnd == 21, "a TLS alert or the end");
    }
    connect("alice", "", "sslmode=require");
  }

  @Test
  void unusableCertificatesAreNamed() throws Exception {
    start(AuthMethod.TRUST, false);
    TlsConfig swapped = new TlsConfig(tls.certificate(), tls.certificate());
    WireServer other = new WireServer(engine, WireConfig.builder(0).tls(swapped).build());
    IOException error = assertThrows(IOException.class, other::start);
    // A certificate is public, and its file's permissions say so where they matter.
    assertTrue(error.getMessage().contains("private key file"), error.getMessage());
  }
}
