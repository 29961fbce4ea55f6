package io.trencadis.sql.functions;

import java.security.MessageDigest;
import java.util.Arrays;

/// The password hash that begins with `$1$`: a thousand rounds of MD5, as FreeBSD's `crypt` made
/// them in 1994.
final class Md5Crypt {
  private static final String DIGITS =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ROUNDS = 1000;
  static final int SALT_LENGTH = 8;

  private Md5Crypt() {}

  /// @param salt what stands behind `$1$`: up to eight characters, and a dollar sign if there is
  ///   more
  static String hash(byte[] password, String salt) {
    int end = salt.indexOf('$') < 0 ? salt.length() : salt.indexOf('$');
    String own = salt.substring(0, Math.min(end, SALT_LENGTH));
    byte[] saltBytes = own.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    MessageDigest digest = CryptoFunctions.digest("MD5");
    byte[] mixed = concat(digest, password, saltBytes, password);
    digest.update(password);
    digest.update("$1$".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    digest.update(saltBytes);
    for (int left = password.length; left > 0; left -= 16) {
      digest.update(mixed, 0, Math.min(left, 16));
    }
    for (int bits = password.length; bits != 0; bits >>= 1) {
      digest.update((bits & 1) != 0 ? 0 : password[0]);
    }
    byte[] hash = digest.digest();
    for (int round = 0; round < ROUNDS; round++) {
      digest.update((round & 1) != 0 ? password : hash);
      if (round % 3 != 0) {
        digest.update(saltBytes);
      }
      if (round % 7 != 0) {
        digest.update(password);
      }
      digest.update((round & 1) != 0 ? hash : password);
      hash = digest.digest();
    }
    StringBuilder out = new StringBuilder("$1$").append(own).append('$');
    for (int i = 0; i < 5; i++) {
      int third = i == 4 ? 5 : i + 12;
      append(out, (hash[i] & 0xff) << 16 | (hash[i + 6] & 0xff) << 8 | hash[third] & 0xff, 4);
    }
    append(out, hash[11] & 0xff, 2);
    return out.toString();
  }

  private static byte[] concat(MessageDigest digest, byte[]... parts) {
    Arrays.stream(parts).forEach(digest::update);
    return digest.digest();
  }

  private static void append(StringBuilder out, int bits, int digits) {
    int left = bits;
    for (int i = 0; i < digits; i++, left >>>= 6) {
      out.append(DIGITS.charAt(left & 0x3f));
    }
  }

  /// Characters for a salt.
  static String salt(byte[] random) {
    StringBuilder out = new StringBuilder();
    for (byte each : random) {
      out.append(DIGITS.charAt(each & 0x3f));
    }
    return out.toString();
  }
}
