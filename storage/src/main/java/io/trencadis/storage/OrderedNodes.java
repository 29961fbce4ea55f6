package io.trencadis.storage;

import java.util.Arrays;

/// A skip list with one writer and any number of lock-free readers (Pugh, *Skip lists*, 1990;
/// levels by a factor of four). A removed node keeps its successors, so that a reader standing on
/// it walks on.
///
/// The writer keeps a finger: the predecessors of its last insertion. Sorted batches, which is how
/// commits come, search from there and pay for the distance only.
final class OrderedNodes {
  private static final int MAX_HEIGHT = 13;

  private final Node head = new Node(null, 0, MAX_HEIGHT);
  private final Node[] finger = new Node[MAX_HEIGHT];

  OrderedNodes() {
    Arrays.fill(finger, head);
  }

  /// Two bits of the key's hash a level. The hash also picks the index slot, by other bits.
  static int heightFor(int hash) {
    return 1
        + Integer.numberOfTrailingZeros((hash * 0x9e37_79b1) | (1 << 2 * (MAX_HEIGHT - 1))) / 2;
  }

  Node first() {
    return head.next;
  }

  /// The first node at or above `key`, or null.
  Node ceiling(byte[] key) {
    Node at = head;
    Node next = null;
    for (int level = MAX_HEIGHT - 1; level >= 0; level--) {
      next = at.next(level);
      while (next != null && Arrays.compareUnsigned(next.key, key) < 0) {
        at = next;
        next = at.next(level);
      }
    }
    return next;
  }

  /// A node at or a little before the last one below `key` (null: below the end), for collecting a
  /// stretch that is then walked backwards; the head's key is null.
  Node shortlyBefore(byte[] key) {
    Node at = head;
    for (int level = MAX_HEIGHT - 1; level >= 2; level--) {
      Node next = at.next(level);
      while (next != null && (key == null || Arrays.compareUnsigned(next.key, key) < 0)) {
        at = next;
        next = at.next(level);
      }
    }
    return at;
  }

  /// Links a node whose key is not in the list.
  void insert(Node node) {
    seek(node.key);
    for (int level = 0; level < node.height(); level++) {
      node.setNext(level, finger[level].next(level));
    }
    for (int level = 0; level < node.height(); level++) {
      finger[level].setNext(level, node);
      finger[level] = node;
    }
  }

  /// Unlinks a node of the list.
  void remove(Node node) {
    seek(node.key);
    for (int level = node.height() - 1; level >= 0; level--) {
      finger[level].setNext(level, node.next(level));
    }
  }

  /// Moves the finger to the last node below `key` on every level.
  private void seek(byte[] key) {
    if (finger[0] != head && Arrays.compareUnsigned(finger[0].key, key) >= 0) {
      Arrays.fill(finger, head);
    }
    int level = 0;
    while (level < MAX_HEIGHT - 1 && isBelow(finger[level].next(level), key)) {
      level++;
    }
    Node at = finger[level];
    for (; level >= 0; level--) {
      Node next = at.next(level);
      while (isBelow(next, key)) {
        at = next;
        next = at.next(level);
      }
      finger[level] = at;
    }
  }

  private static boolean isBelow(Node node, byte[] key) {
    return node != null && Arrays.compareUnsigned(node.key, key) < 0;
  }
}
