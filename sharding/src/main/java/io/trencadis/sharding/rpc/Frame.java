package io.trencadis.sharding.rpc;

import io.netty.buffer.ByteBuf;

/// What goes over a connection after its four bytes of length: a kind, a service, the number of the
/// call, and the body. All integers big-endian.
///
/// | bytes | |
/// | --- | --- |
/// | 1 | kind, the ordinal of [Kind] |
/// | 1 | service, the ordinal of [Service]; of a greeting, that of its [Lane] |
/// | 8 | the call's number; 0 for a message |
/// | rest | body |
record Frame(Kind kind, Service service, long call, byte[] body) {
  /// What a frame is.
  enum Kind {
    /// Who is calling, and whom he means: the first frame each way.
    HELLO,
    MESSAGE,
    CALL,
    ANSWER,
    /// Why the connection is refused, as text.
    REFUSED
  }

  static final int HEAD = 10;

  /// More than any message has: a batch of log entries, a piece of a snapshot.
  static final int MAX_BYTES = 1 << 28;

  private static final Kind[] KINDS = Kind.values();
  private static final Service[] SERVICES = Service.values();

  int bytes() {
    return HEAD + body.length;
  }

  void write(ByteBuf to) {
    to.writeInt(bytes());
    to.writeByte(kind.ordinal());
    to.writeByte(service.ordinal());
    to.writeLong(call);
    to.writeBytes(body);
  }

  /// @param from the frame without its length
  /// @throws IllegalArgumentException for what is no frame
  static Frame read(ByteBuf from) {
    if (from.readableBytes() < HEAD) {
      throw new IllegalArgumentException("a frame of " + from.readableBytes() + " bytes");
    }
    int kind = from.readByte();
    int service = from.readByte();
    if (kind < 0 || kind >= KINDS.length || service < 0 || service >= SERVICES.length) {
      throw new IllegalArgumentException("a frame of kind " + kind + " for service " + service);
    }
    long call = from.readLong();
    byte[] body = new byte[from.readableBytes()];
    from.readBytes(body);
    return new Frame(KINDS[kind], SERVICES[service], call, body);
  }
}
