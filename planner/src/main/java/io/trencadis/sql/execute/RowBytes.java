package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How rows of some types are written to temporary files. Immutable and thread-safe.
public final class RowBytes {
  private static final int NULL = 0;
  private static final int VALUE = 1;
  private static final int LOCATOR = 2;

  private final TypeCodec[] codecs;

  /// @param codecs of all columns, in order
  public RowBytes(TypeCodec[] codecs) {
    this.codecs = codecs;
  }

  /// Whether values of all the types can be written.
  public boolean isStorable() {
    return Arrays.stream(codecs).allMatch(TypeCodec::storable);
  }

  int width() {
    return codecs.length;
  }

  /// Of these columns and then those.
  RowBytes and(RowBytes more) {
    TypeCodec[] all = Arrays.copyOf(codecs, codecs.length + more.codecs.length);
    System.arraycopy(more.codecs, 0, all, codecs.length, more.codecs.length);
    return new RowBytes(all);
  }

  /// Of some of these columns.
  RowBytes columns(int[] places) {
    TypeCodec[] some = new TypeCodec[places.length];
    Arrays.setAll(some, i -> codecs[places[i]]);
    return new RowBytes(some);
  }

  /// Of one of these columns.
  RowBytes column(int place) {
    return new RowBytes(new TypeCodec[] {codecs[place]});
  }

  /// The rows of one file: those that locate stored rows name tables by their place in a list.
  final class Stream {
    private final List<StoredTable> tables = new ArrayList<>();

    void write(Object[] row, ByteWriter out) {
      for (int i = 0; i < codecs.length; i++) {
        Object value = row[i];
        if (value == null) {
          out.putByte(NULL);
        } else if (value instanceof RowLocator locator) {
          out.putByte(LOCATOR);
          write(locator, out);
        } else {
          out.putByte(VALUE);
          int at = out.length();
          out.putInt(0);
          codecs[i].encodeRow(value, out);
          out.setInt(at, out.length() - at - 4);
        }
      }
    }

    private void write(RowLocator locator, ByteWriter out) {
      int number = tables.indexOf(locator.table());
      if (number < 0) {
        number = tables.size();
        tables.add(locator.table());
      }
      out.putInt(number).putInt(locator.shard()).putByte(locator.locked() ? 1 : 0);
      out.putInt(locator.key().length).putBytes(locator.key());
      out.putInt(locator.row().length).putBytes(locator.row());
    }

    Object[] read(byte[] bytes, int offset) {
      Object[] row = new Object[codecs.length];
      int at = offset;
      for (int i = 0; i < codecs.length; i++) {
        switch (bytes[at++]) {
          case NULL -> {
            // Stays null.
          }
          case VALUE -> {
            int length = integer(bytes, at);
            row[i] = codecs[i].decodeRow(bytes, at + 4, length);
            at += 4 + length;
          }
          default -> {
            StoredTable table = tables.get(integer(bytes, at));
            int shard = integer(bytes, at + 4);
            boolean locked = bytes[at + 8] != 0;
            int keyLength = integer(bytes, at + 9);
            int rowAt = at + 13 + keyLength;
            int rowLength = integer(bytes, rowAt);
            row[i] =
                new RowLocator(
                    table,
                    shard,
                    Arrays.copyOfRange(bytes, at + 13, rowAt),
                    Arrays.copyOfRange(bytes, rowAt + 4, rowAt + 4 + rowLength),
                    locked);
            at = rowAt + 4 + rowLength;
          }
        }
      }
      return row;
    }
  }

  static int integer(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  /// What a row takes in memory, roughly, in bytes: object headers of 12 bytes, references of 4
  /// (`-XX:+UseCompressedOops`).
  static long memory(Object[] row) {
    long bytes = 16 + 4L * row.length;
    for (Object value : row) {
      if (value == null || value instanceof Boolean) {
        continue;
      }
      bytes +=
          switch (value) {
            case String text -> 40 + text.length();
            case byte[] array -> 16 + array.length;
            case Number _ -> 24;
            case RowLocator locator -> 32 + 32 + locator.key().length + locator.row().length;
            case io.trencadis.sql.types.SqlArray array -> 64 + 32L * array.elements().length;
            default -> 48;
          };
    }
    return bytes;
  }
}
