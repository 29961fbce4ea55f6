package io.trencadis.sharding.rpc;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;

/// What both ends of a connection say first.
///
/// @param from the one who speaks
/// @param to whom he believes to speak to; below 0 for whoever it is
record Hello(int version, NodeIdentity from, int to) {
  /// @param lane what the connection is for
  Frame frame(Lane lane) {
    byte[] body =
        new ByteWriter()
            .putInt(version)
            .putLong(from.cluster())
            .putInt(from.node())
            .putInt(to)
            .toByteArray();
    return new Frame(Frame.Kind.HELLO, lane.service(), 0, body);
  }

  static Hello read(byte[] body) {
    ByteReader in = new ByteReader(body);
    return new Hello(in.getInt(), new NodeIdentity(in.getLong(), in.getInt()), in.getInt());
  }

  /// Why a node does not talk to the one who said this; null if it does. A node that belongs to no
  /// cluster yet talks to all.
  String refusal(NodeIdentity self) {
    if (version != NodeRpc.VERSION) {
      return "node "
          + from.node()
          + " speaks version "
          + version
          + " of the node protocol, this one "
          + NodeRpc.VERSION
          + ": let all nodes run the same release";
    }
    if (from.cluster() != 0 && self.cluster() != 0 && from.cluster() != self.cluster()) {
      return "node "
          + from.node()
          + " belongs to cluster "
          + Long.toHexString(from.cluster())
          + ", this one to "
          + Long.toHexString(self.cluster());
    }
    if (to > NodeRpc.NOBODY && to != self.node()) {
      return self.node() == NodeRpc.NOBODY
          ? "this node has no number yet: its data directory is empty; it is not node " + to
          : "this is node " + self.node() + ", not node " + to;
    }
    return null;
  }
}
