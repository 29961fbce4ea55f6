package io.trencadis.storage;

import java.util.Arrays;

/// The list links forward only, so this one collects a short stretch at a time and hands it out
/// backwards: one search for about sixteen rows.
final class ReverseScan implements RowScan {
  private final OrderedNodes ordered;
  private final byte[] from;
  private final long ts;
  private final boolean withDeletions;
  private byte[] to;
  private Node[] stretch = new Node[32];
  private int left;
  private boolean exhausted;
  private Node current;
  private Version version;

  ReverseScan(OrderedNodes ordered, byte[] from, byte[] to, long ts, boolean withDeletions) {
    this.ordered = ordered;
    this.from = from;
    this.to = to;
    this.ts = ts;
    this.withDeletions = withDeletions;
  }

  @Override
  public boolean next() {
    while (true) {
      while (left > 0) {
        Node node = stretch[--left];
        Version found = Version.visible(node.newest, ts);
        if (found != null && (withDeletions || found.value() != null)) {
          current = node;
          version = found;
          return true;
        }
      }
      if (exhausted) {
        return false;
      }
      fill();
    }
  }

  private void fill() {
    Node at = ordered.shortlyBefore(to);
    if (at.key == null) {
      exhausted = true;
      at = ordered.first();
    } else if (from != null && Arrays.compareUnsigned(at.key, from) <= 0) {
      exhausted = true;
    }
    while (at != null && (to == null || Arrays.compareUnsigned(at.key, to) < 0)) {
      if (from == null || Arrays.compareUnsigned(at.key, from) >= 0) {
        if (left == stretch.length) {
          stretch = Arrays.copyOf(stretch, left * 2);
        }
        stretch[left++] = at;
      }
      at = at.next;
    }
    if (left == 0) {
      exhausted = true;
    } else {
      to = stretch[0].key;
    }
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
