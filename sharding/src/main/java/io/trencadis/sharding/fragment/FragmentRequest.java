package io.trencadis.sharding.fragment;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/// From a gateway to a node: compute the next piece of a fragment.
///
/// @param job stands for program and arguments; never used for others
/// @param program null where the node has been told before
/// @param arguments null where the program is
/// @param relationId whose rows are read
/// @param schemaVersion of the relation, as the plan knows it
/// @param others relations of the same shards that the program looks into, by its numbers
/// @param readTs the snapshot
/// @param mostRows after how many rows of output to stop, roughly; 0 for no such limit
/// @param ranges what is read, in this order
/// @param shipping where the output goes; null for back to the gateway
public record FragmentRequest(
    long job,
    byte[] program,
    byte[] arguments,
    int relationId,
    long schemaVersion,
    List<Other> others,
    long readTs,
    int mostRows,
    List<Range> ranges,
    Shipping shipping) {
  private static final int VERSION = 1;

  /// Of requests that name other relations, too.
  private static final int WITH_OTHERS = 2;

  /// Of requests whose output goes to other nodes.
  private static final int WITH_SHIPPING = 3;

  /// By how many slots rows are divided among receivers.
  public static final int SLOTS = 256;

  /// Programs and arguments larger than this are not sent.
  public static final int MOST_BYTES = 4 << 20;

  /// More relations than these no program looks into.
  public static final int MOST_OTHERS = 64;

  /// More ranges than a relation has shards are not asked for at once.
  static final int MOST_RANGES = 4_096;

  private static final int MOST_KEY = 1 << 20;

  /// The keys of one shard with `from <= key < to`.
  ///
  /// @param provenTerm the term in which whoever is asked has answered this fragment before; 0 for
  ///   none
  public record Range(int shard, long provenTerm, byte[] from, byte[] to) {}

  /// A relation that a program looks into.
  ///
  /// @param schemaVersion as the plan knows it
  public record Other(int relationId, long schemaVersion) {}

  /// Where a piece's rows go, instead of back.
  ///
  /// @param exchange whose rows they are
  /// @param side of it: 0 for the left, 1 for the right
  /// @param piece a number that no other request has
  /// @param nodes the receivers
  /// @param slots by slot, which receiver takes its rows; [#SLOTS] of them
  public record Shipping(long exchange, int side, long piece, int[] nodes, byte[] slots) {}

  public byte[] toBytes() {
    int version = shipping != null ? WITH_SHIPPING : others.isEmpty() ? VERSION : WITH_OTHERS;
    ByteWriter out = new ByteWriter(256).putByte(version).putLong(job);
    out.putByte(program == null ? 0 : 1);
    if (program != null) {
      put(out, program);
      put(out, arguments);
    }
    out.putInt(relationId).putLong(schemaVersion).putLong(readTs).putInt(mostRows);
    if (version != VERSION) {
      out.putInt(others.size());
      for (Other other : others) {
        out.putInt(other.relationId).putLong(other.schemaVersion);
      }
    }
    out.putInt(ranges.size());
    for (Range range : ranges) {
      out.putInt(range.shard).putLong(range.provenTerm);
      put(out, range.from);
      put(out, range.to);
    }
    if (shipping != null) {
      out.putLong(shipping.exchange).putByte(shipping.side).putLong(shipping.piece);
      out.putByte(shipping.nodes.length);
      for (int node : shipping.nodes) {
        out.putInt(node);
      }
      out.putBytes(shipping.slots);
    }
    return out.toByteArray();
  }

  /// @throws IllegalArgumentException if it is no request of this version
  public static FragmentRequest read(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    int version = in.getByte();
    if (version < VERSION || version > WITH_SHIPPING) {
      throw new IllegalArgumentException("a request of another version");
    }
    long job = in.getLong();
    boolean whole = in.getByte() != 0;
    byte[] program = whole ? get(in, MOST_BYTES) : null;
    byte[] arguments = whole ? get(in, MOST_BYTES) : null;
    int relationId = in.getInt();
    long schemaVersion = in.getLong();
    long readTs = in.getLong();
    int mostRows = in.getInt();
    List<Other> others = new ArrayList<>();
    if (version != VERSION) {
      int named = in.getInt();
      if (named < 0 || named > MOST_OTHERS) {
        throw new IllegalArgumentException(named + " other relations");
      }
      for (int i = 0; i < named; i++) {
        others.add(new Other(in.getInt(), in.getLong()));
      }
    }
    int count = in.getInt();
    if (count < 1 || count > MOST_RANGES || mostRows < 0) {
      throw new IllegalArgumentException(count + " ranges, " + mostRows + " rows");
    }
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(new Range(in.getInt(), in.getLong(), get(in, MOST_KEY), get(in, MOST_KEY)));
    }
    return new FragmentRequest(
        job,
        program,
        arguments,
        relationId,
        schemaVersion,
        others,
        readTs,
        mostRows,
        ranges,
        version == WITH_SHIPPING ? shipping(in) : null);
  }

  private static Shipping shipping(ByteReader in) {
    long exchange = in.getLong();
    int side = in.getByte();
    long piece = in.getLong();
    int[] nodes = new int[in.getByte() & 0xff];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = in.getInt();
    }
    byte[] slots = in.getBytes(SLOTS);
    for (byte slot : slots) {
      if ((slot & 0xff) >= nodes.length) {
        throw new IllegalArgumentException("receiver " + slot + " of " + nodes.length);
      }
    }
    if (side != 0 && side != 1) {
      throw new IllegalArgumentException("side " + side);
    }
    return new Shipping(exchange, side, piece, nodes, slots);
  }

  static void put(ByteWriter out, byte[] bytes) {
    out.putInt(bytes.length).putBytes(bytes);
  }

  static byte[] get(ByteReader in, int most) {
    int length = in.getInt();
    if (length < 0 || length > most || length > in.remaining()) {
      throw new IllegalArgumentException("a length of " + length);
    }
    return in.getBytes(length);
  }
}
