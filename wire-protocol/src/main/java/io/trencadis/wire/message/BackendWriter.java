package io.trencadis.wire.message;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.encoding.BinaryText;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.RowFormat;

/// Puts messages into frames. The methods for the frequent ones make no garbage of their own.
/// Stateless.
public final class BackendWriter {
  private BackendWriter() {}

  /// Appends a frame with the message.
  ///
  /// @param encoding the client's
  /// @throws io.trencadis.base.SqlException 22P05 where it lacks a character; a piece of the frame
  ///   is left then
  public static void write(BackendMessage message, Encoding encoding, ByteWriter out) {
    int start = begin(message.type(), out);
    message.writeBody(out, encoding);
    end(start, out);
  }

  /// Appends a DataRow: count, then length and bytes of each value, -1 for NULL.
  public static void dataRow(RowFormat format, Object[] values, ByteWriter out) {
    int start = begin('D', out);
    int count = format.size();
    out.putShort(count);
    for (int i = 0; i < count; i++) {
      Object value = values[i];
      if (value == null) {
        out.putInt(-1);
        continue;
      }
      int lengthAt = out.length();
      out.putInt(0);
      if (format.binary(i)) {
        format.type(i).codec().writeBinary(value, out);
      } else {
        format.type(i).codec().appendText(value, format.context(), out);
      }
      out.setInt(lengthAt, out.length() - lengthAt - 4);
    }
    end(start, out);
  }

  /// The same for a client whose encoding is not the server's.
  ///
  /// @throws io.trencadis.base.SqlException 22P05 where it lacks a character; a piece of the frame
  ///   is left then
  public static void dataRow(RowFormat format, Object[] values, Encoding encoding, ByteWriter out) {
    int start = begin('D', out);
    int count = format.size();
    out.putShort(count);
    for (int i = 0; i < count; i++) {
      Object value = values[i];
      int lengthAt = out.length();
      out.putInt(-1);
      if (value == null) {
        continue;
      }
      if (format.binary(i)) {
        format.type(i).codec().writeBinary(value, out);
        BinaryText.recode(format.type(i), out, lengthAt + 4, encoding);
      } else {
        format.type(i).codec().appendText(value, format.context(), out);
        encoding.recode(out, lengthAt + 4);
      }
      out.setInt(lengthAt, out.length() - lengthAt - 4);
    }
    end(start, out);
  }

  /// Appends a CopyData frame.
  public static void copyData(byte[] bytes, int offset, int length, ByteWriter out) {
    out.putByte('d').putInt(length + 4).putBytes(bytes, offset, length);
  }

  /// Appends ReadyForQuery.
  public static void readyForQuery(char status, ByteWriter out) {
    out.putByte('Z').putInt(5).putByte(status);
  }

  /// Appends CommandComplete.
  public static void commandComplete(String tag, ByteWriter out) {
    int start = begin('C', out);
    string(out, Encoding.UTF8, tag);
    end(start, out);
  }

  /// Appends a C string. A NUL would end it early and shift all that follows, so none gets through.
  static void string(ByteWriter out, Encoding encoding, String text) {
    int nul = text.indexOf('\0');
    encoding.put(nul < 0 ? text : text.substring(0, nul), out);
    out.putByte(0);
  }

  private static int begin(char type, ByteWriter out) {
    int start = out.length();
    out.putByte(type).putInt(0);
    return start;
  }

  private static void end(int start, ByteWriter out) {
    out.setInt(start + 1, out.length() - start - 1);
  }
}
