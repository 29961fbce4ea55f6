package io.trencadis.storage.run;

import io.trencadis.storage.Keys;

/// The keys of a run, one after another. Confined to one thread.
public final class RunCursor {
  private final Run run;
  private final byte[] from;
  private final byte[] to;
  private final boolean reverse;
  private int blockNumber;
  private Block block;

  /// Of the current key, the first entry and the one behind the last; with none yet, both where the
  /// next one is looked for.
  private int first;

  private int end;

  RunCursor(Run run, byte[] from, byte[] to, boolean reverse) {
    this.run = run;
    this.from = from;
    this.to = to;
    this.reverse = reverse;
    byte[] start = reverse ? to : from;
    if (start == null) {
      blockNumber = reverse ? run.blocks() - 1 : 0;
      block = run.block(blockNumber);
      first = reverse ? block.count() : 0;
    } else {
      blockNumber = run.blockOf(start);
      block = run.block(blockNumber);
      first = block.ceiling(start);
    }
    end = first;
  }

  /// Steps to the next key.
  ///
  /// @return false at the end
  public boolean next() {
    return reverse ? previousKey() : nextKey();
  }

  private boolean nextKey() {
    if (end == block.count()) {
      if (blockNumber + 1 >= run.blocks()) {
        return false;
      }
      block = run.block(++blockNumber);
      end = 0;
    }
    first = end;
    end = endOfKey(first);
    return to == null || Keys.compare(block.key(first), to) < 0;
  }

  private int endOfKey(int at) {
    int after = at + 1;
    while (after < block.count() && Keys.compare(block.key(after), block.key(at)) == 0) {
      after++;
    }
    return after;
  }

  private boolean previousKey() {
    if (first == 0) {
      if (blockNumber == 0) {
        return false;
      }
      block = run.block(--blockNumber);
      first = block.count();
    }
    end = first;
    first--;
    while (first > 0 && Keys.compare(block.key(first - 1), block.key(first)) == 0) {
      first--;
    }
    return from == null || Keys.compare(block.key(first), from) >= 0;
  }

  public byte[] key() {
    return block.key(first);
  }

  /// The current key's newest entry.
  public RunEntry newest() {
    return block.entry(first);
  }

  /// The current key's newest entry made before `mark`, or null.
  public RunEntry before(int mark) {
    for (int at = first; at < end; at++) {
      if (block.mark(at) < mark) {
        return block.entry(at);
      }
    }
    return null;
  }

  /// The current key's entries, newest first.
  public RunEntry[] entries() {
    RunEntry[] all = new RunEntry[end - first];
    for (int i = 0; i < all.length; i++) {
      all[i] = block.entry(first + i);
    }
    return all;
  }
}
