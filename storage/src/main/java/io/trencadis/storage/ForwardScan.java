package io.trencadis.storage;

import java.util.Arrays;

final class ForwardScan implements RowScan {
  private final byte[] to;
  private final long ts;
  private final boolean withDeletions;
  private Node ahead;
  private Node current;
  private Version version;

  ForwardScan(OrderedNodes ordered, byte[] from, byte[] to, long ts, boolean withDeletions) {
    this.to = to;
    this.ts = ts;
    this.withDeletions = withDeletions;
    this.ahead = from == null ? ordered.first() : ordered.ceiling(from);
  }

  @Override
  public boolean next() {
    while (ahead != null) {
      Node node = ahead;
      if (to != null && Arrays.compareUnsigned(node.key, to) >= 0) {
        ahead = null;
        return false;
      }
      ahead = node.next;
      Version found = Version.visible(node.newest, ts);
      if (found != null && (withDeletions || found.value() != null)) {
        current = node;
        version = found;
        return true;
      }
    }
    return false;
  }

  @Override
  public byte[] key() {
    return current.key;
  }

  @Override
  public byte[] value() {
    return version.value();
  }

  @Override
  public long commitTs() {
    return version.commitTs();
  }
}
