package io.trencadis.sql.session;

import io.trencadis.base.ByteWriter;
import java.io.OutputStream;

/// Where a COPY TO goes: to the client or to a file of the server. One thread at a time.
interface CopyTarget extends AutoCloseable {
  /// Comes first, when there is a row or it is known that there is none.
  void begin(boolean binary, int columns);

  /// A row, a header or a trailer; the writer is the caller's again when the call returns.
  void put(ByteWriter bytes);

  /// Comes last.
  void done();

  /// Gives back what was opened, also when [#done] was not reached.
  @Override
  void close();

  static CopyTarget client(ResponseSink sink) {
    return new CopyTarget() {
      @Override
      public void begin(boolean binary, int columns) {
        sink.copyOut(binary, columns);
      }

      @Override
      public void put(ByteWriter bytes) {
        if (bytes.length() > 0) {
          sink.copyData(bytes.array(), 0, bytes.length());
        }
      }

      @Override
      public void done() {
        sink.copyDone();
      }

      @Override
      public void close() {}
    };
  }

  /// @param name of the file, which is opened when the copy begins
  static CopyTarget file(String name) {
    return new CopyTarget() {
      private static final int BUFFER_BYTES = 1 << 16;

      private final ByteWriter buffer = new ByteWriter(BUFFER_BYTES);
      private OutputStream out;

      @Override
      public void begin(boolean binary, int columns) {
        out = ServerFiles.write(name);
      }

      @Override
      public void put(ByteWriter bytes) {
        buffer.putBytes(bytes.array(), 0, bytes.length());
        if (buffer.length() >= BUFFER_BYTES) {
          flush();
        }
      }

      private void flush() {
        ServerFiles.write(out, buffer.array(), buffer.length());
        buffer.reset();
      }

      @Override
      public void done() {
        flush();
      }

      @Override
      public void close() {
        if (out != null) {
          ServerFiles.close(out, name);
        }
      }
    };
  }
}
