package io.trencadis.wire.tls;

import io.trencadis.base.ByteWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// As much of ASN.1's distinguished encoding (X.690) as a certificate takes.
final class Der {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter SHORT_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Instant FIFTY = Instant.parse("2050-01-01T00:00:00Z");

  private Der() {}

  /// Tag, length, content.
  static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteWriter out = new ByteWriter(length + 6).putByte(tag);
    if (length < 0x80) {
      out.putByte(length);
    } else if (length < 0x100) {
      out.putByte(0x81).putByte(length);
    } else if (length < 0x10000) {
      out.putByte(0x82).putShort(length);
    } else {
      throw new IllegalArgumentException("an element of " + length + " bytes in a certificate");
    }
    for (byte[] part : parts) {
      out.putBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return element(0x30, parts);
  }

  static byte[] set(byte[]... parts) {
    return element(0x31, parts);
  }

  static byte[] integer(BigInteger value) {
    return element(0x02, value.toByteArray());
  }

  static byte[] bool(boolean value) {
    return element(0x01, new byte[] {(byte) (value ? 0xff : 0)});
  }

  static byte[] octets(byte[] value) {
    return element(0x04, value);
  }

  /// A bit string of whole bytes.
  static byte[] bits(byte[] value) {
    return element(0x03, new byte[1], value);
  }

  static byte[] utf8(String text) {
    return element(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  /// UTCTime until 2049, as RFC 5280 demands, and GeneralizedTime from then on.
  static byte[] time(Instant instant) {
    if (instant.isBefore(FIFTY)) {
      return element(0x17, SHORT_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }
    return element(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  /// An object identifier, written with dots.
  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.");
    ByteWriter body = new ByteWriter();
    base128(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]), body);
    for (int i = 2; i < arcs.length; i++) {
      base128(Integer.parseInt(arcs[i]), body);
    }
    return element(0x06, body.toByteArray());
  }

  private static void base128(int value, ByteWriter out) {
    int groups = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      groups++;
    }
    for (int i = groups - 1; i >= 0; i--) {
      out.putByte(value >>> 7 * i & 0x7f | (i == 0 ? 0 : 0x80));
    }
  }
}
