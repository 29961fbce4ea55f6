package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Arrays;

/// Range types. In rows and on the wire a range is a byte of flags, then each bound that there is
/// with its length.
final class RangeCodec extends TypeCodec {
  private static final int EMPTY = 1;
  private static final int LOWER_INCLUDED = 2;
  private static final int UPPER_INCLUDED = 4;
  private static final int NO_LOWER = 8;
  private static final int NO_UPPER = 16;

  private final RangeType type;
  private final TypeCodec bounds;

  RangeCodec(PgType range) {
    this.type = RangeType.of(range);
    this.bounds = type.subtype().codec();
  }

  @Override
  public Object parse(String input, int typmod, TypeContext cx) {
    RangeText.Parts parts = RangeText.parse(input);
    if (parts.empty()) {
      return RangeValue.EMPTY;
    }
    return type.make(
        parts.lower() == null ? null : bounds.parse(parts.lower(), -1, cx),
        parts.upper() == null ? null : bounds.parse(parts.upper(), -1, cx),
        parts.lowerIncluded(),
        parts.upperIncluded());
  }

  @Override
  public String format(Object value, TypeContext cx) {
    RangeValue range = (RangeValue) value;
    if (range.empty()) {
      return "empty";
    }
    return (range.lowerIncluded() ? "[" : "(")
        + (range.lower() == null ? "" : RangeText.quoted(bounds.format(range.lower(), cx)))
        + ","
        + (range.upper() == null ? "" : RangeText.quoted(bounds.format(range.upper(), cx)))
        + (range.upperIncluded() ? "]" : ")");
  }

  private static int flags(RangeValue range) {
    return range.empty()
        ? EMPTY
        : (range.lowerIncluded() ? LOWER_INCLUDED : 0)
            | (range.upperIncluded() ? UPPER_INCLUDED : 0)
            | (range.lower() == null ? NO_LOWER : 0)
            | (range.upper() == null ? NO_UPPER : 0);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    int flags = in.getByte();
    if ((flags & EMPTY) != 0) {
      return RangeValue.EMPTY;
    }
    Object lower = (flags & NO_LOWER) != 0 ? null : bounds.readBinary(in, in.getInt());
    Object upper = (flags & NO_UPPER) != 0 ? null : bounds.readBinary(in, in.getInt());
    return type.make(lower, upper, (flags & LOWER_INCLUDED) != 0, (flags & UPPER_INCLUDED) != 0);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    RangeValue range = (RangeValue) value;
    out.putByte(flags(range));
    for (Object bound : new Object[] {range.lower(), range.upper()}) {
      if (bound != null) {
        int at = out.length();
        out.putInt(0);
        bounds.writeBinary(bound, out);
        out.setInt(at, out.length() - at - Integer.BYTES);
      }
    }
  }

  @Override
  public int compare(Object a, Object b) {
    return type.compare((RangeValue) a, (RangeValue) b);
  }

  @Override
  public long hash(Object value) {
    RangeValue range = (RangeValue) value;
    long hash = mix(flags(range) + 1);
    for (Object bound : new Object[] {range.lower(), range.upper()}) {
      hash = mix(hash + (bound == null ? 0 : bounds.hash(bound)));
    }
    return hash;
  }

  /// Whether it is empty; whether there is a lower bound, it, and whether it is left out; whether
  /// there is no upper bound, or that and whether it is in.
  @Override
  public void encodeKey(Object value, KeyWriter out) {
    RangeValue range = (RangeValue) value;
    out.putBoolean(!range.empty());
    if (range.empty()) {
      return;
    }
    out.putBoolean(range.lower() != null);
    if (range.lower() != null) {
      bounds.encodeKey(range.lower(), out);
      out.putBoolean(!range.lowerIncluded());
    }
    out.putBoolean(range.upper() == null);
    if (range.upper() != null) {
      bounds.encodeKey(range.upper(), out);
      out.putBoolean(range.upperIncluded());
    }
  }

  @Override
  public Object decodeKey(KeyReader in) {
    if (!in.getBoolean()) {
      return RangeValue.EMPTY;
    }
    Object lower = null;
    boolean lowerIncluded = false;
    if (in.getBoolean()) {
      lower = bounds.decodeKey(in);
      lowerIncluded = !in.getBoolean();
    }
    Object upper = null;
    boolean upperIncluded = false;
    if (!in.getBoolean()) {
      upper = bounds.decodeKey(in);
      upperIncluded = in.getBoolean();
    }
    return new RangeValue(lower, upper, lowerIncluded, upperIncluded, false);
  }

  @Override
  public boolean keyKeepsLooks() {
    return bounds.keyKeepsLooks();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    RangeValue range = (RangeValue) value;
    out.putByte(flags(range));
    for (Object bound : new Object[] {range.lower(), range.upper()}) {
      if (bound != null) {
        int at = out.length();
        out.putInt(0);
        bounds.encodeRow(bound, out);
        out.setInt(at, out.length() - at - Integer.BYTES);
      }
    }
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    int flags = row[offset];
    if ((flags & EMPTY) != 0) {
      return RangeValue.EMPTY;
    }
    int at = offset + 1;
    Object[] ends = new Object[2];
    for (int i = 0; i < ends.length; i++) {
      if ((flags & (i == 0 ? NO_LOWER : NO_UPPER)) == 0) {
        int size = Bytes.intAt(row, at);
        // Some codecs look at the whole array.
        byte[] own = Arrays.copyOfRange(row, at + Integer.BYTES, at + Integer.BYTES + size);
        ends[i] = bounds.decodeRow(own, 0, size);
        at += Integer.BYTES + size;
      }
    }
    return new RangeValue(
        ends[0], ends[1], (flags & LOWER_INCLUDED) != 0, (flags & UPPER_INCLUDED) != 0, false);
  }

  @Override
  public boolean ordered() {
    return bounds.ordered();
  }
}
