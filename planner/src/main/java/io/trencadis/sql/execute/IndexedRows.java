package io.trencadis.sql.execute;

import java.util.function.Supplier;

/// The rows that an index's entries name, in the entries' order, fetched some at a time. Confined to
/// one thread.
final class IndexedRows {
  private static final int FIRST = 64;

  private final StoredIndex index;
  private final Supplier<byte[]> entries;
  private final boolean one;
  private final boolean all;
  private final Execution x;
  private final NodeCounters counters;
  private final RowFetch fetch;
  private int at = -1;
  private long given;
  private boolean ended;

  /// @param entries the next entry's value; null at the end
  /// @param one whether no row may be fetched before it is asked for
  /// @param all whether all rows will be asked for; else not many more are fetched than that
  /// @param counters null where nothing is counted
  IndexedRows(
      StoredTable table,
      StoredIndex index,
      Supplier<byte[]> entries,
      boolean one,
      boolean all,
      Execution x,
      NodeCounters counters) {
    this.index = index;
    this.entries = entries;
    this.one = one;
    this.all = all;
    this.x = x;
    this.counters = counters;
    this.fetch = new RowFetch(table, x);
  }

  /// Steps to the next row that is there.
  boolean next() {
    while (true) {
      if (++at >= fetch.count() && !more()) {
        return false;
      }
      if (fetch.row(at) != null) {
        given++;
        return true;
      }
    }
  }

  private boolean more() {
    at = 0;
    fetch.clear();
    for (long room = room(); room > 0 && !ended; room--) {
      byte[] entry = entries.get();
      if (entry == null) {
        ended = true;
      } else {
        fetch.add(index.rowShard(entry), StoredIndex.rowKey(entry));
      }
    }
    if (fetch.count() == 0) {
      return false;
    }
    fetch.fetch();
    if (counters != null) {
      for (int i = 0; i < fetch.count(); i++) {
        counters.shards.add(fetch.shard(i));
      }
    }
    return true;
  }

  private long room() {
    if (one) {
      return 1;
    }
    return Math.clamp(all ? Math.max(FIRST, given * 4) : given / 2, 1, RowFetch.MOST);
  }

  byte[] row() {
    return fetch.row(at);
  }

  byte[] key() {
    return fetch.key(at);
  }

  int shard() {
    return fetch.shard(at);
  }
}
