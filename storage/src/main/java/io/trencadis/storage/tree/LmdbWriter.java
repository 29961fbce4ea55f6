package io.trencadis.storage.tree;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.lmdb.LmdbBytes;
import io.trencadis.storage.lmdb.LmdbCursor;
import io.trencadis.storage.lmdb.LmdbTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One write transaction on LMDB.
final class LmdbWriter implements TreeWriter {
  private final TxnView view;
  private final Ahead ahead = new Ahead();
  private int deletionsListed;

  LmdbWriter(Tables tables, LmdbTransaction txn) {
    this.view = new TxnView(tables, txn);
  }

  void closeCursors() {
    view.closeCursors();
  }

  /// What is known of a shard's table between the last key asked for and the next one in it, so
  /// that ascending keys that are not there cost no search.
  private static final class Ahead {
    private int shard = -1;
    private byte[] last;
    private final byte[] next = new byte[LongKeys.LINK_BYTES];

    /// Length of the next key in the table; 0 if there is none.
    private int nextLength;

    void forget() {
      shard = -1;
    }

    boolean isKnownAbsent(int shard, byte[] key) {
      return this.shard == shard
          && Arrays.compareUnsigned(key, last) > 0
          && (nextLength == 0
              || Arrays.compareUnsigned(key, 0, key.length, next, 0, nextLength) < 0);
    }

    void remember(int shard, byte[] key, LmdbBytes found) {
      this.shard = shard;
      last = key;
      nextLength = found == null ? 0 : found.length();
      if (found != null) {
        found.copy(0, next, 0, nextLength);
      }
    }

    /// A key was stored.
    ///
    /// @return whether it lies behind all others
    boolean advance(int shard, byte[] key) {
      boolean atEnd = nextLength == 0 && this.shard == shard;
      if (this.shard == shard && Arrays.compareUnsigned(key, last) >= 0) {
        if (nextLength == 0
            || Arrays.compareUnsigned(key, 0, key.length, next, 0, nextLength) < 0) {
          last = key;
          return atEnd;
        }
      }
      forget();
      return false;
    }
  }

  @Override
  public StoredVersion get(int shard, byte[] key) {
    if (key.length > LongKeys.DIRECT_BYTES) {
      return view.get(shard, key);
    }
    if (ahead.isKnownAbsent(shard, key)) {
      return null;
    }
    LongKeys.encode(key, 0, 0, view.keyBuffer);
    LmdbCursor cursor = view.cursor(shard, 0);
    if (!cursor.seek(view.keyBuffer)) {
      ahead.remember(shard, key, null);
      return null;
    }
    LmdbBytes found = cursor.key();
    if (found.equalTo(ByteBuffer.wrap(key))) {
      ahead.forget();
      return view.format.decodeVersion(shard, key, cursor.value());
    }
    ahead.remember(shard, key, found);
    return null;
  }

