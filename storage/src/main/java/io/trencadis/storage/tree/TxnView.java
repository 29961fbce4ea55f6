package io.trencadis.storage.tree;

import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.lmdb.LmdbBytes;
import io.trencadis.storage.lmdb.LmdbCursor;
import io.trencadis.storage.lmdb.LmdbPage;
import io.trencadis.storage.lmdb.LmdbTable;
import io.trencadis.storage.lmdb.LmdbTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// What can be read inside one LMDB transaction. Cursors are kept and renewed with a reader's
/// transaction. Not thread-safe.
final class TxnView {
  /// So many entries are asked for one by one before a page is copied: a look-up's few rows are not
  /// worth it.
  private static final int SINGLE = 6;

  final Tables tables;
  final LmdbTransaction txn;
  final EntryFormat format = new EntryFormat();
  final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(LongKeys.LINK_BYTES + 1);

  /// One a shard, then one for each depth of continuations.
  private final LmdbCursor[] cursors;

  /// The renewal of the transaction that each cursor belongs to.
  private final long[] cursorAge;

  private long age;

  TxnView(Tables tables, LmdbTransaction txn) {
    this.tables = tables;
    this.txn = txn;
    this.cursors = new LmdbCursor[tables.shards().size() + LongKeys.MAX_DEPTH];
    this.cursorAge = new long[cursors.length];
  }

  void renew() {
    txn.renew();
    age++;
  }

  void closeCursors() {
    for (LmdbCursor cursor : cursors) {
      if (cursor != null) {
        cursor.close();
      }
    }
    Arrays.fill(cursors, null);
  }

  /// The cursor of a shard's table, or at a depth above 0 one of the continuations.
  LmdbCursor cursor(int shard, int depth) {
    int at = depth == 0 ? shard : tables.shards().size() + depth - 1;
    LmdbCursor cursor = cursors[at];
    if (cursor == null) {
      cursor = table(shard, depth).openCursor(txn);
      cursors[at] = cursor;
    } else if (cursorAge[at] != age) {
      cursor.renew(txn);
    }
    cursorAge[at] = age;
    return cursor;
  }

  LmdbTable table(int shard, int depth) {
    return depth == 0 ? tables.shards().get(shard) : tables.continuations();
  }

  StoredVersion get(int shard, byte[] key) {
    long number = 0;
    for (int depth = 0; ; depth++) {
      LongKeys.encode(key, depth, number, keyBuffer);
      LmdbBytes found = table(shard, depth).get(txn, keyBuffer);
      if (found == null) {
        return null;
      }
      if (!LongKeys.goesDeeper(key.length, depth)) {
        return format.decodeVersion(shard, key, found);
      }
      number = format.decodeLink(shard, Arrays.copyOf(key, LongKeys.consumed(depth + 1)), found);
    }
  }

  /// As [#get], where the key may well be near the one that was looked up last.
  StoredVersion getNear(int shard, byte[] key) {
    if (LongKeys.goesDeeper(key.length, 0)) {
      return get(shard, key);
    }
    LongKeys.encode(key, 0, 0, keyBuffer);
    LmdbCursor cursor = cursor(shard, 0);
    return cursor.find(keyBuffer) ? format.decodeVersion(shard, key, cursor.value()) : null;
  }

