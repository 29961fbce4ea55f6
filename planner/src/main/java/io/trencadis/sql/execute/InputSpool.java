package io.trencadis.sql.execute;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Supplier;

/// Keeps what a client has sent, so that it can be read once more: the beginning in memory, more
/// than that in a temporary file. Confined to one thread.
public final class InputSpool implements AutoCloseable {
  private static final int MEMORY_BYTES = 1 << 16;

  private static final int PIECE_BYTES = 1 << 16;

  private final Supplier<byte[]> client;
  private final SpillSpace space;
  private final Runnable interrupts;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private SpillFile file;
  private boolean ended;

  /// @param client gives what comes next; null at its end
  /// @param space nobody else's
  public InputSpool(Supplier<byte[]> client, SpillSpace space, Runnable interrupts) {
    this.client = client;
    this.space = space;
    this.interrupts = interrupts;
  }

  /// All from the beginning: what was kept, and then what the client sends.
  ///
  /// @return gives what comes next, which is the caller's; null at the end
  public Supplier<byte[]> fromBeginning() {
    return new Supplier<>() {
      private int inMemory;
      private long inFile;

      @Override
      public byte[] get() {
        if (inMemory < memory.size()) {
          byte[] kept = memory.toByteArray();
          byte[] piece = Arrays.copyOfRange(kept, inMemory, kept.length);
          inMemory = kept.length;
          return piece;
        }
        if (file != null && inFile < file.size()) {
          byte[] piece = new byte[(int) Math.min(PIECE_BYTES, file.size() - inFile)];
          inFile += file.read(piece, 0, piece.length, inFile, interrupts);
          return piece;
        }
        byte[] fresh = fresh();
        inMemory = memory.size();
        inFile = file == null ? 0 : file.size();
        return fresh;
      }
    };
  }

  private byte[] fresh() {
    if (ended) {
      return null;
    }
    byte[] bytes = client.get();
    if (bytes == null) {
      ended = true;
    } else if (file == null && memory.size() + bytes.length <= MEMORY_BYTES) {
      memory.writeBytes(bytes);
    } else {
      if (file == null) {
        file = space.create();
      }
      file.append(bytes, bytes.length, interrupts);
    }
    return bytes;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
