package io.trencadis.sql.copy;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// Reads the rows of a COPY FROM in text or CSV format. A row's fields stay bytes, where they came
/// in, until they are asked for: [#next] moves to a row, whose fields are good until the next call.
/// Not thread-safe.
///
/// Source: PostgreSQL 15, COPY, "File Formats".
public final class CopyReader {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private static final int FIRST_CAPACITY = 1 << 16;

  private final boolean csv;
  private final byte delimiter;
  private final byte quote;
  private final byte escape;
  private final byte[] nullText;
  private final Supplier<byte[]> source;

  private byte[] buffer = new byte[FIRST_CAPACITY];

  // The line that was read last, and what follows it.
  private int lineStart;
  private int lineEnd;
  private int position;
  private int end;

  private boolean sourceEnded;
  private boolean ended;
  private long line;

  /// Ends lines, as the first one has shown; more of it within quotes counts as lines, too.
  private byte lineBreak = '\r';

  // Of the row's fields. Starts and ends count from the beginning of the line, or of what was
  // unescaped.
  private int count;
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private byte[] marks = new byte[16];
  private final ByteWriter unescaped = new ByteWriter(256);

  /// Whether escapes may have made something other than text.
  private boolean doubtful;

  private static final int ESCAPED = 1;
  private static final int QUOTED = 2;

  /// @param source gives the data, cut anywhere; null at the end
  public CopyReader(CopyOptions options, Supplier<byte[]> source) {
    this.source = source;
    csv = options.format() == CopyOptions.Format.CSV;
    delimiter = (byte) options.delimiter();
    quote = (byte) options.quote();
    escape = (byte) options.escape();
    nullText = options.nullText().getBytes(StandardCharsets.UTF_8);
  }

  /// The number of the line that was read last, from 1.
  public long line() {
    return line;
  }

  /// The line that was read last, for messages; null where it is no text at all, or where it has
  /// not all been read.
  public String lineText() {
    if (lineEnd < lineStart) {
      return null;
    }
    try {
      return Utf8.decode(buffer, lineStart, lineEnd);
    } catch (SqlException broken) {
      return null;
    }
  }

  /// The row's fields.
  public int fields() {
    return count;
  }

  /// Whether a field is the text that stands for null, before the column's own rules for that.
  public boolean isNull(int field) {
    if ((marks[field] & QUOTED) != 0) {
      return false;
    }
    // Text format compares what was sent, before any backslash is looked at.
    return (marks[field] & ESCAPED) == 0 && isNullText(field);
  }

  private boolean isNullText(int field) {
    int base = base(field);
    return Arrays.equals(
        content(field), base + starts[field], base + ends[field], nullText, 0, nullText.length);
  }

  /// Whether a CSV field stood in quotes, and is the text that stands for null without them.
  public boolean isQuotedNull(int field) {
    return (marks[field] & QUOTED) != 0 && isNullText(field);
  }

