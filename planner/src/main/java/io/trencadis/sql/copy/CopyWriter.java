package io.trencadis.sql.copy;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.encoding.BinaryText;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import java.util.List;

/// Writes rows as COPY TO does, one message a row. Not thread-safe.
public final class CopyWriter {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final CopyOptions options;
  private final List<String> names;
  private final List<PgType> types;
  private final TypeContext cx;
  private final Encoding client;
  private final Encoding encoding;
  private final ByteWriter out = new ByteWriter(256);
  private boolean signed;

  /// @param client the encoding of the data where the options name none
  public CopyWriter(
      CopyOptions options,
      List<String> names,
      List<PgType> types,
      TypeContext cx,
      Encoding client) {
    this.options = options;
    this.client = client;
    this.encoding = options.encoding() == null ? client : options.encoding();
    this.names = names;
    this.types = types;
    this.cx = cx;
  }

  /// What comes before the first row: a line of column names; empty for nothing.
  public ByteWriter header() {
    out.reset();
    if (options.header()) {
      for (int i = 0; i < names.size(); i++) {
        if (i > 0) {
          out.putByte(options.delimiter());
        }
        field(names.get(i), false);
      }
      out.putByte('\n');
    }
    encoding.recode(out, 0);
    return out;
  }

  /// Empties the writer, but for the signature if nothing binary came before: readers expect it in
  /// one message with the first row.
  private void beginBinary() {
    out.reset();
    if (!signed) {
      signed = true;
      out.putBytes(SIGNATURE);
    }
  }

  /// One row; the writer is reused by the next call.
  public ByteWriter row(Object[] values) {
    out.reset();
    if (options.format() == CopyOptions.Format.BINARY) {
      beginBinary();
      out.putShort(values.length);
      for (int i = 0; i < values.length; i++) {
        binary(types.get(i), values[i]);
      }
      return out;
    }
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.putByte(options.delimiter());
      }
      if (values[i] == null) {
        out.putUtf8(options.nullText());
      } else {
        boolean force =
            options.forceQuote().contains("*") || options.forceQuote().contains(names.get(i));
        field(types.get(i).codec().format(values[i], cx), force);
      }
    }
    out.putByte('\n');
    encoding.recode(out, 0);
    return out;
  }

  private void binary(PgType type, Object value) {
    if (value == null) {
      out.putInt(-1);
      return;
    }
    int at = out.length();
    out.putInt(0);
    type.codec().writeBinary(value, out);
    // PostgreSQL's binary data has texts in the client's encoding, whatever the options say.
    BinaryText.recode(type, out, at + 4, client);
    out.setInt(at, out.length() - at - 4);
  }

  /// What comes after the last row; empty for nothing.
  public ByteWriter trailer() {
    out.reset();
    if (options.format() == CopyOptions.Format.BINARY) {
      beginBinary();
      out.putShort(-1);
    }
    return out;
  }

  private void field(String text, boolean force) {
    if (options.format() == CopyOptions.Format.CSV) {
      csv(text, force);
      return;
    }
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String escape =
          switch (c) {
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 0x0b -> "\\v";
            default -> c == options.delimiter() ? "\\" + c : null;
          };
      if (escape != null) {
        out.putUtf8(text.substring(plain, i)).putUtf8(escape);
        plain = i + 1;
      }
    }
    out.putUtf8(plain == 0 ? text : text.substring(plain));
  }

  private void csv(String text, boolean force) {
    boolean needed = force || text.equals(options.nullText()) || text.equals("\\.");
    for (int i = 0; i < text.length() && !needed; i++) {
      char c = text.charAt(i);
      needed = c == options.delimiter() || c == options.quote() || c == '\n' || c == '\r';
    }
    if (!needed) {
      out.putUtf8(text);
      return;
    }
    StringBuilder quoted = new StringBuilder().append(options.quote());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == options.quote() || c == options.escape()) {
        quoted.append(options.escape());
      }
      quoted.append(c);
    }
    out.putUtf8(quoted.append(options.quote()));
  }
}
