package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Rows of several shards in the order of their keys. Confined to one thread.
///
/// SQL promises no order without ORDER BY. But a table that was filled by counting keys, or has no
/// key at all, comes out as it went in, as it does in PostgreSQL, and much that is written for
/// PostgreSQL expects that of small tables.
public final class ShardMerge implements RowCursor {
  private static final class Source {
    final RowCursor cursor;
    final int shard;
    byte[] key;

    Source(RowCursor cursor, int shard) {
      this.cursor = cursor;
      this.shard = shard;
    }

    /// @return false at the end, when it is closed
    boolean step() {
      if (!cursor.next()) {
        cursor.close();
        return false;
      }
      key = cursor.key();
      return true;
    }
  }

  /// Those that have a row, the lowest first once they have begun.
  private final List<Source> sources;

  private final Comparator<byte[]> order;
  private boolean begun;

  /// In the order of the keys.
  ///
  /// @param cursors of which none has been stepped yet; they are closed with this
  /// @param shards which shard each reads
  public ShardMerge(List<RowCursor> cursors, int[] shards) {
    this(cursors, shards, false);
  }

  /// @param backward whether against the order of the keys, as the cursors do
  ShardMerge(List<RowCursor> cursors, int[] shards, boolean backward) {
    order = backward ? Keys.ORDER.reversed() : Keys.ORDER;
    sources = new ArrayList<>(shards.length);
    for (int i = 0; i < shards.length; i++) {
      sources.add(new Source(cursors.get(i), shards[i]));
    }
  }

  @Override
  public boolean next() {
    if (!begun) {
      // A step may have to be taken again where this thread cannot wait: those taken stay so.
      for (Source source : List.copyOf(sources)) {
        if (source.key == null && !source.step()) {
          sources.remove(source);
        }
      }
      sources.sort(Comparator.comparing(source -> source.key, order));
      begun = true;
    } else if (!sources.isEmpty()) {
      Source moved = sources.getFirst();
      if (moved.step()) {
        place(moved);
      } else {
        sources.removeFirst();
      }
    }
    return !sources.isEmpty();
  }

  /// Brings the first to its place.
  private void place(Source moved) {
    int at = 0;
    while (at + 1 < sources.size() && order.compare(sources.get(at + 1).key, moved.key) < 0) {
      sources.set(at, sources.get(at + 1));
      at++;
    }
    sources.set(at, moved);
  }

  /// Where the current row is.
  public int shard() {
    return sources.getFirst().shard;
  }

  @Override
  public byte[] key() {
    return sources.getFirst().key;
  }

  @Override
  public byte[] value() {
    return sources.getFirst().cursor.value();
  }

  @Override
  public int length() {
    return sources.getFirst().cursor.length();
  }

  @Override
  public void addTo(RowBlock rows) {
    sources.getFirst().cursor.addTo(rows);
  }

  @Override
  public void close() {
    sources.forEach(source -> source.cursor.close());
    sources.clear();
  }
}
