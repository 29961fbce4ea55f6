package io.trencadis.wire.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// The client's side of one SCRAM-SHA-256 exchange without channel binding (RFC 5802, RFC 7677):
/// [#first], then [#proof], then [#verify]. Confined to one thread.
public final class ScramClient {
  /// Its name among the server's mechanisms.
  public static final String MECHANISM = "SCRAM-SHA-256";

  private static final int NONCE_BYTES = 18;
  private static final String NO_BINDING = "n,,";

  private final String password;
  private final String nonce;
  private final String firstBare;
  private byte[] serverSignature;

  public ScramClient(String password, SecureRandom random) {
    this.password = password;
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    nonce = Base64.getEncoder().encodeToString(bytes);
    // PostgreSQL takes the name from the start-up message.
    firstBare = "n=,r=" + nonce;
  }

  /// The first message.
  public String first() {
    return NO_BINDING + firstBare;
  }

  /// The answer to the server's first message.
  ///
  /// @throws IOException if that does not answer ours
  public String proof(String serverFirst) throws IOException {
    Map<Character, String> fields = fields(serverFirst);
    String both = fields.get('r');
    if (both == null
        || !both.startsWith(nonce)
        || fields.get('s') == null
        || fields.get('i') == null) {
      throw new IOException("the server's authentication makes no sense");
    }
    byte[] salted;
    try {
      salted =
          ScramVerifier.saltedPassword(
              SaslPrep.prepare(password),
              Base64.getDecoder().decode(fields.get('s')),
              Integer.parseInt(fields.get('i')));
    } catch (IllegalArgumentException e) {
      throw new IOException("the server's authentication makes no sense", e);
    }
    String last = "c=" + Base64.getEncoder().encodeToString(utf8(NO_BINDING)) + ",r=" + both;
    byte[] message = utf8(firstBare + "," + serverFirst + "," + last);
    byte[] clientKey = ScramVerifier.hmac(salted, utf8("Client Key"));
    byte[] proof = ScramVerifier.hmac(ScramVerifier.sha256(clientKey), message);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    serverSignature = ScramVerifier.hmac(ScramVerifier.hmac(salted, utf8("Server Key")), message);
    return last + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /// Checks that the server knows the password too.
  ///
  /// @throws IOException if it does not
  public void verify(String serverLast) throws IOException {
    String signature = fields(serverLast).get('v');
    if (signature == null
        || serverSignature == null
        || !MessageDigest.isEqual(
            utf8(signature), utf8(Base64.getEncoder().encodeToString(serverSignature)))) {
      throw new IOException("the server does not know the password: it is not the one it claims");
    }
  }

  private static Map<Character, String> fields(String message) {
    Map<Character, String> fields = new HashMap<>();
    for (String field : message.split(",")) {
      if (field.length() > 1 && field.charAt(1) == '=') {
        fields.put(field.charAt(0), field.substring(2));
      }
    }
    return fields;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
