package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.replica.Members;
import java.nio.charset.StandardCharsets;

/// What nodes ask whoever leads the oracle about the list of nodes, and what they are answered. Any
/// member passes a question on, once.
sealed interface MemberRequest {
  /// An empty node wants to belong to the cluster.
  record Join(String address, long token) implements MemberRequest {}

  /// A member is somewhere else now.
  record Moved(int node, String address) implements MemberRequest {}

  /// An operator wants a node to be taken out.
  record Drain(int node, boolean force) implements MemberRequest {}

  /// An operator wants another number of copies of each shard.
  record Factor(int copies) implements MemberRequest {}

  byte KIND = 3;

  static boolean isRequest(byte[] body) {
    return body.length > 1 && body[0] == KIND;
  }

  private static ByteWriter begin(int which) {
    // The third byte says whether it was passed on.
    return new ByteWriter().putByte(KIND).putByte(which).putByte(0);
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new ByteWriter(4 + bytes.length).putInt(bytes.length).putBytes(bytes).toByteArray();
  }

  static byte[] join(String address, long token) {
    return begin(0).putLong(token).putBytes(text(address)).toByteArray();
  }

  static byte[] moved(int node, String address) {
    return begin(1).putInt(node).putBytes(text(address)).toByteArray();
  }

  static byte[] drain(int node, boolean force) {
    return begin(2).putInt(node).putByte(force ? 1 : 0).toByteArray();
  }

  static byte[] factor(int copies) {
    return begin(3).putInt(copies).toByteArray();
  }

  static boolean wasPassedOn(byte[] body) {
    return body[2] != 0;
  }

  static byte[] passedOn(byte[] body) {
    byte[] copy = body.clone();
    copy[2] = 1;
    return copy;
  }

  static MemberRequest read(byte[] body) {
    ByteReader in = new ByteReader(body);
    in.getByte();
    int which = in.getByte();
    in.getByte();
    return switch (which) {
      case 0 -> {
        long token = in.getLong();
        yield new Join(in.getUtf8(in.getInt()), token);
      }
      case 1 -> {
        int node = in.getInt();
        yield new Moved(node, in.getUtf8(in.getInt()));
      }
      case 2 -> new Drain(in.getInt(), in.getByte() != 0);
      case 3 -> new Factor(in.getInt());
      default -> throw new IllegalArgumentException("a request of kind " + which);
    };
  }

  /// What became of a request.
  sealed interface Answer {
    byte[] toBytes();

    static Answer read(byte[] body) {
      if (body.length == 0) {
        return new Wait("the node that was asked is starting");
      }
      ByteReader in = new ByteReader(body);
      return switch (in.getByte()) {
        case 0 -> new Wait(in.getUtf8(in.getInt()));
        case 1 -> new Refused(in.getUtf8(in.getInt()));
        case 2 -> new Done(in.getUtf8(in.getInt()));
        default -> {
          long cluster = in.getLong();
          int node = in.getInt();
          int shards = in.getInt();
          yield new Accepted(cluster, node, shards, Members.read(in));
        }
      };
    }
  }

  /// Not now: ask again.
  record Wait(String why) implements Answer {
    @Override
    public byte[] toBytes() {
      return new ByteWriter().putByte(0).putBytes(text(why)).toByteArray();
    }
  }

  /// Not like this.
  record Refused(String why) implements Answer {
    @Override
    public byte[] toBytes() {
      return new ByteWriter().putByte(1).putBytes(text(why)).toByteArray();
    }
  }

  /// It has begun.
  record Done(String what) implements Answer {
    @Override
    public byte[] toBytes() {
      return new ByteWriter().putByte(2).putBytes(text(what)).toByteArray();
    }
  }

  /// The node that asked belongs to the cluster.
  record Accepted(long cluster, int node, int shards, Members members) implements Answer {
    @Override
    public byte[] toBytes() {
      return new ByteWriter()
          .putByte(3)
          .putLong(cluster)
          .putInt(node)
          .putInt(shards)
          .putBytes(members.toBytes())
          .toByteArray();
    }
  }
}
