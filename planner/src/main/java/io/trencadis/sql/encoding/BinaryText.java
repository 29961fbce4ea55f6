package io.trencadis.sql.encoding;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.nio.charset.StandardCharsets;

/// Converts the texts within values' binary form: of strings, json and enums, and of arrays and
/// rows of them. The other types' binary forms are the same in all encodings. Stateless.
public final class BinaryText {
  private BinaryText() {}

  private enum Form {
    /// Nothing but text.
    TEXT,
    /// A byte that says which version follows, then text.
    VERSIONED,
    ARRAY,
    ROW,
    OTHER
  }

  private static Form form(PgType type) {
    return switch (type.baseType().receiveFunction()) {
      case "textrecv",
          "varcharrecv",
          "bpcharrecv",
          "namerecv",
          "unknownrecv",
          "cstring_recv",
          "json_recv",
          "xml_recv",
          "enum_recv" ->
          Form.TEXT;
      case "jsonb_recv", "jsonpath_recv" -> Form.VERSIONED;
      case "array_recv" -> Form.ARRAY;
      case "record_recv" -> Form.ROW;
      default -> Form.OTHER;
    };
  }

  /// What a client sent, as the server has it.
  ///
  /// @throws io.trencadis.base.SqlException as [Encoding#decode(byte[])]
  /// @throws IndexOutOfBoundsException where the value ends too early
  public static byte[] received(PgType type, byte[] value, Encoding client) {
    if (client.isServers() || form(type) == Form.OTHER) {
      return value;
    }
    ByteWriter out = new ByteWriter(value.length);
    convert(
        type,
        new ByteReader(value),
        value.length,
        (text, to) -> to.putUtf8(client.decode(text)),
        out);
    return out.toByteArray();
  }

  /// Converts what a writer holds from `start` on, a value as the server has it, into what a client
  /// is to get.
  ///
  /// @throws io.trencadis.base.SqlException 22P05 where the encoding lacks a character
  public static void recode(PgType type, ByteWriter out, int start, Encoding client) {
    if (client.isServers()
        || form(type) == Form.OTHER
        || Encoding.isAscii(out.array(), start, out.length())) {
      return;
    }
    int length = out.length() - start;
    byte[] value = new byte[length];
    System.arraycopy(out.array(), start, value, 0, length);
    out.truncate(start);
    convert(
        type,
        new ByteReader(value),
        length,
        (text, to) -> client.put(new String(text, StandardCharsets.UTF_8), to),
        out);
  }

  @FunctionalInterface
  private interface Change {
    void put(byte[] text, ByteWriter out);
  }

  private static void convert(
      PgType type, ByteReader in, int length, Change change, ByteWriter out) {
    switch (form(type)) {
      case TEXT -> change.put(in.getBytes(length), out);
      case VERSIONED -> {
        if (length > 0) {
          out.putByte(in.getByte());
          change.put(in.getBytes(length - 1), out);
        }
      }
      case ARRAY -> array(in, length, change, out);
      case ROW -> row(in, length, change, out);
      case OTHER -> out.putBytes(in.getBytes(length));
    }
  }

  /// Layout: dimensions, whether there are nulls, element type; length and lower bound of each
  /// dimension; the elements.
  private static void array(ByteReader in, int length, Change change, ByteWriter out) {
    int end = in.position() + length;
    int dimensions = in.getInt();
    int flags = in.getInt();
    int element = in.getInt();
    out.putInt(dimensions).putInt(flags).putInt(element);
    for (int i = 0; i < dimensions; i++) {
      out.putInt(in.getInt()).putInt(in.getInt());
    }
    while (in.position() < end) {
      part(element, in, change, out);
    }
  }

  /// Layout: count, then type and value of each field.
  private static void row(ByteReader in, int length, Change change, ByteWriter out) {
    int end = in.position() + length;
    out.putInt(in.getInt());
    while (in.position() < end) {
      int type = in.getInt();
      out.putInt(type);
      part(type, in, change, out);
    }
  }

  private static void part(int type, ByteReader in, Change change, ByteWriter out) {
    int length = in.getInt();
    int lengthAt = out.length();
    out.putInt(length);
    if (length >= 0) {
      convert(Types.byOid(type), in, length, change, out);
      out.setInt(lengthAt, out.length() - lengthAt - 4);
    }
  }
}
