package io.trencadis.sql.copy;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Reads the rows of a COPY FROM in text or CSV format. Not thread-safe.
public final class CopyReader {
  private final CopyOptions options;
  private final Supplier<byte[]> source;
  private final List<Field> fields = new ArrayList<>();
  private byte[] buffer = new byte[0];
  private int position;
  private int end;
  private boolean sourceEnded;
  private boolean ended;
  private long line;
  private String lineText = "";

  /// One field of a row.
  ///
  /// @param text null for SQL NULL, before the column's own rules for null
  public record Field(String text, boolean quoted) {}

  /// @param source gives the data, cut anywhere; null at the end
  public CopyReader(CopyOptions options, Supplier<byte[]> source) {
    this.options = options;
    this.source = source;
  }

  /// The number of the line that was read last, from 1.
  public long line() {
    return line;
  }

  /// The line that was read last, for messages.
  public String lineText() {
    return lineText;
  }

  /// Appends more data behind what is left; false at the end.
  private boolean fill() {
    if (sourceEnded) {
      return false;
    }
    byte[] more = source.get();
    if (more == null) {
      sourceEnded = true;
      return false;
    }
    int left = end - position;
    byte[] joined = new byte[left + more.length];
    System.arraycopy(buffer, position, joined, 0, left);
    System.arraycopy(more, 0, joined, left, more.length);
    buffer = joined;
    position = 0;
    end = joined.length;
    return true;
  }

  /// The next row's fields, or null at the end. The list is reused by the next call.
  public List<Field> next() {
    if (ended) {
      return null;
    }
    byte[] row = options.format() == CopyOptions.Format.CSV ? csvLine() : textLine();
    if (row == null) {
      ended = true;
      return null;
    }
    line++;
    lineText = new String(row, StandardCharsets.UTF_8);
    if (lineText.equals("\\.")) {
      ended = true;
      // What follows the end mark is read and thrown away, as the protocol asks.
      position = end;
      while (fill()) {
        position = end;
      }
      return null;
    }
    fields.clear();
    if (options.format() == CopyOptions.Format.CSV) {
      splitCsv(lineText);
    } else {
      splitText(row);
    }
    return fields;
  }

  /// A line without its end; null where there is none.
  private byte[] textLine() {
    int scanned = position;
    while (true) {
      for (; scanned < end; scanned++) {
        byte c = buffer[scanned];
        if (c == '\\' && scanned + 1 < end) {
          scanned++;
        } else if (c == '\\' || (c == '\r' && scanned + 1 == end && !sourceEnded)) {
          break;
        } else if (c == '\n' || c == '\r') {
          return take(scanned);
        }
      }
      int offset = scanned - position;
      if (!fill()) {
        return end > position ? take(end) : null;
      }
      scanned = position + offset;
    }
  }

  private byte[] take(int lineEnd) {
    byte[] row = Arrays.copyOfRange(buffer, position, lineEnd);
    position = lineEnd;
    if (position < end && buffer[position] == '\r') {
      position++;
    }
    if (position < end && buffer[position] == '\n') {
      position++;
    }
    return row;
  }

  private byte[] csvLine() {
    int scanned = position;
    boolean quoted = false;
    while (true) {
      for (; scanned < end; scanned++) {
        byte c = buffer[scanned];
        if (quoted
            && c == options.escape()
            && options.escape() != options.quote()
            && scanned + 1 < end) {
          scanned++;
        } else if (c == options.quote()) {
          quoted = !quoted;
        } else if (!quoted && c == '\r' && scanned + 1 == end && !sourceEnded) {
          break;
        } else if (!quoted && (c == '\n' || c == '\r')) {
          return take(scanned);
        }
      }
      int offset = scanned - position;
      if (!fill()) {
        if (quoted) {
          throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
        }
        return end > position ? take(end) : null;
      }
      scanned = position + offset;
    }
  }

  private void splitText(byte[] row) {
    byte separator = (byte) options.delimiter();
    int start = 0;
    for (int i = 0; i <= row.length; i++) {
      if (i == row.length || row[i] == separator) {
        fields.add(textField(row, start, i));
        start = i + 1;
      } else if (row[i] == '\\') {
        i++;
      }
    }
  }

  private Field textField(byte[] row, int start, int fieldEnd) {
    int stop = Math.min(fieldEnd, row.length);
    boolean escaped = false;
    for (int i = start; i < stop; i++) {
      escaped |= row[i] == '\\';
    }
    String raw = new String(row, start, stop - start, StandardCharsets.UTF_8);
    if (raw.equals(options.nullText())) {
      return new Field(null, false);
    }
    return new Field(escaped ? unescape(row, start, stop) : raw, false);
  }

  private static String unescape(byte[] row, int start, int stop) {
    byte[] out = new byte[stop - start];
    int length = 0;
    for (int i = start; i < stop; i++) {
      byte c = row[i];
      if (c != '\\' || i + 1 == stop) {
        out[length++] = c;
        continue;
      }
      c = row[++i];
      switch (c) {
        case 'b' -> out[length++] = '\b';
        case 'f' -> out[length++] = '\f';
        case 'n' -> out[length++] = '\n';
        case 'r' -> out[length++] = '\r';
        case 't' -> out[length++] = '\t';
        case 'v' -> out[length++] = 0x0b;
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = c - '0';
          for (int digits = 1;
              digits < 3 && i + 1 < stop && row[i + 1] >= '0' && row[i + 1] <= '7';
              digits++) {
            value = value * 8 + (row[++i] - '0');
          }
          out[length++] = (byte) value;
        }
        case 'x' -> {
          int value = 0;
          int digits = 0;
          while (digits < 2 && i + 1 < stop && Character.digit(row[i + 1], 16) >= 0) {
            value = value * 16 + Character.digit(row[++i], 16);
            digits++;
          }
          out[length++] = digits == 0 ? (byte) 'x' : (byte) value;
        }
        default -> out[length++] = c;
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  private void splitCsv(String text) {
    int at = 0;
    while (true) {
      StringBuilder value = new StringBuilder();
      boolean quoted = false;
      boolean inside = false;
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (inside) {
          if (c == options.escape()
              && at + 1 < text.length()
              && (text.charAt(at + 1) == options.quote()
                  || text.charAt(at + 1) == options.escape())) {
            value.append(text.charAt(++at));
          } else if (c == options.quote()) {
            inside = false;
          } else {
            value.append(c);
          }
        } else if (c == options.quote()) {
          inside = true;
          quoted = true;
        } else if (c == options.delimiter()) {
          break;
        } else {
          value.append(c);
        }
      }
      String field = value.toString();
      fields.add(new Field(!quoted && field.equals(options.nullText()) ? null : field, quoted));
      if (at >= text.length()) {
        return;
      }
      at++;
    }
  }
}