  byte[] meta(String name) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    LmdbBytes found = tables.meta().get(txn, keyBuffer.clear().put(key).flip());
    return found == null ? null : format.decodePlain("metadata", key, found);
  }

  SortedMap<String, byte[]> metaWithPrefix(String prefix) {
    SortedMap<String, byte[]> all = new TreeMap<>();
    byte[] first = prefix.getBytes(StandardCharsets.UTF_8);
    try (LmdbCursor cursor = tables.meta().openCursor(txn)) {
      boolean there =
          first.length == 0 ? cursor.first() : cursor.seek(keyBuffer.clear().put(first).flip());
      for (; there; there = cursor.next()) {
        byte[] key = cursor.key().copyFrom(0);
        if (!Keys.startsWith(key, first)) {
          break;
        }
        all.put(
            new String(key, StandardCharsets.UTF_8),
            format.decodePlain("metadata", key, cursor.value()));
      }
    }
    return all;
  }

  void read(int shard, byte[] from, byte[] to, boolean reverse, RowBatch batch) {
    boolean goOn =
        reverse
            ? backward(shard, 0, 0, null, from, to, batch)
            : forward(shard, 0, 0, null, from, to, batch);
    if (goOn || !batch.isFull()) {
      batch.markEnd();
    }
  }

  /// Copies what a table holds from `from` on.
  ///
  /// @param number the continuation at a depth above 0
  /// @param beginning what all keys here begin with
  /// @param from null if all here is above the lower bound
  /// @return false if the batch is full or the upper bound was met
  private boolean forward(
      int shard, int depth, long number, byte[] beginning, byte[] from, byte[] to, RowBatch batch) {
    LmdbCursor cursor = cursor(shard, depth);
    boolean there = seekAtOrAbove(cursor, depth, number, from);
    for (int single = depth == 0 ? SINGLE : Integer.MAX_VALUE; there; single--) {
      if (batch.isFull()) {
        return false;
      }
      LmdbBytes stored = cursor.key();
      if (depth > 0 && stored.getLong(0) != number) {
        return true;
      }
      LmdbPage page = single > 0 || LongKeys.isLink(stored) ? null : cursor.page();
      if (page != null) {
        if (!forward(shard, page, to, batch)) {
          return false;
        }
        there = cursor.nextAfter(page);
        continue;
      }
      byte[] key = LongKeys.decode(stored, beginning, depth);
      if (to != null && Keys.compare(key, to) >= 0) {
        return false;
      }
      if (LongKeys.isLink(stored)) {
        long below = format.decodeLink(shard, key, cursor.value());
        byte[] lower = from != null && Keys.startsWith(from, key) ? from : null;
        if (!forward(shard, depth + 1, below, key, lower, to, batch)) {
          return false;
        }
      } else {
        format.decodeVersion(shard, key, cursor.value(), batch);
      }
      there = cursor.next();
    }
    return true;
  }

  /// Takes what a page of a shard's table holds, from where it stands up to a link or its end,
  /// where it stands then.
  ///
  /// @return false if the batch is full or the upper bound was met
  private boolean forward(int shard, LmdbPage page, byte[] to, RowBatch batch) {
    do {
      if (batch.isFull() || to != null && page.compareKey(to) >= 0) {
        return false;
      }
      format.decodeVersion(shard, page, batch);
    } while (page.next(LongKeys.DIRECT_BYTES));
    return true;
  }

  private boolean seekAtOrAbove(LmdbCursor cursor, int depth, long number, byte[] key) {
    if (key == null || key.length <= LongKeys.consumed(depth)) {
      if (depth == 0) {
        return cursor.first();
      }
      return cursor.seek(keyBuffer.clear().putLong(number).flip());
    }
    LongKeys.encode(key, depth, number, keyBuffer);
    return cursor.seek(keyBuffer);
  }

  /// The mirror of [#forward]: what a table holds below `to`, downwards.
  ///
  /// @param to null if all here is below the upper bound
  /// @return false if the batch is full or the lower bound was met
  private boolean backward(
      int shard, int depth, long number, byte[] beginning, byte[] from, byte[] to, RowBatch batch) {
    LmdbCursor cursor = cursor(shard, depth);
    boolean there = seekLastBelow(cursor, depth, number, to);
    for (; there; there = cursor.previous()) {
      if (batch.isFull()) {
        return false;
      }
      LmdbBytes stored = cursor.key();
      if (depth > 0 && stored.getLong(0) != number) {
        return true;
      }
      byte[] key = LongKeys.decode(stored, beginning, depth);
      if (LongKeys.isLink(stored)) {
        // All keys below the link are above its own, so a lower bound may lie among them.
        boolean boundBelow = from != null && Keys.startsWith(from, key);
        if (from != null && !boundBelow && Keys.compare(key, from) < 0) {
          return false;
        }
        long below = format.decodeLink(shard, key, cursor.value());
        byte[] upper = to != null && Keys.startsWith(to, key) ? to : null;
        if (!backward(shard, depth + 1, below, key, boundBelow ? from : null, upper, batch)) {
          return false;
        }
      } else {
        if (from != null && Keys.compare(key, from) < 0) {
          return false;
        }
        format.decodeVersion(shard, key, cursor.value(), batch);
      }
    }
    return true;
  }

  private boolean seekLastBelow(LmdbCursor cursor, int depth, long number, byte[] key) {
    boolean bounded = key != null && key.length > LongKeys.consumed(depth);
    if (key != null && !bounded) {
      // The bound is what all keys here begin with: none lies below it.
      return false;
    }
    if (!bounded && depth == 0) {
      return cursor.last();
    }
    if (bounded) {
      LongKeys.encode(key, depth, number, keyBuffer);
    } else {
      keyBuffer.clear().putLong(number + 1).flip();
    }
    if (!cursor.seek(keyBuffer)) {
      return cursor.last();
    }
    // The link that the bound itself hangs on: smaller keys may lie below it.
    boolean onItsLink =
        bounded
            && LongKeys.goesDeeper(key.length, depth)
            && cursor.key().equalTo(encodedAgain(key, depth, number));
    return onItsLink || cursor.previous();
  }

  private ByteBuffer encodedAgain(byte[] key, int depth, long number) {
    LongKeys.encode(key, depth, number, keyBuffer);
    return keyBuffer;
  }
}
