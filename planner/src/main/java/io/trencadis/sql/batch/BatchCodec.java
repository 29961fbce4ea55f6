package io.trencadis.sql.batch;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sql.types.NumericCodec;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.WholeNumberCodec;
import java.util.HashMap;
import java.util.Map;

/// Batches as bytes, for other nodes: only the rows that count, and only some columns. Immutable
/// and thread-safe.
///
/// A batch is the number of its rows, and then column by column: a byte for the form, which says
/// too whether there are nulls (then a bit a row follows), and the values that are not null:
/// - *numbers*: the lowest one, how many bytes the others need above it, and those
/// - *decimals*: digits after the point, and numbers
/// - *values*: a length and the type's row form each
/// - *repeated values*: the different ones as values, and a byte a row that says which
///
/// Counts and lengths are unsigned LEB128; numbers are little-endian.
public final class BatchCodec {
  private static final int NUMBERS = 0;
  private static final int DECIMALS = 1;
  private static final int VALUES = 2;
  private static final int REPEATED = 3;
  private static final int NULLS = 4;

  /// So many different values can be told by a byte.
  private static final int MOST_REPEATED = 255;

  /// Below, repetition is not looked for.
  private static final int FEW = 16;

  private final int width;
  private final int[] columns;
  private final TypeCodec[] codecs;

  /// @param width of the batches
  /// @param columns which of their columns travel, ascending
  /// @param codecs of those
  public BatchCodec(int width, int[] columns, TypeCodec[] codecs) {
    this.width = width;
    this.columns = columns;
    this.codecs = codecs;
  }

  // ---- writing

  public void write(Batch batch, ByteWriter out) {
    putVar(out, batch.count());
    for (int i = 0; i < columns.length; i++) {
      write(batch.column(columns[i]), batch.places(), batch.count(), codecs[i], out);
    }
  }

  private static void write(
      Column column, int[] places, int count, TypeCodec codec, ByteWriter out) {
    int[] present = new int[count];
    int some = 0;
    for (int i = 0; i < count; i++) {
      if (!column.isNull(places[i])) {
        present[some++] = places[i];
      }
    }
    int nulls = some < count ? NULLS : 0;
    switch (column) {
      case LongColumn longs when codec instanceof WholeNumberCodec -> {
        begin(column, places, count, NUMBERS | nulls, out);
        writeNumbers(longs.values(), present, some, out);
      }
      case DecimalColumn decimals -> {
        begin(column, places, count, DECIMALS | nulls, out);
        putVar(out, decimals.scale());
        writeNumbers(decimals.unscaled(), present, some, out);
      }
      default -> {
        Object[] values = new Object[some];
        for (int i = 0; i < some; i++) {
          values[i] = column.get(present[i]);
        }
        byte[] repeated = some < FEW ? null : repeated(values);
        if (repeated == null) {
          begin(column, places, count, VALUES | nulls, out);
          for (Object value : values) {
            writeValue(value, codec, out);
          }
        } else {
          begin(column, places, count, REPEATED | nulls, out);
          writeRepeated(values, repeated, codec, out);
        }
      }
    }
  }

  private static void begin(Column column, int[] places, int count, int form, ByteWriter out) {
    out.putByte(form);
    if ((form & NULLS) != 0) {
      for (int i = 0; i < count; i += 8) {
        int bits = 0;
        for (int j = i; j < Math.min(count, i + 8); j++) {
          bits |= column.isNull(places[j]) ? 1 << j - i : 0;
        }
        out.putByte(bits);
      }
    }
  }

