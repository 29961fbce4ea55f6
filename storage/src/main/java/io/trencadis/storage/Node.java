package io.trencadis.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A key in a memtable, with its versions newest first, linked into the skip list. Reached by the
/// hash index too.
final class Node {
  private static final VarHandle TOWER = MethodHandles.arrayElementVarHandle(Node[].class);

  final byte[] key;
  final int hash;
  volatile Version newest;
  volatile Node next;

  /// Successors on the levels above the lowest; null for three nodes in four, which have none.
  private final Node[] tower;

  Node(byte[] key, int hash, int height) {
    this.key = key;
    this.hash = hash;
    this.tower = height > 1 ? new Node[height - 1] : null;
  }

  int height() {
    return tower == null ? 1 : tower.length + 1;
  }

  /// The successor on a level; 0 is the lowest, on which all nodes are.
  Node next(int level) {
    return level == 0 ? next : (Node) TOWER.getAcquire(tower, level - 1);
  }

  void setNext(int level, Node node) {
    if (level == 0) {
      next = node;
    } else {
      TOWER.setRelease(tower, level - 1, node);
    }
  }
}
