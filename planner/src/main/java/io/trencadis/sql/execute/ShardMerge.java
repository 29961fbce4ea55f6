package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of several shards in the order of their keys. Confined to one thread.
///
/// SQL promises no order without ORDER BY. But a table that was filled by counting keys, or has no
/// key at all, comes out as it went in, as it does in PostgreSQL, and much that is written for
/// PostgreSQL expects that of small tables.
final class ShardMerge implements RowCursor {
  private record Source(RowCursor cursor, int shard) {}

  private final List<Source> sources;
  private Source lowest;

  /// @param cursors of which none has been stepped yet; they are closed with this
  /// @param shards which shard each reads
  ShardMerge(List<RowCursor> cursors, int[] shards) {
    sources = new ArrayList<>(shards.length);
    for (int i = 0; i < shards.length; i++) {
      sources.add(new Source(cursors.get(i), shards[i]));
    }
  }

  @Override
  public boolean next() {
    if (lowest == null) {
      List.copyOf(sources).forEach(this::step);
    } else {
      step(lowest);
    }
    lowest = null;
    for (Source source : sources) {
      if (lowest == null || Arrays.compareUnsigned(source.cursor.key(), lowest.cursor.key()) < 0) {
        lowest = source;
      }
    }
    return lowest != null;
  }

  private void step(Source source) {
    if (!source.cursor.next()) {
      sources.remove(source);
      source.cursor.close();
    }
  }

  /// Where the current row is.
  int shard() {
    return lowest.shard;
  }

  @Override
  public byte[] key() {
    return lowest.cursor.key();
  }

  @Override
  public byte[] value() {
    return lowest.cursor.value();
  }

  @Override
  public void close() {
    sources.forEach(source -> source.cursor.close());
    sources.clear();
  }
}
