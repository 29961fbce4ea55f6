package io.trencadis.sql.types;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Order-preserving bytes of numerics.
///
/// One class byte (the constants below, in order); for finite numbers other than 0 the exponent *e*
/// of the form 0.d1d2d3… × 10^e as four bytes, sign flipped; then pairs of digits, each as one byte
/// 1 + pair, and a zero byte at the end. Digits have no zeros at the end, so equal numbers have
/// equal bytes. Of negative numbers all bytes after the class are complemented.
final class NumericKeys {
  private static final int NEGATIVE_INFINITY = 0x10;
  private static final int NEGATIVE = 0x20;
  private static final int ZERO = 0x30;
  private static final int POSITIVE = 0x40;
  private static final int POSITIVE_INFINITY = 0x50;
  private static final int NAN = 0x60;

  private NumericKeys() {}

  static void encode(Numeric number, KeyWriter out) {
    ByteWriter bytes = new ByteWriter(24);
    if (number.isNaN()) {
      bytes.putByte(NAN);
    } else if (number.isInfinite()) {
      bytes.putByte(number.signum() > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY);
    } else if (number.signum() == 0) {
      bytes.putByte(ZERO);
    } else {
      BigDecimal value = number.decimal();
      String digits = value.unscaledValue().abs().toString();
      int exponent = digits.length() - value.scale();
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      bytes.putByte(value.signum() > 0 ? POSITIVE : NEGATIVE);
      bytes.putInt(exponent ^ Integer.MIN_VALUE);
      for (int i = 0; i < end; i += 2) {
        int low = i + 1 < end ? digits.charAt(i + 1) - '0' : 0;
        bytes.putByte(1 + (digits.charAt(i) - '0') * 10 + low);
      }
      bytes.putByte(0);
      if (value.signum() < 0) {
        for (int i = 1; i < bytes.length(); i++) {
          bytes.array()[i] = (byte) ~bytes.array()[i];
        }
      }
    }
    out.putRaw(bytes.toByteArray());
  }

  static Numeric decode(KeyReader in) {
    int kind = in.getRawByte();
    switch (kind) {
      case NAN:
        return Numeric.NAN;
      case POSITIVE_INFINITY:
        return Numeric.POSITIVE_INFINITY;
      case NEGATIVE_INFINITY:
        return Numeric.NEGATIVE_INFINITY;
      case ZERO:
        return Numeric.ZERO;
      case POSITIVE, NEGATIVE:
        break;
      default:
        throw new IllegalStateException("numeric key class " + kind);
    }
    int mask = kind == NEGATIVE ? 0xff : 0;
    int exponent = 0;
    for (int i = 0; i < 4; i++) {
      exponent = (exponent << 8) | (in.getRawByte() ^ mask);
    }
    exponent ^= Integer.MIN_VALUE;
    StringBuilder digits = new StringBuilder();
    for (int pair = in.getRawByte() ^ mask; pair != 0; pair = in.getRawByte() ^ mask) {
      digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
    }
    if (digits.charAt(digits.length() - 1) == '0') {
      digits.setLength(digits.length() - 1);
    }
    BigDecimal value =
        new BigDecimal(new BigInteger(digits.toString()), digits.length() - exponent);
    return Numeric.of(kind == NEGATIVE ? value.negate() : value);
  }
}
