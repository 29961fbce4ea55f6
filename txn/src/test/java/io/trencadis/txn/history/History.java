package io.trencadis.txn.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What clients saw: transactions with their reads and writes and when they ran, and for each key
/// the order in which its versions came to be. A version is known by its writer's id; the version
/// before all others has no writer.
public final class History {
  /// The writer of what was there before.
  public static final long NOBODY = 0;

  /// A key was seen with the version of a writer; [#NOBODY] for no row.
  public record Read(String key, long writer) {}

  /// A range was read: what it held besides the reads noted for the keys seen was nothing.
  public record RangeRead(Predicate<String> range, Set<String> seen) {}

  /// One transaction.
  public static final class Txn {
    public final long id;
    public final long begin;
    public final List<Read> reads = new ArrayList<>();
    public final List<RangeRead> ranges = new ArrayList<>();
    public final Set<String> writes = new HashSet<>();
    public boolean committed;
    public long end = Long.MAX_VALUE;

    public Txn(long id, long begin) {
      this.id = id;
      this.begin = begin;
    }

    public Txn read(String key, long writer) {
      reads.add(new Read(key, writer));
      return this;
    }

    public Txn readRange(Predicate<String> range, Set<String> seen) {
      ranges.add(new RangeRead(range, seen));
      return this;
    }

    public Txn wrote(String key) {
      writes.add(key);
      return this;
    }

    public Txn committed(long at) {
      committed = true;
      end = at;
      return this;
    }

    public Txn aborted(long at) {
      end = at;
      return this;
    }
  }

  final List<Txn> txns = new ArrayList<>();
  final Map<String, List<Long>> versions = new HashMap<>();
  final Set<String> deletions = new HashSet<>();

  public Txn begin(long id, long at) {
    Txn txn = new Txn(id, at);
    txns.add(txn);
    return txn;
  }

  /// The key's next version is this writer's.
  public void version(String key, long writer) {
    versions.computeIfAbsent(key, _ -> new ArrayList<>()).add(writer);
  }

  /// The key's next version is its deletion by this writer.
  public void deletion(String key, long writer) {
    version(key, writer);
    deletions.add(key + "@" + writer);
  }

  boolean isDeletion(String key, long writer) {
    return deletions.contains(key + "@" + writer);
  }

  public List<Txn> txns() {
    return txns;
  }
}
