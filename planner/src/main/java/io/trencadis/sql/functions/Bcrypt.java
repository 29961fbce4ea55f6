package io.trencadis.sql.functions;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The password hash that begins with `$2a$`.
///
/// Provos and Mazières, A Future-Adaptable Password Scheme, USENIX 1999; the cipher is Blowfish
/// (Schneier, FSE 1993), whose tables begin as the digits of π.
final class Bcrypt {
  private static final String DIGITS =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int SALT_BYTES = 16;
  private static final int PASSWORD_BYTES = 72;
  private static final int SUBKEYS = 18;
  private static final int BOXES = 1024;
  static final int SALT_LENGTH = 22;

  private final int[] subkeys;
  private final int[] boxes;

  private Bcrypt() {
    int[] pi = Pi.WORDS;
    subkeys = Arrays.copyOf(pi, SUBKEYS);
    boxes = Arrays.copyOfRange(pi, SUBKEYS, SUBKEYS + BOXES);
  }

  /// The fraction of π in words of 32 bits, by Machin's formula.
  private static final class Pi {
    static final int[] WORDS = words();

    private static int[] words() {
      int count = SUBKEYS + BOXES;
      int bits = count * 32 + 64;
      BigInteger one = BigInteger.ONE.shiftLeft(bits);
      BigInteger pi =
          inverseTangent(one, 5)
              .multiply(BigInteger.valueOf(16))
              .subtract(inverseTangent(one, 239).multiply(BigInteger.valueOf(4)));
      BigInteger fraction = pi.subtract(one.multiply(BigInteger.valueOf(3))).shiftRight(64);
      int[] words = new int[count];
      for (int i = count - 1; i >= 0; i--) {
        words[i] = fraction.intValue();
        fraction = fraction.shiftRight(32);
      }
      return words;
    }

    /// arctan(1/x) in units of `one`.
    private static BigInteger inverseTangent(BigInteger one, int x) {
      BigInteger square = BigInteger.valueOf((long) x * x);
      BigInteger term = one.divide(BigInteger.valueOf(x));
      BigInteger sum = term;
      for (int n = 3; term.signum() != 0; n += 2) {
        term = term.divide(square).negate();
        sum = sum.add(term.divide(BigInteger.valueOf(n)));
      }
      return sum;
    }
  }

  /// @param rounds the logarithm of the number of rounds, 4 to 31
  /// @param salt its 22 characters
  /// @return null for a salt with other characters in it
  static String hash(byte[] password, String prefix, int rounds, String salt) {
    byte[] saltBytes = decoded(salt);
    if (saltBytes == null) {
      return null;
    }
    // The zero byte that ends a string in C is part of the key.
    byte[] key = Arrays.copyOf(password, Math.min(password.length + 1, PASSWORD_BYTES));
    Bcrypt state = new Bcrypt();
    state.expand(saltBytes, key);
    byte[] none = new byte[SALT_BYTES];
    for (long round = 0; round < 1L << rounds; round++) {
      state.expand(none, key);
      state.expand(none, saltBytes);
    }
    byte[] text = "OrpheanBeholderScryDoubt".getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[text.length];
    for (int block = 0; block < text.length; block += 8) {
      long value = word(text, block) << 32 | word(text, block + 4);
      for (int i = 0; i < 64; i++) {
        value = state.encrypt(value);
      }
      for (int i = 0; i < 8; i++) {
        out[block + i] = (byte) (value >>> 56 - 8 * i);
      }
    }
    return prefix
        + (rounds < 10 ? "0" : "")
        + rounds
        + "$"
        + encoded(saltBytes)
        + encoded(Arrays.copyOf(out, out.length - 1));
  }

  private static long word(byte[] bytes, int at) {
    long word = 0;
    for (int i = 0; i < 4; i++) {
      word = word << 8 | bytes[(at + i) % bytes.length] & 0xff;
    }
    return word;
  }

  private void expand(byte[] salt, byte[] key) {
    for (int i = 0; i < SUBKEYS; i++) {
      subkeys[i] ^= (int) word(key, i * 4);
    }
    long value = 0;
    int at = 0;
    for (int i = 0; i < SUBKEYS; i += 2, at += 8) {
      value = encrypt(value ^ (word(salt, at) << 32 | word(salt, at + 4)));
      subkeys[i] = (int) (value >>> 32);
      subkeys[i + 1] = (int) value;
    }
    for (int i = 0; i < BOXES; i += 2, at += 8) {
      value = encrypt(value ^ (word(salt, at) << 32 | word(salt, at + 4)));
      boxes[i] = (int) (value >>> 32);
      boxes[i + 1] = (int) value;
    }
  }

  private long encrypt(long block) {
    int left = (int) (block >>> 32);
    int right = (int) block;
    for (int i = 0; i < SUBKEYS - 2; i += 2) {
      left ^= subkeys[i];
      right ^= mixed(left);
      right ^= subkeys[i + 1];
      left ^= mixed(right);
    }
    left ^= subkeys[SUBKEYS - 2];
    right ^= subkeys[SUBKEYS - 1];
    return (long) right << 32 | left & 0xffff_ffffL;
  }

  private int mixed(int x) {
    return (boxes[x >>> 24] + boxes[256 + (x >>> 16 & 0xff)] ^ boxes[512 + (x >>> 8 & 0xff)])
        + boxes[768 + (x & 0xff)];
  }

  /// Three bytes as four digits, the first bits first.
  static String encoded(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    int bits = 0;
    int have = 0;
    for (byte each : bytes) {
      bits = bits << 8 | each & 0xff;
      for (have += 8; have >= 6; have -= 6) {
        out.append(DIGITS.charAt(bits >>> have - 6 & 0x3f));
      }
      bits &= (1 << have) - 1;
    }
    if (have > 0) {
      out.append(DIGITS.charAt(bits << 6 - have & 0x3f));
    }
    return out.toString();
  }

  private static byte[] decoded(String salt) {
    byte[] out = new byte[SALT_BYTES];
    int bits = 0;
    int have = 0;
    int count = 0;
    for (int i = 0; i < SALT_LENGTH; i++) {
      int digit = DIGITS.indexOf(salt.charAt(i));
      if (digit < 0) {
        return null;
      }
      bits = bits << 6 | digit;
      have += 6;
      if (have >= 8 && count < SALT_BYTES) {
        have -= 8;
        out[count++] = (byte) (bits >>> have);
        bits &= (1 << have) - 1;
      }
    }
    return out;
  }
}
