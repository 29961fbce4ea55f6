package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;

/// Rows written to a temporary file one after another, and read in that order as often as wanted.
/// Confined to one thread.
final class RowSpool implements AutoCloseable {
  private final SpillFile file;
  private final RowBytes.Stream stream;
  private final Execution x;
  private final int bufferBytes;
  private final long start;
  private final ByteWriter buffer;
  private long end;
  private long rows;
  private boolean finished;

  /// At the end of a file that others may have written to. Until it is finished, nobody else may.
  RowSpool(SpillFile file, RowBytes.Stream stream, Execution x, int bufferBytes) {
    this.file = file;
    this.stream = stream;
    this.x = x;
    this.bufferBytes = bufferBytes;
    this.start = file.size();
    this.buffer = new ByteWriter(bufferBytes);
  }

  /// In a file of its own.
  RowSpool(RowBytes bytes, Execution x, int bufferBytes) {
    this(x.spill().create(), bytes.new Stream(), x, bufferBytes);
  }

  void add(Object[] row) {
    int at = buffer.length();
    buffer.putInt(0);
    stream.write(row, buffer);
    buffer.setInt(at, buffer.length() - at - 4);
    rows++;
    if (buffer.length() >= bufferBytes) {
      flush();
    }
  }

  private void flush() {
    file.append(buffer.array(), buffer.length(), x);
    buffer.reset();
  }

  /// No more rows will be added.
  void finish() {
    if (!finished) {
      finished = true;
      flush();
      end = file.size();
    }
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return (finished ? end : file.size()) - start;
  }

  /// Where the next row that is added will be.
  long position() {
    return file.size() + buffer.length();
  }

  /// All rows from the first one.
  RowSource read() {
    return readFrom(start);
  }

  /// All rows from one on.
  ///
  /// @param position where it is
  RowSource readFrom(long position) {
    finish();
    return new Reader(position);
  }

  private final class Reader implements RowSource {
    private byte[] bytes = new byte[bufferBytes];
    private int at;
    private int filled;
    private long next;

    Reader(long position) {
      next = position;
    }

    @Override
    public Object[] next() {
      if (!has(4)) {
        return null;
      }
      int length = RowBytes.integer(bytes, at);
      has(4 + length);
      Object[] row = stream.read(bytes, at + 4);
      at += 4 + length;
      return row;
    }

    private boolean has(int wanted) {
      if (filled - at >= wanted) {
        return true;
      }
      if (filled == at && next == end) {
        bytes = null;
        at = 0;
        filled = 0;
        return false;
      }
      byte[] into = wanted > bytes.length ? new byte[wanted] : bytes;
      System.arraycopy(bytes, at, into, 0, filled - at);
      bytes = into;
      filled -= at;
      at = 0;
      int most = (int) Math.min(bytes.length - filled, end - next);
      int count = file.read(bytes, filled, most, next, x);
      filled += count;
      next += count;
      if (filled < wanted) {
        throw io.trencadis.base.SqlException.internal("a temporary file is shorter than it was");
      }
      x.checkInterrupts();
      return true;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
