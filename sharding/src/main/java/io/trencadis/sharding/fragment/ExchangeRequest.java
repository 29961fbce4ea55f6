package io.trencadis.sharding.fragment;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;

/// To a node that joins rows which others send to it: an *exchange*. The answers are those to a
/// [FragmentRequest].
public sealed interface ExchangeRequest {
  /// How requests begin; those for pieces of fragments begin with lower numbers.
  int FIRST = 16;

  /// More pieces than these are not left out.
  int MOST_WITHOUT = 1 << 16;

  /// Which exchange; never used for others.
  long exchange();

  /// Begins an exchange.
  ///
  /// @param memory for a hash table, in bytes
  /// @param mostKilobytes on disk; negative for no limit
  record Open(long exchange, byte[] program, byte[] arguments, long memory, long mostKilobytes)
      implements ExchangeRequest {}

  /// Brings rows of a piece.
  ///
  /// @param side 0 for the left, 1 for the right
  record Ship(long exchange, int side, long piece, byte[] rows) implements ExchangeRequest {}

  /// Asks for what has been joined.
  ///
  /// @param number one more than that of the answer before; the same to have an answer again
  /// @param last pieces above it do not count
  /// @param without which others do not, ascending
  record Next(long exchange, int number, long last, long[] without) implements ExchangeRequest {}

  /// The gateway is still there.
  record Keep(long exchange) implements ExchangeRequest {}

  /// Nobody asks any more.
  record Close(long exchange) implements ExchangeRequest {}

  /// Whether bytes are such a request, and not one for a piece.
  static boolean isOne(byte[] bytes) {
    return bytes.length > 0 && bytes[0] >= FIRST;
  }

  static byte[] toBytes(ExchangeRequest request) {
    ByteWriter out = new ByteWriter(64);
    switch (request) {
      case Open open -> {
        out.putByte(FIRST).putLong(open.exchange);
        FragmentRequest.put(out, open.program);
        FragmentRequest.put(out, open.arguments);
        out.putLong(open.memory).putLong(open.mostKilobytes);
      }
      case Ship ship -> {
        out.putByte(FIRST + 1).putLong(ship.exchange).putByte(ship.side).putLong(ship.piece);
        out.putBytes(ship.rows);
      }
      case Next next -> {
        out.putByte(FIRST + 2).putLong(next.exchange).putInt(next.number).putLong(next.last);
        out.putInt(next.without.length);
        for (long piece : next.without) {
          out.putLong(piece);
        }
      }
      case Keep keep -> out.putByte(FIRST + 3).putLong(keep.exchange);
      case Close close -> out.putByte(FIRST + 4).putLong(close.exchange);
    }
    return out.toByteArray();
  }

  /// @throws IllegalArgumentException if it is no such request
  static ExchangeRequest read(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    int kind = in.getByte() - FIRST;
    long exchange = in.getLong();
    return switch (kind) {
      case 0 ->
          new Open(
              exchange,
              FragmentRequest.get(in, FragmentRequest.MOST_BYTES),
              FragmentRequest.get(in, FragmentRequest.MOST_BYTES),
              in.getLong(),
              in.getLong());
      case 1 -> {
        int side = in.getByte();
        if (side != 0 && side != 1) {
          throw new IllegalArgumentException("side " + side);
        }
        yield new Ship(exchange, side, in.getLong(), in.getBytes(in.remaining()));
      }
      case 2 -> {
        int number = in.getInt();
        long last = in.getLong();
        int count = in.getInt();
        if (count < 0 || count > MOST_WITHOUT) {
          throw new IllegalArgumentException(count + " pieces");
        }
        long[] without = new long[count];
        for (int i = 0; i < count; i++) {
          without[i] = in.getLong();
        }
        yield new Next(exchange, number, last, without);
      }
      case 3 -> new Keep(exchange);
      case 4 -> new Close(exchange);
      default -> throw new IllegalArgumentException("a request of kind " + kind);
    };
  }
}
