package io.trencadis.storage.run;

import io.trencadis.storage.Keys;
import java.util.List;
import java.util.PriorityQueue;

/// The keys of several runs of one transaction in one order; of a key that several have, the newest
/// run's entry made before a mark. Confined to one thread.
public final class RunMerge {
  /// A run that is read from when its turn comes: until then its first key is enough.
  private static final class Source {
    final int age;
    private final Run run;
    private final byte[] from;
    private final byte[] to;
    private final boolean reverse;
    private RunCursor cursor;
    byte[] key;

    /// @param edge the run's first key in the range, if that can be told without a read, or null
    Source(Run run, int age, byte[] from, byte[] to, boolean reverse, byte[] edge) {
      this.run = run;
      this.age = age;
      this.from = from;
      this.to = to;
      this.reverse = reverse;
      this.key = edge;
    }

    RunCursor cursor() {
      if (cursor == null) {
        cursor = run.cursor(from, to, reverse);
        cursor.next();
      }
      return cursor;
    }

    /// @return false at the end
    boolean next() {
      if (!cursor().next()) {
        return false;
      }
      key = cursor.key();
      return true;
    }
  }

  /// All but the current one, the next first.
  private final PriorityQueue<Source> sources;

  private final int before;

  /// Stays out of the queue as long as its keys come first: runs of a load hardly overlap.
  private Source current;

  private RunEntry entry;

  /// @param runs oldest first
  /// @param before entries with this mark or a higher one are left out
  public RunMerge(List<Run> runs, byte[] from, byte[] to, boolean reverse, int before) {
    this.before = before;
    sources =
        new PriorityQueue<>(
            Math.max(1, runs.size()),
            (a, b) -> {
              int order = Keys.compare(a.key, b.key);
              return order == 0 ? Integer.compare(b.age, a.age) : reverse ? -order : order;
            });
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      byte[] edge = run.edge(from, to, reverse);
      Source source = new Source(run, i, from, to, reverse, edge);
      if (edge != null) {
        sources.add(source);
      } else if (run.firstIn(from, to, reverse) != null) {
        RunCursor cursor = run.cursor(from, to, reverse);
        if (cursor.next()) {
          source.cursor = cursor;
          source.key = cursor.key();
          sources.add(source);
        }
      }
    }
  }

  /// All that runs hold, in key order.
  public static RunMerge all(List<Run> runs) {
    return new RunMerge(runs, null, null, false, Integer.MAX_VALUE);
  }

  /// Steps to the next key that has an entry.
  ///
  /// @return false at the end
  public boolean next() {
    while (true) {
      if (current == null) {
        current = sources.poll();
        if (current == null) {
          return false;
        }
      }
      byte[] key = current.key;
      entry = current.cursor().before(before);
      if (!current.next()) {
        current = null;
      }
      Source other = sources.peek();
      while (other != null && Keys.compare(other.key, key) == 0) {
        sources.poll();
        if (entry == null) {
          entry = other.cursor().before(before);
        }
        if (other.next()) {
          sources.add(other);
        }
        other = sources.peek();
      }
      if (current != null && other != null && sources.comparator().compare(current, other) > 0) {
        sources.add(current);
        current = null;
      }
      if (entry != null) {
        return true;
      }
    }
  }

  public byte[] key() {
    return entry.key();
  }

  /// The key's newest entry, a deletion included.
  public RunEntry entry() {
    return entry;
  }
}
