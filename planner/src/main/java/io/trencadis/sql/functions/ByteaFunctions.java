package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Functions of byte strings: parts, bits, hashes, and their encodings as text.
final class ByteaFunctions {
  private ByteaFunctions() {}

  private static byte[] bin(Object value) {
    return (byte[]) value;
  }

  static void register(Builtins.Registry to) {
    to.fn1("byteaoctetlen", (a, cx) -> bin(a).length);
    to.fn1("#1810", (a, cx) -> bin(a).length * 8);
    to.fn2("byteacat", (a, b, cx) -> concat(bin(a), bin(b)));
    to.fn3(
        "bytea_substr",
        (a, b, c, cx) -> {
          int length = (Integer) c;
          if (length < 0) {
            throw new SqlException(
                SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
          }
          return slice(bin(a), (Integer) b - 1L, (Integer) b - 1L + length);
        });
    to.fn2("bytea_substr_no_len", (a, b, cx) -> slice(bin(a), (Integer) b - 1L, Integer.MAX_VALUE));
    to.fn2("byteapos", (a, b, cx) -> indexOf(bin(a), bin(b)) + 1);
    to.fnN(
        "byteaoverlay",
        (args, cx) -> overlay(bin(args[0]), bin(args[1]), (Integer) args[2], (Integer) args[3]));
    to.fn3(
        "byteaoverlay_no_len",
        (a, b, c, cx) -> overlay(bin(a), bin(b), (Integer) c, bin(b).length));
    to.fn2("byteatrim", (a, b, cx) -> trim(bin(a), bin(b), true, true));
    to.fn2("bytealtrim", (a, b, cx) -> trim(bin(a), bin(b), true, false));
    to.fn2("byteartrim", (a, b, cx) -> trim(bin(a), bin(b), false, true));
    bits(to);
    hashes(to);
    encodings(to);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] slice(byte[] bytes, long from, long to) {
    int start = (int) Math.max(0, Math.min(from, bytes.length));
    return Arrays.copyOfRange(bytes, start, (int) Math.max(start, Math.min(to, bytes.length)));
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] overlay(byte[] bytes, byte[] replacement, int start, int length) {
    if (start <= 0) {
      throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return concat(
        concat(slice(bytes, 0, start - 1L), replacement),
        slice(bytes, start - 1L + length, Integer.MAX_VALUE));
  }

  private static byte[] trim(byte[] bytes, byte[] set, boolean left, boolean right) {
    int from = 0;
    int to = bytes.length;
    while (left && from < to && contains(set, bytes[from])) {
      from++;
    }
    while (right && to > from && contains(set, bytes[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static boolean contains(byte[] set, byte b) {
    for (byte each : set) {
      if (each == b) {
        return true;
      }
    }
    return false;
  }

  private static SqlException outOfRange(long index, long last) {
    return new SqlException(
        SqlState.ARRAY_ELEMENT_ERROR, "index " + index + " out of valid range, 0.." + last);
  }

  private static void bits(Builtins.Registry to) {
    to.fn2("byteaGetByte", (a, b, cx) -> bin(a)[checked((Integer) b, bin(a).length)] & 0xff);
    to.fn3(
        "byteaSetByte",
        (a, b, c, cx) -> {
          byte[] copy = bin(a).clone();
          copy[checked((Integer) b, copy.length)] = (byte) (int) (Integer) c;
          return copy;
        });
    to.fn2(
        "byteaGetBit",
        (a, b, cx) -> {
          long bit = checkedBit((Long) b, bin(a).length);
          return (bin(a)[(int) (bit / 8)] >> (bit % 8)) & 1;
        });
    to.fn3(
        "byteaSetBit",
        (a, b, c, cx) -> {
          byte[] copy = bin(a).clone();
          long bit = checkedBit((Long) b, copy.length);
          int value = (Integer) c;
          if (value != 0 && value != 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
          }
          int mask = 1 << (bit % 8);
          copy[(int) (bit / 8)] =
              (byte) (value == 1 ? copy[(int) (bit / 8)] | mask : copy[(int) (bit / 8)] & ~mask);
          return copy;
        });
    to.fn1(
        "bytea_bit_count",
        (a, cx) -> {
          long count = 0;
          for (byte b : bin(a)) {
            count += Integer.bitCount(b & 0xff);
          }
          return count;
        });
  }

  private static int checked(int index, int length) {
    if (index < 0 || index >= length) {
      throw outOfRange(index, length - 1L);
    }
    return index;
  }

  private static long checkedBit(long bit, int length) {
    if (bit < 0 || bit >= length * 8L) {
      throw outOfRange(bit, length * 8L - 1);
    }
    return bit;
  }

  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  static String hash(String algorithm, byte[] bytes) {
    return HexFormat.of().formatHex(digest(algorithm, bytes));
  }

  private static void hashes(Builtins.Registry to) {
    to.fn1("md5_bytea", (a, cx) -> hash("MD5", bin(a)));
    to.fn1("sha224_bytea", (a, cx) -> digest("SHA-224", bin(a)));
    to.fn1("sha256_bytea", (a, cx) -> digest("SHA-256", bin(a)));
    to.fn1("sha384_bytea", (a, cx) -> digest("SHA-384", bin(a)));
    to.fn1("sha512_bytea", (a, cx) -> digest("SHA-512", bin(a)));
  }

  private static void encodings(Builtins.Registry to) {
    to.fn2("binary_encode", (a, b, cx) -> TextEncodings.encode(bin(a), (String) b));
    to.fn2("binary_decode", (a, b, cx) -> TextEncodings.decode((String) a, (String) b));
    to.fn2(
        "pg_convert_to",
        (a, b, cx) ->
            Encoding.convert(
                Encoding.UTF8.encode((String) a), Encoding.UTF8, destination((String) b)));
    to.fn2("pg_convert_from", (a, b, cx) -> text(bin(a), source((String) b)));
    to.fn3(
        "pg_convert",
        (a, b, c, cx) -> Encoding.convert(bin(a), source((String) b), destination((String) c)));
    to.fn2(
        "length_in_encoding",
        (a, b, cx) -> encoding((String) b, "invalid encoding name \"").length(bin(a)));
  }

  private static String text(byte[] bytes, Encoding source) {
    return Encoding.UTF8.decode(Encoding.convert(bytes, source, Encoding.UTF8));
  }

  private static Encoding source(String name) {
    return encoding(name, "invalid source encoding name \"");
  }

  private static Encoding destination(String name) {
    return encoding(name, "invalid destination encoding name \"");
  }

  private static Encoding encoding(String name, String complaint) {
    Encoding found = Encoding.named(name);
    if (found == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, complaint + name + "\"");
    }
    return found;
  }
}
