package io.trencadis.sharding;

import io.trencadis.base.ByteReader;
import io.trencadis.sharding.fragment.FragmentRequest;
import java.util.BitSet;

/// Which pieces of rows have been sent to those who join them. A piece that was asked for again,
/// because its answer was lost or nobody leads any more, may have come to some of them: only what
/// was answered counts. Confined to its transaction's thread.
final class Shipments {
  private final long exchange;
  private final int[] nodes;
  private final byte[] slots;
  private final BitSet taken = new BitSet();
  private int side;
  private int last;
  private long bytes;

  /// Thrown where a receiver has lost what it had.
  static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final LostException INSTANCE = new LostException();

    private LostException() {
      super("an exchange is lost", null, false, false);
    }
  }

  /// @param nodes the receivers
  /// @param slots by slot, the receiver's place
  Shipments(long exchange, int[] nodes, byte[] slots) {
    this.exchange = exchange;
    this.nodes = nodes;
    this.slots = slots;
  }

  long exchange() {
    return exchange;
  }

  void side(int now) {
    side = now;
  }

  FragmentRequest.Shipping next() {
    return new FragmentRequest.Shipping(exchange, side, ++last, nodes, slots);
  }

  /// A piece's rows are where they belong.
  ///
  /// @param sent how many bytes went to each receiver
  /// @param from the node that has sent them
  void taken(long piece, byte[] sent, int from) {
    taken.set((int) piece);
    ByteReader in = new ByteReader(sent);
    for (int node : nodes) {
      int count = in.getInt();
      bytes += node == from ? 0 : count;
    }
  }

  /// Bytes that went to other nodes.
  long bytes() {
    return bytes;
  }

  /// The number of the last piece.
  long last() {
    return last;
  }

  /// The pieces up to the last one that do not count.
  long[] without() {
    BitSet all = new BitSet();
    all.set(1, last + 1);
    all.andNot(taken);
    return all.stream().asLongStream().toArray();
  }
}
