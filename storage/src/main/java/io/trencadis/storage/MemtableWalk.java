package io.trencadis.storage;

/// Every key of a memtable in ascending order, each with all its versions: what a flush reads.
/// Confined to one thread; the memtable must not be written to meanwhile.
public final class MemtableWalk {
  private Node ahead;
  private Node current;

  MemtableWalk(Node first) {
    this.ahead = first;
  }

  /// Steps to the next key.
  ///
  /// @return false at the end
  public boolean next() {
    current = ahead;
    if (current == null) {
      return false;
    }
    ahead = current.next;
    return true;
  }

  public byte[] key() {
    return current.key;
  }

  /// The key's newest version; the older ones hang on it.
  public Version newest() {
    return current.newest;
  }
}