  @Override
  public void put(int shard, byte[] key, StoredVersion version) {
    if (key.length == 0 || key.length > BaseTree.MAX_KEY_BYTES) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "key of " + key.length + " bytes exceeds the maximum of " + BaseTree.MAX_KEY_BYTES);
    }
    if (key.length <= LongKeys.DIRECT_BYTES) {
      LongKeys.encode(key, 0, 0, view.keyBuffer);
      ByteBuffer value = view.format.encodeVersion(key, version);
      LmdbCursor cursor = view.cursor(shard, 0);
      if (ahead.advance(shard, key)) {
        // Fills the last page and begins another, where a split would leave it half empty.
        cursor.append(view.keyBuffer, value);
      } else {
        cursor.put(view.keyBuffer, value);
      }
    } else {
      ahead.forget();
      putLong(shard, key, version);
    }
    if (version.value() == null) {
      listDeletion(shard, key, version.commitTs());
    }
  }

  private void putLong(int shard, byte[] key, StoredVersion version) {
    long number = 0;
    int depth = 0;
    for (; LongKeys.goesDeeper(key.length, depth); depth++) {
      byte[] prefix = Arrays.copyOf(key, LongKeys.consumed(depth + 1));
      LongKeys.encode(key, depth, number, view.keyBuffer);
      LmdbBytes link = view.table(shard, depth).get(view.txn, view.keyBuffer);
      if (link != null) {
        number = view.format.decodeLink(shard, prefix, link);
        continue;
      }
      long fresh = TreeMeta.toLong(meta(TreeMeta.NEXT_CONTINUATION)) + 1;
      putMeta(TreeMeta.NEXT_CONTINUATION, TreeMeta.ofLong(fresh));
      LongKeys.encode(key, depth, number, view.keyBuffer);
      view.table(shard, depth).put(view.txn, view.keyBuffer, view.format.encodeLink(prefix, fresh));
      number = fresh;
    }
    LongKeys.encode(key, depth, number, view.keyBuffer);
    view.table(shard, depth).put(view.txn, view.keyBuffer, view.format.encodeVersion(key, version));
  }

  @Override
  public void delete(int shard, byte[] key) {
    ahead.forget();
    deleteBelow(shard, key, 0, 0);
  }

  private void deleteBelow(int shard, byte[] key, int depth, long number) {
    LongKeys.encode(key, depth, number, view.keyBuffer);
    if (LongKeys.goesDeeper(key.length, depth)) {
      LmdbBytes link = view.table(shard, depth).get(view.txn, view.keyBuffer);
      if (link == null) {
        return;
      }
      byte[] prefix = Arrays.copyOf(key, LongKeys.consumed(depth + 1));
      long below = view.format.decodeLink(shard, prefix, link);
      deleteBelow(shard, key, depth + 1, below);
      LmdbCursor cursor = view.cursor(shard, depth + 1);
      view.keyBuffer.clear().putLong(below).flip();
      if (cursor.seek(view.keyBuffer) && cursor.key().getLong(0) == below) {
        return;
      }
      LongKeys.encode(key, depth, number, view.keyBuffer);
    }
    view.table(shard, depth).delete(view.txn, view.keyBuffer);
  }

  /// The list's key: commit timestamp int64, transaction number int64, counter int32; its value:
  /// shard int32, key.
  private void listDeletion(int shard, byte[] key, long commitTs) {
    byte[] place =
        ByteBuffer.allocate(20)
            .putLong(commitTs)
            .putLong(view.txn.id())
            .putInt(deletionsListed++)
            .array();
    byte[] what = ByteBuffer.allocate(Integer.BYTES + key.length).putInt(shard).put(key).array();
    view.keyBuffer.clear().put(place).flip();
    view.tables.deletions().put(view.txn, view.keyBuffer, view.format.encodePlain(place, what));
  }

  @Override
  public int dropDeletions(long horizon, int limit) {
    ahead.forget();
    int done = 0;
    try (LmdbCursor list = view.tables.deletions().openCursor(view.txn)) {
      while (done < limit && list.first() && list.key().getLong(0) <= horizon) {
        byte[] place = list.key().copyFrom(0);
        ByteBuffer what =
            ByteBuffer.wrap(view.format.decodePlain("list of deletions", place, list.value()));
        int shard = what.getInt();
        byte[] key = new byte[what.remaining()];
        what.get(key);
        StoredVersion found = view.get(shard, key);
        // A later version may have taken its place since.
        if (found != null
            && found.value() == null
            && found.commitTs() == ByteBuffer.wrap(place).getLong()) {
          delete(shard, key);
        }
        list.delete();
        done++;
      }
    }
    return done;
  }

  @Override
  public byte[] meta(String name) {
    return view.meta(name);
  }

  @Override
  public void putMeta(String name, byte[] value) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    view.keyBuffer.clear().put(key).flip();
    if (value == null) {
      view.tables.meta().delete(view.txn, view.keyBuffer);
    } else {
      view.tables.meta().put(view.txn, view.keyBuffer, view.format.encodePlain(key, value));
    }
  }
}
