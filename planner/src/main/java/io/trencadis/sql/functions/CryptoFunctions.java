package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The functions of extension `pgcrypto` (manual, F.28), but for PGP's. The algorithms are the
/// JDK's; the password hashes are [Md5Crypt] and [Bcrypt].
final class CryptoFunctions {
  private static final Map<String, String> DIGESTS =
      Map.of(
          "md5", "MD5",
          "sha1", "SHA-1",
          "sha224", "SHA-224",
          "sha256", "SHA-256",
          "sha384", "SHA-384",
          "sha512", "SHA-512",
          "sha3-224", "SHA3-224",
          "sha3-256", "SHA3-256",
          "sha3-384", "SHA3-384",
          "sha3-512", "SHA3-512");

  /// Ciphers that pgcrypto has and this server has not.
  private static final Set<String> OTHER_CIPHERS = Set.of("bf", "blowfish", "des", "3des", "cast5");

  private static final int MOST_RANDOM_BYTES = 1024;
  private static final int BLOCK = 16;

  private CryptoFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn2("pg_digest", (data, name, cx) -> digestNamed((String) name).digest(bytes(data)));
    to.fn3("pg_hmac", (data, key, name, cx) -> hmac(bytes(data), bytes(key), (String) name));
    to.fn1("pg_random_bytes", (count, cx) -> randomBytes((Integer) count));
    to.fn0("pg_random_uuid", cx -> UUID.randomUUID());
    to.fn2("pg_crypt", (password, salt, cx) -> crypt((String) password, (String) salt));
    to.fn1("pg_gen_salt", (kind, cx) -> salt((String) kind, 0));
    to.fn2("pg_gen_salt_rounds", (kind, rounds, cx) -> salt((String) kind, (Integer) rounds));
    to.fn3(
        "pg_encrypt",
        (data, key, type, cx) -> cipher(true, bytes(data), bytes(key), null, (String) type));
    to.fn3(
        "pg_decrypt",
        (data, key, type, cx) -> cipher(false, bytes(data), bytes(key), null, (String) type));
    to.fnN(
        "pg_encrypt_iv",
        (args, cx) ->
            cipher(true, bytes(args[0]), bytes(args[1]), bytes(args[2]), (String) args[3]));
    to.fnN(
        "pg_decrypt_iv",
        (args, cx) ->
            cipher(false, bytes(args[0]), bytes(args[1]), bytes(args[2]), (String) args[3]));
  }

  private static byte[] bytes(Object value) {
    return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
  }

  private static SqlException unknown(String name, String what) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "Cannot use \"" + name + "\": No such " + what);
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw SqlException.internal("a JDK without " + algorithm);
    }
  }

  private static MessageDigest digestNamed(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String known = DIGESTS.get(lower);
    if (known == null) {
      throw unknown(lower, "hash algorithm");
    }
    return digest(known);
  }

  /// RFC 2104. The JDK's own takes no empty keys.
  private static byte[] hmac(byte[] data, byte[] key, String name) {
    MessageDigest digest = digestNamed(name);
    int block =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "sha384", "sha512" -> 128;
          case "sha3-224" -> 144;
          case "sha3-256" -> 136;
          case "sha3-384" -> 104;
          case "sha3-512" -> 72;
          default -> 64;
        };
    byte[] padded = Arrays.copyOf(key.length > block ? digest.digest(key) : key, block);
    byte[] inner = padded.clone();
    byte[] outer = padded.clone();
    for (int i = 0; i < block; i++) {
      inner[i] ^= 0x36;
      outer[i] ^= 0x5c;
    }
    digest.update(inner);
    byte[] first = digest.digest(data);
    digest.update(outer);
    return digest.digest(first);
  }

  private static SqlException failure(String message) {
    return new SqlException(SqlState.EXTERNAL_ROUTINE_INVOCATION_EXCEPTION, message);
  }

  private static byte[] randomBytes(int count) {
    if (count < 1 || count > MOST_RANDOM_BYTES) {
      throw failure("Length not in range");
    }
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  // ---- passwords

  private static String crypt(String password, String salt) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    if (salt.startsWith("$1$")) {
      return Md5Crypt.hash(bytes, salt.substring(3));
    }
    if (salt.matches("(?s)\\$2[a-z]\\$\\d\\d\\$.{" + Bcrypt.SALT_LENGTH + "}.*")) {
      int rounds = Integer.parseInt(salt.substring(4, 6));
      String hash =
          rounds < 4 || rounds > 31 || salt.charAt(2) != 'a'
              ? null
              : Bcrypt.hash(bytes, "$2a$", rounds, salt.substring(7));
      if (hash != null) {
        return hash;
      }
      if (salt.charAt(2) != 'a') {
        throw SqlException.notSupported(
            "crypt with a salt that begins with " + salt.substring(0, 4));
      }
    }
    if (salt.startsWith("$2") || salt.length() < 2) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid salt");
    }
    throw SqlException.notSupported("crypt with DES");
  }

  private static String salt(String kind, int rounds) {
    switch (kind.toLowerCase(Locale.ROOT)) {
      case "md5" -> {
        requireRounds(rounds == 0 || rounds == 1000);
        return "$1$" + Md5Crypt.salt(randomBytes(Md5Crypt.SALT_LENGTH));
      }
      case "bf" -> {
        int cost = rounds == 0 ? 6 : rounds;
        requireRounds(cost >= 4 && cost <= 31);
        return "$2a$" + (cost < 10 ? "0" : "") + cost + "$" + Bcrypt.encoded(randomBytes(16));
      }
      case "des", "xdes" -> throw SqlException.notSupported("gen_salt for " + kind);
      default ->
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "gen_salt: Unknown salt algorithm");
    }
  }

  private static void requireRounds(boolean right) {
    if (!right) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "gen_salt: Incorrect number of rounds");
    }
  }

  // ---- ciphers

  /// @param iv null for zeros
  /// @param type `algorithm[-mode][/pad:padding]`
  private static byte[] cipher(boolean encrypt, byte[] data, byte[] key, byte[] iv, String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    String[] parts = lower.split("/", 2);
    String[] names = parts[0].split("-", 2);
    String mode = names.length == 1 ? "cbc" : names[1];
    String padding = parts.length == 1 ? "pad:pkcs" : parts[1];
    if (OTHER_CIPHERS.contains(names[0])) {
      throw SqlException.notSupported("cipher " + names[0]);
    }
    if (!Set.of("aes", "rijndael").contains(names[0]) || !Set.of("cbc", "ecb").contains(mode)) {
      throw unknown(lower, "cipher algorithm");
    }
    if (!Set.of("pad:pkcs", "pad:none").contains(padding)) {
      throw unknown(lower, "cipher algorithm");
    }
    String verb = encrypt ? "encrypt" : "decrypt";
    if (key.length > 32) {
      throw failure(verb + " error: Key was too big");
    }
    int keyLength = key.length <= 16 ? 16 : key.length <= 24 ? 24 : 32;
    boolean pad = padding.equals("pad:pkcs");
    try {
      Cipher cipher =
          Cipher.getInstance(
              "AES/" + mode.toUpperCase(Locale.ROOT) + (pad ? "/PKCS5Padding" : "/NoPadding"));
      SecretKeySpec secret = new SecretKeySpec(Arrays.copyOf(key, keyLength), "AES");
      int direction = encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
      if (mode.equals("cbc")) {
        byte[] start = Arrays.copyOf(iv == null ? new byte[0] : iv, BLOCK);
        cipher.init(direction, secret, new IvParameterSpec(start));
      } else {
        cipher.init(direction, secret);
      }
      return cipher.doFinal(data);
    } catch (BadPaddingException | IllegalBlockSizeException e) {
      throw failure(verb + " error: " + (encrypt ? "En" : "De") + "cryption failed");
    } catch (GeneralSecurityException e) {
      throw SqlException.internal("a JDK without AES: " + e.getMessage());
    }
  }
}
