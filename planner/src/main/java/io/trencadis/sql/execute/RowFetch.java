package io.trencadis.sql.execute;

import io.trencadis.sharding.Transaction;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.RelationRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Fetches rows of one table by their keys, many at a time: each shard's in the order of their
/// keys, so that those that lie side by side are read side by side, as PostgreSQL's bitmap heap
/// scan does. They keep the order in which they were asked for. Confined to one thread.
final class RowFetch {
  /// How many rows are fetched at once at most.
  static final int MOST = NearKeys.MOST;

  private final RelationRef table;
  private final Execution x;
  private int[] shards = new int[4];
  private byte[][] keys = new byte[4][];
  private byte[][] rows = new byte[4][];
  private int count;
  private int fetched;

  /// @param table as the rows are read
  RowFetch(RelationRef table, Execution x) {
    this.table = table;
    this.x = x;
  }

  /// Forgets all rows.
  void clear() {
    count = 0;
    fetched = 0;
  }

  int count() {
    return count;
  }

  /// Forgets the rows added last, down to a number; only such as were not fetched.
  void shorten(int to) {
    count = to;
  }

  /// Adds a row to those that the next [#fetch] brings.
  void add(int shard, byte[] key) {
    if (count == keys.length) {
      int larger = count * 4;
      shards = Arrays.copyOf(shards, larger);
      keys = Arrays.copyOf(keys, larger);
      rows = Arrays.copyOf(rows, larger);
    }
    shards[count] = shard;
    keys[count++] = key;
  }

  /// Brings the rows that were added.
  void fetch() {
    while (fetched < count) {
      int to = Math.min(count, fetched + MOST);
      fetch(fetched, to);
      fetched = to;
    }
  }

  private void fetch(int from, int to) {
    if (to - from == 1) {
      x.touched(shards[from]);
      rows[from] = x.get(shards[from], table, keys[from]);
      x.read(rows[from] == null ? 0 : rows[from].length);
      return;
    }
    int highest = 0;
    for (int i = from; i < to; i++) {
      highest = Math.max(highest, shards[i]);
    }
    int[] perShard = new int[highest + 1];
    for (int i = from; i < to; i++) {
      perShard[shards[i]]++;
    }
    List<OfShard> parts = new ArrayList<>();
    for (int shard = 0; shard <= highest; shard++) {
      if (perShard[shard] > 0) {
        x.touched(shard);
        parts.add(ofShard(shard, from, to, perShard[shard]));
      }
    }
    x.checkInterrupts();
    List<Transaction.Lookup> lookups = new ArrayList<>();
    parts.forEach(part -> lookups.add(part.lookup));
    List<RowBlock[]> found = x.lookUpKeys(table, lookups);
    for (int i = 0; i < parts.size(); i++) {
      if (found == null) {
        one(parts.get(i));
      } else {
        parts.get(i).brought(found.get(i), rows);
      }
    }
    long bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += rows[i] == null ? 0 : rows[i].length;
    }
    x.read(bytes);
  }

  /// The rows asked for that one shard has.
  ///
  /// @param places where each of the lookup's keys was asked for
  private record OfShard(Transaction.Lookup lookup, int[] places) {
    void brought(RowBlock[] found, byte[][] rows) {
      for (int i = 0; i < places.length; i++) {
        rows[places[i]] = found[i].count() == 0 ? null : found[i].value(0);
      }
    }
  }

  private OfShard ofShard(int shard, int from, int to, int found) {
    byte[][] own = new byte[found][];
    int[] places = new int[found];
    int next = 0;
    for (int i = from; i < to; i++) {
      if (shards[i] == shard) {
        own[next] = keys[i];
        places[next++] = i;
      }
    }
    int[] order = NearKeys.order(own, found);
    byte[][] inOrder = new byte[found][];
    int[] placesInOrder = new int[found];
    for (int i = 0; i < found; i++) {
      inOrder[i] = own[order[i]];
      placesInOrder[i] = places[order[i]];
    }
    return new OfShard(new Transaction.Lookup(shard, inOrder, new byte[found][]), placesInOrder);
  }

  private void one(OfShard part) {
    int found = part.places.length;
    byte[][] brought = new byte[found][];
    x.checkInterrupts();
    x.get(part.lookup.shard(), table, part.lookup.froms(), found, brought);
    for (int i = 0; i < found; i++) {
      rows[part.places[i]] = brought[i];
    }
  }

  int shard(int place) {
    return shards[place];
  }

  byte[] key(int place) {
    return keys[place];
  }

  /// A row's bytes; null where this very statement has changed it since it began.
  byte[] row(int place) {
    return rows[place];
  }
}
