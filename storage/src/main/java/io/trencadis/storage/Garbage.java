package io.trencadis.storage;

import java.util.Arrays;

/// A queue of nodes that have something to discard once the horizon passes a timestamp: a ring of
/// two arrays.
final class Garbage {
  private long[] timestamps = new long[64];
  private Node[] nodes = new Node[64];
  private int first;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  long firstTs() {
    return timestamps[first];
  }

  void add(long ts, Node node) {
    if (size == nodes.length) {
      grow();
    }
    int at = (first + size) & (nodes.length - 1);
    timestamps[at] = ts;
    nodes[at] = node;
    size++;
  }

  Node poll() {
    Node node = nodes[first];
    nodes[first] = null;
    first = (first + 1) & (nodes.length - 1);
    size--;
    return node;
  }

  private void grow() {
    int capacity = nodes.length;
    long[] moreTimestamps = Arrays.copyOf(timestamps, capacity * 2);
    Node[] moreNodes = Arrays.copyOf(nodes, capacity * 2);
    // The part that had wrapped around moves behind the old end.
    System.arraycopy(timestamps, 0, moreTimestamps, capacity, first);
    System.arraycopy(nodes, 0, moreNodes, capacity, first);
    Arrays.fill(moreNodes, 0, first, null);
    timestamps = moreTimestamps;
    nodes = moreNodes;
  }
}
