package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.BitString;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;

/// Functions and operators of bit strings.
final class BitStringFunctions {
  private static final int INT_BITS = 32;
  private static final int LONG_BITS = 64;

  private BitStringFunctions() {}

  private static BitString bits(Object value) {
    return (BitString) value;
  }

  private static SqlException error(SqlState state, String message) {
    return new SqlException(state, message);
  }

  static void register(Builtins.Registry to) {
    TypeCodec codec = Types.VARBIT.codec();
    to.fn2("biteq", (a, b, cx) -> codec.compare(a, b) == 0);
    to.fn2("bitne", (a, b, cx) -> codec.compare(a, b) != 0);
    to.fn2("bitlt", (a, b, cx) -> codec.compare(a, b) < 0);
    to.fn2("bitle", (a, b, cx) -> codec.compare(a, b) <= 0);
    to.fn2("bitgt", (a, b, cx) -> codec.compare(a, b) > 0);
    to.fn2("bitge", (a, b, cx) -> codec.compare(a, b) >= 0);
    to.fn2("bitcmp", (a, b, cx) -> Integer.signum(codec.compare(a, b)));
    to.fn3("bit", (a, b, c, cx) -> Types.BIT.codec().coerceTypmod(a, (Integer) b, (Boolean) c));
    to.fn3("varbit", (a, b, c, cx) -> codec.coerceTypmod(a, (Integer) b, (Boolean) c));
    to.fn2("bit_and", (a, b, cx) -> combined(bits(a), bits(b), '&'));
    to.fn2("bit_or", (a, b, cx) -> combined(bits(a), bits(b), '|'));
    to.fn2("bitxor", (a, b, cx) -> combined(bits(a), bits(b), '#'));
    to.fn1("bitnot", (a, cx) -> inverted(bits(a)));
    to.fn2("bitcat", (a, b, cx) -> bits(a).concat(bits(b)));
    to.fn2("bitshiftleft", (a, b, cx) -> shifted(bits(a), (Integer) b));
    to.fn2("bitshiftright", (a, b, cx) -> shifted(bits(a), -(long) (Integer) b));
    to.fn1("bitlength", (a, cx) -> bits(a).length());
    to.fn1("bitoctetlength", (a, cx) -> bits(a).bytes().length);
    to.fn1("bit_bit_count", (a, cx) -> count(bits(a)));
    to.fn3("bitsubstr", (a, b, c, cx) -> substring(bits(a), (Integer) b, (Integer) c));
    to.fn2("bitsubstr_no_len", (a, b, cx) -> substring(bits(a), (Integer) b, null));
    to.fn2("bitposition", (a, b, cx) -> position(bits(a), bits(b)));
    to.fnN(
        "bitoverlay",
        (args, cx) -> overlay(bits(args[0]), bits(args[1]), (Integer) args[2], (Integer) args[3]));
    to.fn3(
        "bitoverlay_no_len",
        (a, b, c, cx) -> overlay(bits(a), bits(b), (Integer) c, bits(b).length()));
    to.fn2("bitgetbit", (a, b, cx) -> bits(a).bit(index(bits(a), (Integer) b)) ? 1 : 0);
    to.fn3("bitsetbit", (a, b, c, cx) -> set(bits(a), (Integer) b, (Integer) c));
    to.fn2("bitfromint4", (a, b, cx) -> ofNumber((Integer) a, (Integer) b));
    to.fn2("bitfromint8", (a, b, cx) -> ofNumber((Long) a, (Integer) b));
    to.fn1("bittoint4", (a, cx) -> (int) number(bits(a), INT_BITS, "integer out of range"));
    to.fn1("bittoint8", (a, cx) -> number(bits(a), LONG_BITS, "bigint out of range"));
  }

  /// @param operator `&`, `|` or `#`
  static BitString combined(BitString a, BitString b, char operator) {
    if (a.length() != b.length()) {
      String name = operator == '&' ? "AND" : operator == '|' ? "OR" : "XOR";
      throw error(
          SqlState.STRING_DATA_LENGTH_MISMATCH,
          "cannot " + name + " bit strings of different sizes");
    }
    byte[] out = new byte[a.bytes().length];
    for (int i = 0; i < out.length; i++) {
      int x = a.bytes()[i];
      int y = b.bytes()[i];
      out[i] = (byte) (operator == '&' ? x & y : operator == '|' ? x | y : x ^ y);
    }
    return BitString.of(out, a.length());
  }

  private static BitString inverted(BitString a) {
    byte[] out = new byte[a.bytes().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) ~a.bytes()[i];
    }
    return BitString.of(out, a.length());
  }

  /// @param left places to the left; negative ones to the right
  private static BitString shifted(BitString a, long left) {
    if (Math.abs(left) >= a.length()) {
      return BitString.of(new byte[0], a.length());
    }
    int by = (int) left;
    return by >= 0
        ? a.slice(by, a.length()).resized(a.length())
        : BitString.of(new byte[0], -by).concat(a.slice(0, a.length() + by));
  }

  private static long count(BitString a) {
    long count = 0;
    for (byte b : a.bytes()) {
      count += Integer.bitCount(b & 0xff);
    }
    return count;
  }

  private static BitString substring(BitString a, int from, Integer count) {
    long end = count == null ? (long) a.length() + 1 : (long) from + count;
    if (count != null && count < 0) {
      if (end < Integer.MIN_VALUE) {
        end = from;
      }
      throw error(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    int first = Math.clamp((long) from - 1, 0, a.length());
    int last = Math.clamp(end - 1, first, a.length());
    return a.slice(first, last);
  }

  private static int position(BitString in, BitString wanted) {
    if (in.length() == 0 || wanted.length() > in.length()) {
      return 0;
    }
    for (int at = 0; at + wanted.length() <= in.length(); at++) {
      int i = 0;
      while (i < wanted.length() && in.bit(at + i) == wanted.bit(i)) {
        i++;
      }
      if (i == wanted.length()) {
        return at + 1;
      }
    }
    return 0;
  }

  private static BitString overlay(BitString a, BitString b, int from, int count) {
    if (from <= 0) {
      throw error(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long rest = (long) from + count;
    if (rest > Integer.MAX_VALUE) {
      throw error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    }
    return substring(a, 1, from - 1).concat(b).concat(substring(a, (int) rest, null));
  }

  private static int index(BitString a, int index) {
    if (index < 0 || index >= a.length()) {
      throw error(
          SqlState.ARRAY_ELEMENT_ERROR,
          "bit index " + index + " out of valid range (0.." + (a.length() - 1) + ")");
    }
    return index;
  }

  private static BitString set(BitString a, int index, int value) {
    index(a, index);
    if (value != 0 && value != 1) {
      throw error(SqlState.INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
    }
    return a.with(index, value == 1);
  }

  private static BitString ofNumber(long number, int typmod) {
    return BitString.of(number, typmod <= 0 ? 1 : typmod);
  }

  private static long number(BitString a, int most, String complaint) {
    if (a.length() > most) {
      throw error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, complaint);
    }
    long number = 0;
    for (int i = 0; i < a.length(); i++) {
      number = number << 1 | (a.bit(i) ? 1 : 0);
    }
    return number;
  }
}
