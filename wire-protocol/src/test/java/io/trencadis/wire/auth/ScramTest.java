package io.trencadis.wire.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ScramTest {
  private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String CLIENT_FIRST = "n,,n=user,r=" + CLIENT_NONCE;
  private static final String CLIENT_FINAL =
      "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

  /// The verifier of RFC 7677, section 3: user "user", password "pencil".
  private static final ScramVerifier VERIFIER =
      ScramVerifier.create("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

  private static ScramServer server(boolean doomed, byte[] binding) {
    return new ScramServer(VERIFIER, doomed, SERVER_NONCE, binding);
  }

  @Test
  void theExampleOfRfc7677ComesOutToTheLetter() {
    ScramServer server = server(false, null);
    assertEquals(
        "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        server.challenge(ScramServer.PLAIN, CLIENT_FIRST));
    assertEquals("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", server.finish(CLIENT_FINAL));
  }

  @Test
  void theRightProofIsNotEnoughForAMadeUpVerifier() {
    ScramServer server = server(true, null);
    server.challenge(ScramServer.PLAIN, CLIENT_FIRST);
    assertNull(server.finish(CLIENT_FINAL));
  }

  @Test
  void aWrongProofIsRefused() {
    ScramServer server = server(false, null);
    server.challenge(ScramServer.PLAIN, CLIENT_FIRST);
    assertNull(server.finish(CLIENT_FINAL.replace("p=dH", "p=dG")));
  }

  @Test
  void aReplayedNonceIsRefused() {
    ScramServer server = new ScramServer(VERIFIER, false, "another", null);
    server.challenge(ScramServer.PLAIN, CLIENT_FIRST);
    SqlException error = assertThrows(SqlException.class, () -> server.finish(CLIENT_FINAL));
    assertEquals("08P01", error.state().code());
  }

  @Test
  void aClientThatWasTalkedOutOfChannelBindingIsTold() {
    SqlException error =
        assertThrows(
            SqlException.class,
            () -> server(false, new byte[32]).challenge(ScramServer.PLAIN, "y,,n=,r=abc"));
    assertEquals("28000", error.state().code());
    assertNotNull(server(false, null).challenge(ScramServer.PLAIN, "y,,n=,r=abc"));
  }

  @Test
  void channelBindingToAnotherCertificateIsRefused() {
    byte[] header = "p=tls-server-end-point,,".getBytes(StandardCharsets.US_ASCII);
    byte[] bound = java.util.Arrays.copyOf(header, header.length + 32);
    ScramServer server = server(false, new byte[] {1});
    String challenge = server.challenge(ScramServer.PLUS, "p=tls-server-end-point,,n=,r=abc");
    String nonce = challenge.substring(0, challenge.indexOf(','));
    String sent = "c=" + Base64.getEncoder().encodeToString(bound) + "," + nonce + ",p=AAAA";
    SqlException error = assertThrows(SqlException.class, () -> server.finish(sent));
    assertEquals("SCRAM channel binding check failed", error.getMessage());
  }

  @Test
  void nonsenseIsAProtocolViolationAndNothingWorse() {
    SecureRandom random = new SecureRandom(new byte[] {1});
    String[] pieces = {
      "n", "y", "p=", "tls-unique", ",", "=", "r=", "c=", "p=", "AAAA", "m=x", "a=b", "é", "\0"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder first = new StringBuilder();
      StringBuilder last = new StringBuilder();
      for (int j = random.nextInt(8); j >= 0; j--) {
        first.append(pieces[random.nextInt(pieces.length)]);
        last.append(pieces[random.nextInt(pieces.length)]);
      }
      ScramServer server = server(false, i % 2 == 0 ? null : new byte[32]);
      try {
        server.challenge(i % 3 == 0 ? ScramServer.PLAIN : ScramServer.PLUS, first.toString());
      } catch (SqlException expected) {
        server.challenge(ScramServer.PLAIN, CLIENT_FIRST);
      }
      try {
        assertNull(server.finish(last.toString()));
      } catch (SqlException expected) {
        assertTrue(expected.getMessage().length() > 0);
      }
    }
  }

  @Test
  void verifiersAreReadAndWrittenAsPostgresDoes() {
    // Made by PostgreSQL 15 for the password "sécret pass".
    String text =
        "SCRAM-SHA-256$4096:6iJhaI9XLbGaAP9G6o4JkA==$cRhkGKN9IQoQJCFvMs"
            + "Wf1C6UWh9ykTKsa+WV3FmQY54=:6UwVs/uQLL+Q+eHmowQGmN2gQOvJklRfmCqee+KYZD4=";
    ScramVerifier verifier = ScramVerifier.parse(text);
    assertEquals(text, verifier.format());
    assertTrue(verifier.matches("s\u00e9cret pass"));
    assertTrue(verifier.matches("se\u0301cret\u00a0pass"), "the same after SASLprep");
    assertFalse(verifier.matches("secret pass"));
    assertNull(ScramVerifier.parse("md5abcdef"));
    assertNull(ScramVerifier.parse("SCRAM-SHA-256$4096:AAAA$AAAA:AAAA"));
    assertNull(ScramVerifier.parse(null));
  }

  @Test
  void saslPrepFollowsTheExamplesOfRfc4013() {
    assertArrayEquals(utf8("IX"), SaslPrep.prepare("I\u00adX"));
    assertArrayEquals(utf8("a"), SaslPrep.prepare("\u00aa"));
    assertArrayEquals(utf8("IX"), SaslPrep.prepare("\u2168"));
    assertArrayEquals(utf8("\u0007"), SaslPrep.prepare("\u0007"), "prohibited, so as it stands");
    assertArrayEquals(
        utf8("\u06271"), SaslPrep.prepare("\u06271"), "unsound bidi, so as it stands");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
