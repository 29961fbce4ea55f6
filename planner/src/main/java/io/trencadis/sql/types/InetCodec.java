package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Arrays;

/// `inet` and `cidr`.
final class InetCodec extends TypeCodec {
  private static final int V4 = 2;
  private static final int V6 = 3;
  private static final int HEADER = 4;

  private final boolean cidr;

  InetCodec(boolean cidr) {
    this.cidr = cidr;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return Inet.parse(text, cidr);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    Inet inet = (Inet) value;
    return cidr ? inet.host() + "/" + inet.prefix() : inet.toString();
  }

  private SqlException badBinary(String what) {
    return new SqlException(
        SqlState.INVALID_BINARY_REPRESENTATION,
        "invalid " + what + " in external \"" + (cidr ? "cidr" : "inet") + "\" value");
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    if (length < HEADER) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    int family = in.getByte();
    if (family != V4 && family != V6) {
      throw badBinary("address family");
    }
    int size = family == V4 ? 4 : 16;
    int prefix = in.getByte() & 0xff;
    if (prefix > size * 8) {
      throw badBinary("bits");
    }
    in.getByte();
    if (in.getByte() != size) {
      throw badBinary("length");
    }
    requireLength(size, length - HEADER);
    Inet inet = Inet.of(in.getBytes(size), prefix);
    if (cidr && !inet.equals(inet.network())) {
      throw new SqlException(
              SqlState.INVALID_BINARY_REPRESENTATION, "invalid external \"cidr\" value")
          .detail("Value has bits set to right of mask.");
    }
    return inet;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    Inet inet = (Inet) value;
    out.putByte(inet.isV4() ? V4 : V6)
        .putByte(inet.prefix())
        .putByte(cidr ? 1 : 0)
        .putByte(inet.address().length)
        .putBytes(inet.address());
  }

  @Override
  public int compare(Object a, Object b) {
    return ((Inet) a).compareTo((Inet) b);
  }

  @Override
  public long hash(Object value) {
    return mix(value.hashCode());
  }

  /// Family, the network with zeros behind, the prefix length, the address: a shorter network's
  /// zeros sort before whatever a longer one has there.
  @Override
  public void encodeKey(Object value, KeyWriter out) {
    Inet inet = (Inet) value;
    out.putRaw(new byte[] {(byte) inet.address().length});
    out.putRaw(inet.filled(inet.prefix(), false));
    out.putRaw(new byte[] {(byte) inet.prefix()});
    out.putRaw(inet.address());
  }

  @Override
  public Object decodeKey(KeyReader in) {
    byte[] address = new byte[in.getRawByte()];
    for (int i = 0; i < address.length; i++) {
      in.getRawByte();
    }
    int prefix = in.getRawByte() & 0xff;
    for (int i = 0; i < address.length; i++) {
      address[i] = (byte) in.getRawByte();
    }
    return Inet.of(address, prefix);
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Inet inet = (Inet) value;
    out.putByte(inet.prefix()).putBytes(inet.address());
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Inet.of(Arrays.copyOfRange(row, offset + 1, offset + length), row[offset] & 0xff);
  }
}
