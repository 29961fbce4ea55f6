package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.option.NodeOptions;

/// A group's options, with the network that JRaft's factory of clients has no other way to learn
/// of.
final class GroupOptions extends NodeOptions {
  private final RaftTransport transport;

  GroupOptions(RaftTransport transport) {
    this.transport = transport;
  }

  RaftTransport transport() {
    return transport;
  }

  /// The inherited check needs a library that is left out.
  @Override
  public void validate() {
    if (getFsm() == null || getRaftMetaUri() == null || getSnapshotUri() == null) {
      throw new IllegalArgumentException("a group without machine or directories");
    }
  }
}
