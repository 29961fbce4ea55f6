package io.trencadis.wire.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a server keeps instead of a password (RFC 5803), in PostgreSQL's form: from it a proof can
/// be checked, and neither the password nor a proof can be made.
///
/// @param iterations how often the password was hashed
/// @param storedKey SHA-256 of the client's key
/// @param serverKey what the server proves itself with
public record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
  /// PostgreSQL's number of iterations and bytes of salt.
  public static final int DEFAULT_ITERATIONS = 4096;

  public static final int SALT_BYTES = 16;

  private static final int KEY_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "SCRAM-SHA-256\\$([0-9]{1,9}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

  /// The verifier of a password, with a new salt.
  public static ScramVerifier create(String password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return create(password, salt, DEFAULT_ITERATIONS);
  }

  /// The verifier of a password with this salt.
  public static ScramVerifier create(String password, byte[] salt, int iterations) {
    byte[] salted = saltedPassword(SaslPrep.prepare(password), salt, iterations);
    byte[] storedKey = sha256(hmac(salted, ascii("Client Key")));
    return new ScramVerifier(
        iterations, salt.clone(), storedKey, hmac(salted, ascii("Server Key")));
  }

  /// Reads `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`; null if the text is something else.
  public static ScramVerifier parse(String text) {
    Matcher parts = text == null ? null : FORM.matcher(text);
    if (parts == null || !parts.matches()) {
      return null;
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      byte[] salt = base64.decode(parts.group(2));
      byte[] storedKey = base64.decode(parts.group(3));
      byte[] serverKey = base64.decode(parts.group(4));
      int iterations = Integer.parseInt(parts.group(1));
      boolean whole =
          iterations > 0 && storedKey.length == KEY_BYTES && serverKey.length == KEY_BYTES;
      return whole ? new ScramVerifier(iterations, salt, storedKey, serverKey) : null;
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /// The text that [#parse] reads.
  public String format() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "SCRAM-SHA-256$"
        + iterations
        + ":"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(storedKey)
        + ":"
        + base64.encodeToString(serverKey);
  }

  /// Whether this is the verifier of `password`. Slow on purpose.
  public boolean matches(String password) {
    ScramVerifier candidate = create(password, salt, iterations);
    return MessageDigest.isEqual(candidate.storedKey, storedKey);
  }

  /// Whether `proof` over `authMessage` was made by someone who knows the password.
  boolean accepts(byte[] proof, String authMessage) {
    byte[] signature = hmac(storedKey, utf8(authMessage));
    if (proof.length != signature.length) {
      return false;
    }
    byte[] clientKey = new byte[signature.length];
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] = (byte) (proof[i] ^ signature[i]);
    }
    return MessageDigest.isEqual(sha256(clientKey), storedKey);
  }

  /// The server's own proof.
  byte[] serverSignature(String authMessage) {
    return hmac(serverKey, utf8(authMessage));
  }

  /// Keys are secrets.
  @Override
  public String toString() {
    return "ScramVerifier[iterations=" + iterations + "]";
  }

  /// RFC 5802's Hi(), which is PBKDF2 with one block. By hand because the JDK's takes chars and
  /// would need bytes.
  static byte[] saltedPassword(byte[] password, byte[] salt, int iterations) {
    Mac mac = mac(password);
    mac.update(salt);
    mac.update(new byte[] {0, 0, 0, 1});
    byte[] round = mac.doFinal();
    byte[] result = round.clone();
    for (int i = 1; i < iterations; i++) {
      round = mac.doFinal(round);
      for (int j = 0; j < result.length; j++) {
        result[j] ^= round[j];
      }
    }
    return result;
  }

  static byte[] hmac(byte[] key, byte[] message) {
    return mac(key).doFinal(message);
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // An empty key is legal for HMAC but not for SecretKeySpec; a zero byte is the same key after
      // padding.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