  /// A field as text.
  public String text(int field) {
    int base = base(field);
    return new String(
        content(field), base + starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
  }

  /// A field as a type's input function reads it.
  public Object value(int field, TypeCodec codec, int typmod, TypeContext cx) {
    int base = base(field);
    return codec.parse(content(field), base + starts[field], base + ends[field], typmod, cx);
  }

  private byte[] content(int field) {
    return (marks[field] & ESCAPED) != 0 ? unescaped.array() : buffer;
  }

  private int base(int field) {
    return (marks[field] & ESCAPED) != 0 ? 0 : lineStart;
  }

  // ---- lines

  /// Moves to the next row; false at the end.
  ///
  /// @throws SqlException 22021 where it is no UTF-8, 22P04 for a quote that does not end
  public boolean next() {
    if (ended) {
      return false;
    }
    lineStart = position;
    count = 0;
    doubtful = false;
    unescaped.reset();
    line++;
    lineEnd = -1;
    if (!(csv ? csvLine() : textLine())) {
      ended = true;
      line--;
      lineEnd = lineStart;
      return false;
    }
    if (lineEnd - lineStart == 2 && buffer[lineStart] == '\\' && buffer[lineStart + 1] == '.') {
      ended = true;
      // What follows the end mark is read and thrown away, as the protocol asks.
      do {
        position = end;
        lineStart = end;
        lineEnd = end;
      } while (fill());
      return false;
    }
    return true;
  }

  /// Appends more data behind what is left, which may move; false at the end.
  private boolean fill() {
    if (sourceEnded) {
      return false;
    }
    byte[] more = source.get();
    if (more == null) {
      sourceEnded = true;
      return false;
    }
    if (buffer.length - end < more.length) {
      int left = end - lineStart;
      byte[] room =
          buffer.length - left < more.length
              ? new byte[Math.addExact(Math.max(buffer.length, left), Math.max(left, more.length))]
              : buffer;
      System.arraycopy(buffer, lineStart, room, 0, left);
      buffer = room;
      lineStart = 0;
      end = left;
    }
    System.arraycopy(more, 0, buffer, end, more.length);
    end += more.length;
    return true;
  }

  private void endLine(int at) {
    lineEnd = at;
    if (line == 1 && at < end) {
      lineBreak = buffer[at];
    }
    position = at;
    if (position < end && buffer[position] == '\r') {
      position++;
    }
    if (position < end && buffer[position] == '\n') {
      position++;
    }
  }

  private void field(int start, int stop, int mark) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
      marks = Arrays.copyOf(marks, 2 * count);
    }
    starts[count] = start;
    ends[count] = stop;
    marks[count++] = (byte) mark;
  }

  /// How many bytes from `at` on are surely neither special nor other than ASCII.
  private int plain(int at) {
    int from = at;
    long delimiters = ONES * (delimiter & 0xff);
    while (end - from >= Long.BYTES) {
      long bytes = (long) EIGHT.get(buffer, from);
      long other = bytes ^ delimiters;
      long backslash = bytes ^ ONES * '\\';
      long special =
          ((bytes - ONES * 0x0e) & ~bytes)
              | ((other - ONES) & ~other)
              | ((backslash - ONES) & ~backslash)
              | bytes;
      special &= HIGHS;
      if (special != 0) {
        // A borrow spoils only what is above the first that is special.
        return from - at + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      from += Long.BYTES;
    }
    return from - at;
  }

  /// Finds the line's end and its fields; false where there is no line.
  private boolean textLine() {
    // All counted from the line's beginning: more data may move it.
    int at = 0;
    int fieldStart = 0;
    int mark = 0;
    boolean ascii = true;
    while (true) {
      int stop = end - lineStart;
      while (at < stop) {
        at += plain(lineStart + at);
        if (at == stop) {
          break;
        }
        byte c = buffer[lineStart + at];
        if (c == delimiter) {
          textField(fieldStart, at, mark);
          fieldStart = at + 1;
          mark = 0;
        } else if (c == '\\') {
          if (at + 1 == stop && !sourceEnded) {
            break;
          }
          mark = ESCAPED;
          at++;
          ascii &= at == stop || buffer[lineStart + at] > 0;
        } else if (c == '\n' || c == '\r') {
          if (c == '\r' && at + 1 == stop && !sourceEnded) {
            break;
          }
          textField(fieldStart, at, mark);
          requireText(ascii, at);
          endLine(lineStart + at);
          requireUnescapedText();
          return true;
        } else {
          ascii &= c > 0;
        }
        at++;
      }
      if (!fill()) {
        if (at < stop) {
          // What waited to see its next byte: there is none.
          continue;
        }
        if (stop == 0) {
          return false;
        }
        textField(fieldStart, stop, mark);
        requireText(ascii, stop);
        endLine(end);
        requireUnescapedText();
        return true;
      }
    }
  }

  private void requireUnescapedText() {
    for (int i = 0; doubtful && i < count; i++) {
      if ((marks[i] & ESCAPED) != 0) {
        Utf8.decode(unescaped.array(), starts[i], ends[i]);
      }
    }
  }

  private void requireText(boolean ascii, int length) {
    if (!ascii) {
      lineEnd = lineStart + length;
      Utf8.decode(buffer, lineStart, lineEnd);
    }
  }

  private void textField(int start, int stop, int mark) {
    if (mark == 0) {
      field(start, stop, 0);
      return;
    }
    if (stop - start == nullText.length) {
      // The usual text for null has a backslash in it.
      field(start, stop, 0);
      if (isNullText(count - 1)) {
        return;
      }
      count--;
    }
    int from = unescaped.length();
    doubtful |= unescape(lineStart + start, lineStart + stop);
    field(from, unescaped.length(), ESCAPED);
  }

  /// @return whether there may be something other than text now
  private boolean unescape(int start, int stop) {
    boolean odd = false;
    for (int i = start; i < stop; i++) {
      byte c = buffer[i];
      if (c != '\\' || i + 1 == stop) {
        unescaped.putByte(c);
        continue;
      }
      c = buffer[++i];
      switch (c) {
        case 'b' -> unescaped.putByte('\b');
        case 'f' -> unescaped.putByte('\f');
        case 'n' -> unescaped.putByte('\n');
        case 'r' -> unescaped.putByte('\r');
        case 't' -> unescaped.putByte('\t');
        case 'v' -> unescaped.putByte(0x0b);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = c - '0';
          for (int digits = 1;
              digits < 3 && i + 1 < stop && buffer[i + 1] >= '0' && buffer[i + 1] <= '7';
              digits++) {
            value = value * 8 + (buffer[++i] - '0');
          }
          unescaped.putByte(value);
          odd |= (byte) value <= 0;
        }
        case 'x' -> {
          int value = 0;
          int digits = 0;
          while (digits < 2 && i + 1 < stop && Character.digit(buffer[i + 1], 16) >= 0) {
            value = value * 16 + Character.digit(buffer[++i], 16);
            digits++;
          }
          unescaped.putByte(digits == 0 ? 'x' : value);
          odd |= digits > 0 && (byte) value <= 0;
        }
        default -> unescaped.putByte(c);
      }
    }
    return odd;
  }

  /// Finds the line's end, which no quotes are around, and its fields.
  private boolean csvLine() {
    int at = 0;
    boolean quoted = false;
    boolean ascii = true;
    while (true) {
      int stop = end - lineStart;
      while (at < stop) {
        byte c = buffer[lineStart + at];
        if (quoted && c == escape && escape != quote) {
          if (at + 1 == stop) {
            if (sourceEnded) {
              at++;
            }
            break;
          }
          at++;
          c = buffer[lineStart + at];
        } else if (c == quote) {
          quoted = !quoted;
        } else if (quoted && c == lineBreak) {
          line++;
        } else if (!quoted && c == '\r' && at + 1 == stop && !sourceEnded) {
          break;
        } else if (!quoted && (c == '\n' || c == '\r')) {
          requireText(ascii, at);
          endLine(lineStart + at);
          splitCsv(at);
          return true;
        }
        ascii &= c > 0;
        at++;
      }
      if (!fill() && at == end - lineStart) {
        if (quoted) {
          lineEnd = end;
          throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
        }
        if (stop == 0) {
          return false;
        }
        requireText(ascii, stop);
        endLine(end);
        splitCsv(stop);
        return true;
      }
    }
  }

  private void splitCsv(int length) {
    int at = 0;
    while (true) {
      int start = at;
      boolean quoted = false;
      boolean inside = false;
      int from = -1;
      for (; at < length; at++) {
        byte c = buffer[lineStart + at];
        if (inside) {
          byte next = at + 1 < length ? buffer[lineStart + at + 1] : 0;
          if (c == escape && at + 1 < length && (next == quote || next == escape)) {
            unescaped.putByte(next);
            at++;
          } else if (c == quote) {
            inside = false;
          } else {
            unescaped.putByte(c);
          }
        } else if (c == quote) {
          if (!quoted) {
            from = unescaped.length();
            unescaped.putBytes(buffer, lineStart + start, at - start);
          }
          inside = true;
          quoted = true;
        } else if (c == delimiter) {
          break;
        } else if (quoted) {
          unescaped.putByte(c);
        }
      }
      if (quoted) {
        field(from, unescaped.length(), ESCAPED | QUOTED);
      } else {
        field(start, at, 0);
      }
      if (at >= length) {
        return;
      }
      at++;
    }
  }
}
