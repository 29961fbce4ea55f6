package io.trencadis.sql.execute;

import io.trencadis.txn.RelationRef;
import java.util.function.Predicate;

/// Rows that something else names, in the order in which it names them, fetched some at a time.
/// Confined to one thread.
final class FetchedRows {
  private static final int FIRST = 64;

  private final Predicate<RowFetch> named;
  private final boolean one;
  private final boolean all;
  private final long first;
  private final NodeCounters counters;
  private final RowFetch fetch;
  private int at = -1;
  private long given;
  private boolean ended;

  /// @param table as the rows are read
  /// @param named adds the row named next; false at the end
  /// @param one whether no row may be fetched before it is asked for
  /// @param all whether all rows will be asked for; else not many more are fetched than that
  /// @param first how many will be asked for, about, where not all will
  /// @param counters null where nothing is counted
  FetchedRows(
      RelationRef table,
      Predicate<RowFetch> named,
      boolean one,
      boolean all,
      long first,
      Execution x,
      NodeCounters counters) {
    this.named = named;
    this.one = one;
    this.all = all;
    this.first = first;
    this.counters = counters;
    this.fetch = new RowFetch(table, x);
  }

  /// Steps to the next row. Those are passed over that this very statement has changed since it
  /// began.
  boolean next() {
    while (++at < fetch.count() || more()) {
      if (fetch.row(at) != null) {
        given++;
        return true;
      }
    }
    return false;
  }

  private boolean more() {
    at = 0;
    fetch.clear();
    for (long room = room(); room > 0 && !ended; room--) {
      ended = !named.test(fetch);
    }
    fetch.fetch();
    for (int i = 0; counters != null && i < fetch.count(); i++) {
      counters.shards.add(fetch.shard(i));
    }
    return fetch.count() > 0;
  }

  private long room() {
    if (one) {
      return 1;
    }
    long wanted = given == 0 ? first : given / 2;
    return Math.clamp(all ? Math.max(FIRST, given * 4) : wanted, 1, RowFetch.MOST);
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