  private static void writeNumbers(long[] values, int[] present, int some, ByteWriter out) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int i = 0; i < some; i++) {
      low = Math.min(low, values[present[i]]);
      high = Math.max(high, values[present[i]]);
    }
    if (some == 0) {
      low = 0;
      high = 0;
    }
    // As an unsigned number it is right even where it overflows.
    int bytes = (64 - Long.numberOfLeadingZeros(high - low) + 7) / 8;
    out.putLong(low).putByte(bytes);
    for (int i = 0; i < some; i++) {
      long above = values[present[i]] - low;
      for (int j = 0; j < bytes; j++) {
        out.putByte((int) (above >>> 8 * j));
      }
    }
  }

  /// Which of the different values each one is; null where there are too many.
  private static byte[] repeated(Object[] values) {
    Map<Object, Integer> numbers = new HashMap<>();
    byte[] which = new byte[values.length];
    int most = Math.min(MOST_REPEATED, values.length / 2);
    for (int i = 0; i < values.length; i++) {
      // Equal texts are the same bytes; of other types, equal values may differ in their looks.
      if (!(values[i] instanceof String)) {
        return null;
      }
      Integer number = numbers.putIfAbsent(values[i], numbers.size());
      if (number == null) {
        if (numbers.size() > most) {
          return null;
        }
        number = numbers.size() - 1;
      }
      which[i] = (byte) (int) number;
    }
    return which;
  }

  private static void writeRepeated(
      Object[] values, byte[] which, TypeCodec codec, ByteWriter out) {
    int different = 0;
    int at = out.length();
    out.putByte(0);
    for (int i = 0; i < values.length; i++) {
      if ((which[i] & 0xff) == different) {
        writeValue(values[i], codec, out);
        different++;
      }
    }
    out.array()[at] = (byte) different;
    out.putBytes(which);
  }

  private static void writeValue(Object value, TypeCodec codec, ByteWriter out) {
    // The length takes one byte mostly: where it does not, the value is written once more.
    int at = out.length();
    out.putByte(0);
    codec.encodeRow(value, out);
    int length = out.length() - at - 1;
    if (length < 0x80) {
      out.array()[at] = (byte) length;
    } else {
      out.truncate(at);
      putVar(out, length);
      codec.encodeRow(value, out);
    }
  }

  // ---- reading

  /// @throws IllegalArgumentException if these are not the bytes of a batch
  public Batch read(ByteReader in) {
    int count = getVar(in);
    if (count < 0 || count > Batch.MOST) {
      throw new IllegalArgumentException("a batch of " + count);
    }
    Column[] read = new Column[width];
    for (int i = 0; i < columns.length; i++) {
      read[columns[i]] = readColumn(in, count, codecs[i]);
    }
    return Batch.whole(read, count);
  }

  private static Column readColumn(ByteReader in, int count, TypeCodec codec) {
    int form = in.getByte();
    boolean[] nulls = null;
    if ((form & NULLS) != 0) {
      nulls = new boolean[count];
      for (int i = 0; i < count; i += 8) {
        int bits = in.getByte();
        for (int j = i; j < Math.min(count, i + 8); j++) {
          nulls[j] = (bits & 1 << j - i) != 0;
        }
      }
    }
    switch (form & ~NULLS) {
      case NUMBERS -> {
        if (codec instanceof WholeNumberCodec whole) {
          return new LongColumn(whole, readNumbers(in, count, nulls), nulls);
        }
      }
      case DECIMALS -> {
        int scale = getVar(in);
        if (codec instanceof NumericCodec && scale >= 0 && scale <= Short.MAX_VALUE) {
          return new DecimalColumn(readNumbers(in, count, nulls), scale, nulls);
        }
      }
      case VALUES -> {
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
          if (nulls == null || !nulls[i]) {
            values[i] = readValue(in, codec);
          }
        }
        return new ObjectColumn(values);
      }
      case REPEATED -> {
        Object[] different = new Object[in.getByte() & 0xff];
        for (int i = 0; i < different.length; i++) {
          different[i] = readValue(in, codec);
        }
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
          if (nulls == null || !nulls[i]) {
            values[i] = different[in.getByte() & 0xff];
          }
        }
        return new ObjectColumn(values);
      }
      default -> {}
    }
    throw new IllegalArgumentException("no such form of a column: " + form);
  }

  private static long[] readNumbers(ByteReader in, int count, boolean[] nulls) {
    long low = in.getLong();
    int bytes = in.getByte();
    if (bytes < 0 || bytes > Long.BYTES) {
      throw new IllegalArgumentException("numbers of " + bytes + " bytes");
    }
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      if (nulls == null || !nulls[i]) {
        long above = 0;
        for (int j = 0; j < bytes; j++) {
          above |= (in.getByte() & 0xffL) << 8 * j;
        }
        values[i] = low + above;
      }
    }
    return values;
  }

  private static Object readValue(ByteReader in, TypeCodec codec) {
    int length = getVar(in);
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a value of " + length + " bytes");
    }
    int at = in.position();
    in.skip(length);
    return codec.decodeRow(in.array(), at, length);
  }

  /// Appends a number that is not negative, seven bits a byte, the lowest first.
  public static void putVar(ByteWriter out, int value) {
    int left = value;
    while (left > 0x7f) {
      out.putByte(left & 0x7f | 0x80);
      left >>>= 7;
    }
    out.putByte(left);
  }

  /// @throws IllegalArgumentException if it is larger than an int
  public static int getVar(ByteReader in) {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = in.getByte();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number that is too long");
  }
}
