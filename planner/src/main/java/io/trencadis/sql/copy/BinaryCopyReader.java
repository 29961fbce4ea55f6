package io.trencadis.sql.copy;

import io.trencadis.base.ByteReader;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.BinaryText;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.types.PgType;
import java.util.List;
import java.util.function.Supplier;

/// Reads the rows of a COPY FROM in binary format. Not thread-safe.
public final class BinaryCopyReader {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };

  private final Supplier<byte[]> source;
  private final List<PgType> types;
  private final Encoding client;
  private byte[] buffer = new byte[0];
  private int position;
  private boolean begun;

  /// @param source gives the data, cut anywhere; null at the end
  /// @param client the encoding of the texts in it
  public BinaryCopyReader(Supplier<byte[]> source, List<PgType> types, Encoding client) {
    this.source = source;
    this.types = types;
    this.client = client;
  }

  private static SqlException bad(String message) {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, message);
  }

  /// Whether that many bytes are at hand, read now if need be.
  private boolean have(int count) {
    while (buffer.length - position < count) {
      byte[] more = source.get();
      if (more == null) {
        return false;
      }
      byte[] joined = new byte[buffer.length - position + more.length];
      System.arraycopy(buffer, position, joined, 0, buffer.length - position);
      System.arraycopy(more, 0, joined, buffer.length - position, more.length);
      buffer = joined;
      position = 0;
    }
    return true;
  }

  private ByteReader take(int count, String what) {
    if (count < 0 || !have(count)) {
      throw bad(what);
    }
    ByteReader reader = new ByteReader(buffer, position, count);
    position += count;
    return reader;
  }

  /// The next row's values, or null at the end.
  public Object[] next() {
    if (!begun) {
      if (!java.util.Arrays.equals(
          take(11, "COPY file signature not recognized").getBytes(11), SIGNATURE)) {
        throw bad("COPY file signature not recognized");
      }
      if (take(4, "invalid COPY file header (missing flags)").getInt() != 0) {
        throw bad("unrecognized critical flags in COPY file header");
      }
      int extension = take(4, "invalid COPY file header (missing length)").getInt();
      take(extension, "invalid COPY file header (wrong length)");
      begun = true;
    }
    if (!have(2)) {
      return null;
    }
    int fields = take(2, "unexpected EOF in COPY data").getShort();
    if (fields == -1) {
      while (source.get() != null) {
        // Nothing may follow the trailer; what does is thrown away.
      }
      return null;
    }
    if (fields != types.size()) {
      throw bad("row field count is " + fields + ", expected " + types.size());
    }
    Object[] values = new Object[fields];
    for (int i = 0; i < fields; i++) {
      int length = take(4, "unexpected EOF in COPY data").getInt();
      if (length < -1) {
        throw bad("invalid field size");
      }
      if (length >= 0) {
        values[i] = value(types.get(i), take(length, "unexpected EOF in COPY data"), length);
      }
    }
    return values;
  }

  private Object value(PgType type, ByteReader in, int length) {
    if (client.isServers()) {
      return type.codec().readBinary(in, length);
    }
    byte[] value = BinaryText.received(type, in.getBytes(length), client);
    return type.codec().readBinary(new ByteReader(value), value.length);
  }
}
