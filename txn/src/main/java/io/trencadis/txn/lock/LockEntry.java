package io.trencadis.txn.lock;

import java.util.ArrayList;
import java.util.List;

/// One locked thing: who holds it, in which modes, and who queues for it. Most have one holder and
/// no queue, so the first holder needs no object of its own. Modes are bits; a conflict mask has a
/// bit for each conflicting mode.
final class LockEntry {
  /// The row's key; null for a relation.
  final byte[] key;

  final int hash;
  final int relationId;
  LockEntry nextInBucket;

  private long firstHolder;
  private int firstModes;
  private List<Holder> others;
  private List<Waiter> queue;

  private static final class Holder {
    final long txn;
    int modes;

    Holder(long txn, int modes) {
      this.txn = txn;
      this.modes = modes;
    }
  }

  LockEntry(byte[] key, int hash, int relationId) {
    this.key = key;
    this.hash = hash;
    this.relationId = relationId;
  }

  boolean unused() {
    return firstModes == 0
        && (others == null || others.isEmpty())
        && (queue == null || queue.isEmpty());
  }

  int modesOf(long txn) {
    if (firstModes != 0 && firstHolder == txn) {
      return firstModes;
    }
    if (others != null) {
      for (Holder holder : others) {
        if (holder.txn == txn) {
          return holder.modes;
        }
      }
    }
    return 0;
  }

  void add(long txn, int mode) {
    if (firstModes != 0 && firstHolder == txn) {
      firstModes |= mode;
      return;
    }
    if (others != null) {
      for (Holder holder : others) {
        if (holder.txn == txn) {
          holder.modes |= mode;
          return;
        }
      }
    }
    if (firstModes == 0) {
      firstHolder = txn;
      firstModes = mode;
      return;
    }
    if (others == null) {
      others = new ArrayList<>(2);
    }
    others.add(new Holder(txn, mode));
  }

  void remove(long txn, int modes) {
    if (firstModes != 0 && firstHolder == txn) {
      firstModes &= ~modes;
      return;
    }
    if (others != null) {
      for (int i = 0; i < others.size(); i++) {
        Holder holder = others.get(i);
        if (holder.txn == txn) {
          holder.modes &= ~modes;
          if (holder.modes == 0) {
            others.remove(i);
          }
          return;
        }
      }
    }
  }

  boolean heldAgainst(long txn, int conflictMask) {
    if ((firstModes & conflictMask) != 0 && firstHolder != txn) {
      return true;
    }
    if (others != null) {
      for (Holder holder : others) {
        if ((holder.modes & conflictMask) != 0 && holder.txn != txn) {
          return true;
        }
      }
    }
    return false;
  }

  void holdersAgainst(long txn, int conflictMask, List<Long> into) {
    if ((firstModes & conflictMask) != 0 && firstHolder != txn) {
      into.add(firstHolder);
    }
    if (others != null) {
      for (Holder holder : others) {
        if ((holder.modes & conflictMask) != 0 && holder.txn != txn) {
          into.add(holder.txn);
        }
      }
    }
  }

  /// Calls for each holder with its modes.
  void forEachHolder(HolderVisitor visitor) {
    if (firstModes != 0) {
      visitor.visit(firstHolder, firstModes);
    }
    if (others != null) {
      for (Holder holder : others) {
        visitor.visit(holder.txn, holder.modes);
      }
    }
  }

  @FunctionalInterface
  interface HolderVisitor {
    void visit(long txn, int modes);
  }

  /// Those who wait, in the order in which they will be served. Never null.
  List<Waiter> queue() {
    return queue == null ? List.of() : queue;
  }

  void enqueue(int position, Waiter waiter) {
    if (queue == null) {
      queue = new ArrayList<>(4);
    }
    queue.add(position, waiter);
  }

  void dequeue(Waiter waiter) {
    queue.remove(waiter);
  }
}
