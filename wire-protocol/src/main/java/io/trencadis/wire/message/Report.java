package io.trencadis.wire.message;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.Notice;

/// ErrorResponse and NoticeResponse. Layout: pairs of a field's byte and a string, then a zero
/// byte.
public sealed interface Report extends BackendMessage {
  /// An error.
  ///
  /// @param position one-based, in characters of the statement's text; 0 for none
  record ErrorResponse(SqlException error, boolean fatal, int position) implements Report {
    @Override
    public char type() {
      return 'E';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      String severity = fatal ? "FATAL" : "ERROR";
      field(out, encoding, 'S', severity);
      field(out, encoding, 'V', severity);
      field(out, encoding, 'C', error.code());
      field(out, encoding, 'M', error.getMessage());
      error.fields().forEach((field, value) -> field(out, encoding, field.tag(), value));
      if (position > 0) {
        out.putByte('P').putDecimal(position).putByte(0);
      }
      out.putByte(0);
    }
  }

  /// A notice or a warning.
  record NoticeResponse(Notice notice) implements Report {
    @Override
    public char type() {
      return 'N';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      field(out, encoding, 'S', notice.severity());
      field(out, encoding, 'V', notice.severity());
      field(out, encoding, 'C', notice.state().code());
      field(out, encoding, 'M', notice.message());
      field(out, encoding, 'D', notice.detail());
      field(out, encoding, 'H', notice.hint());
      out.putByte(0);
    }
  }

  private static void field(ByteWriter out, Encoding encoding, char tag, String value) {
    if (value != null) {
      out.putByte(tag);
      BackendWriter.string(out, encoding, value);
    }
  }

  /// One-based position in characters (code points) of a one-based position in UTF-16 units of
  /// `text`; 0 stays 0, and what lies outside the text is left as it is.
  static int positionInCharacters(String text, int position) {
    if (position <= 1 || text == null || position - 1 > text.length()) {
      return Math.max(0, position);
    }
    return text.codePointCount(0, position - 1) + 1;
  }
}
