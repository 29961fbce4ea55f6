package io.trencadis.sql.execute;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.types.TypeCodec;

/// What a fragment's program leaves open, for one run: the values of its slots, which numbers joins
/// further up want of some columns, and the rows of small tables that its own rows are joined with.
/// Immutable.
///
/// @param slots by the program's numbers
/// @param filters by filtered column; null for one that lets everything through
/// @param sent rows of small tables, in batches, each as the program says
public record FragmentArguments(Object[] slots, RuntimeFilter.Numbers[] filters, byte[][] sent) {
  /// More numbers than these would take longer to send than what they leave out.
  static final int MOST_NUMBERS = 1 << 14;

  /// @param codecs of the slots
  byte[] toBytes(TypeCodec[] codecs) {
    ByteWriter out = new ByteWriter(64);
    for (int i = 0; i < codecs.length; i++) {
      out.putByte(slots[i] == null ? 0 : 1);
      if (slots[i] != null) {
        int at = out.length();
        out.putInt(0);
        codecs[i].encodeRow(slots[i], out);
        out.setInt(at, out.length() - at - 4);
      }
    }
    for (RuntimeFilter.Numbers filter : filters) {
      boolean sent = filter != null && filter.size() <= MOST_NUMBERS;
      out.putByte(sent ? 1 : 0);
      if (sent) {
        write(filter.sorted(), out);
      }
    }
    for (byte[] rows : sent) {
      out.putInt(rows.length).putBytes(rows);
    }
    return out.toByteArray();
  }

  /// The first number, and how much each of the others is above the one before.
  private static void write(long[] sorted, ByteWriter out) {
    BatchCodec.putVar(out, sorted.length);
    for (int i = 0; i < sorted.length; i++) {
      if (i > 0 && Long.compareUnsigned(sorted[i] - sorted[i - 1], 0xff) < 0) {
        out.putByte((int) (sorted[i] - sorted[i - 1]));
      } else {
        out.putByte(0xff).putLong(sorted[i]);
      }
    }
  }

  /// @param codecs of the slots
  /// @param filters how many filtered columns there are
  /// @param tables how many tables' rows are sent
  /// @throws IllegalArgumentException if these are not such arguments
  static FragmentArguments read(byte[] bytes, TypeCodec[] codecs, int filters, int tables) {
    ByteReader in = new ByteReader(bytes);
    Object[] slots = new Object[codecs.length];
    for (int i = 0; i < slots.length; i++) {
      if (in.getByte() != 0) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new IllegalArgumentException("a value of " + length + " bytes");
        }
        slots[i] = codecs[i].decodeRow(bytes, in.position(), length);
        in.skip(length);
      }
    }
    RuntimeFilter.Numbers[] numbers = new RuntimeFilter.Numbers[filters];
    for (int i = 0; i < filters; i++) {
      numbers[i] = in.getByte() == 0 ? null : numbers(in);
    }
    byte[][] sent = new byte[tables][];
    for (int i = 0; i < tables; i++) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("rows of " + length + " bytes");
      }
      sent[i] = in.getBytes(length);
    }
    return new FragmentArguments(slots, numbers, sent);
  }

  private static RuntimeFilter.Numbers numbers(ByteReader in) {
    int count = BatchCodec.getVar(in);
    if (count < 0 || count > MOST_NUMBERS) {
      throw new IllegalArgumentException(count + " numbers");
    }
    RuntimeFilter.Numbers numbers = new RuntimeFilter.Numbers();
    long last = 0;
    for (int i = 0; i < count; i++) {
      int step = in.getByte() & 0xff;
      last = step == 0xff ? in.getLong() : last + step;
      numbers.add(last);
    }
    return numbers;
  }
}
