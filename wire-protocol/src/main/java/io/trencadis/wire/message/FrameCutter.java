package io.trencadis.wire.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;

/// Cuts what arrives from a socket into frames, and holds the piece of a frame that has not all
/// come yet. Memory follows what was received, never what a length merely claims. Not thread-safe.
public final class FrameCutter {
  private static final int HEADER_BYTES = 5;

  private final MessageBody body = new MessageBody();
  private ByteBuf pending;
  private int lastFrameBytes;

  /// Takes over what was received.
  public void add(ByteBuf received, ByteBufAllocator allocator) {
    if (pending == null) {
      pending = received;
      return;
    }
    try {
      if (pending.writableBytes() < received.readableBytes()
          || pending.isReadOnly()
          || pending.refCnt() > 1) {
        // Doubling: Netty's own growth adds a few megabytes at a time, which is quadratic for a
        // large message.
        long room = 2L * (pending.readableBytes() + received.readableBytes());
        ByteBuf larger = allocator.buffer(Math.clamp(room, 1024, Integer.MAX_VALUE - 16));
        larger.writeBytes(pending);
        pending.release();
        pending = larger;
      }
      pending.writeBytes(received);
    } finally {
      received.release();
    }
  }

  /// Bytes received and not yet cut.
  public int pendingBytes() {
    return pending == null ? 0 : pending.readableBytes();
  }

  /// The body of the next start-up packet (which has a length and no type byte), or null if it has
  /// not all come.
  ///
  /// @throws SqlException FATAL 08P01 for an impossible length
  public byte[] nextStartupPacket(int limit) {
    if (pendingBytes() < 4) {
      return null;
    }
    int length = pending.getInt(pending.readerIndex());
    if (length < 8 || length > limit) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid length of startup packet")
          .asFatal();
    }
    if (pending.readableBytes() < length) {
      return null;
    }
    byte[] packet = new byte[length - 4];
    pending.skipBytes(4).readBytes(packet);
    releaseIfEmpty();
    return packet;
  }

  /// Says which encoding the client's strings are in, from the next message on.
  public void speaks(Encoding client) {
    body.speaks(client);
  }

  /// The next message, or null if it has not all come.
  ///
  /// @param limit longest body to accept
  /// @throws SqlException FATAL 08P01 where no frame can be made out, after which nothing more can
  ///   be cut
  public FrontendMessage nextMessage(int limit) {
    if (pending == null) {
      return null;
    }
    int available = pending.readableBytes();
    if (available == 0) {
      releaseIfEmpty();
      return null;
    }
    int start = pending.readerIndex();
    FrontendKind kind = FrontendKind.of(pending.getByte(start));
    if (kind == null) {
      throw new SqlException(
              SqlState.PROTOCOL_VIOLATION,
              "invalid frontend message type " + (pending.getByte(start) & 0xff))
          .asFatal();
    }
    if (available < HEADER_BYTES) {
      return null;
    }
    int bodyLength = pending.getInt(start + 1) - 4;
    if (bodyLength < 0 || bodyLength > kind.bodyLimit(limit)) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid message length").asFatal();
    }
    if (available - HEADER_BYTES < bodyLength) {
      return null;
    }
    lastFrameBytes = HEADER_BYTES + bodyLength;
    FrontendMessage message = kind.read(body.over(pending, start + HEADER_BYTES, bodyLength));
    pending.skipBytes(lastFrameBytes);
    return message;
  }

  /// Size of the frame that the last message was in.
  public int lastFrameBytes() {
    return lastFrameBytes;
  }

  /// Gives the buffer back when all of it has been cut; call it when there is no further message
  /// for now.
  public void releaseIfEmpty() {
    if (pending != null && !pending.isReadable()) {
      release();
    }
  }

  /// Forgets everything.
  public void release() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }
}
