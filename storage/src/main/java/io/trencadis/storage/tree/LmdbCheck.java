package io.trencadis.storage.tree;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlException.Field;
import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.lmdb.LmdbBytes;
import io.trencadis.storage.lmdb.LmdbCursor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Walks a whole tree inside one transaction and checks what can be checked without the log: order,
/// checksums, layout, continuations reached exactly once, deletions listed.
final class LmdbCheck {
  /// The walk was asked to make way; it has to start again in a new transaction.
  static final class Interrupted extends RuntimeException {
    Interrupted() {
      super("asked to make way", null, false, false);
    }
  }

  private final TxnView view;
  private final BooleanSupplier makeWay;
  private final Tally tally = new Tally();
  private final Map<Long, Integer> linked = new HashMap<>();
  private long highestCommitTs;
  private byte[] previous;

  /// @param makeWay asked at every row
  LmdbCheck(TxnView view, BooleanSupplier makeWay) {
    this.view = view;
    this.makeWay = makeWay;
  }

  TreeReport run() {
    for (int shard = 0; shard < view.tables.shards().size(); shard++) {
      previous = null;
      walk(shard, 0, 0, null);
    }
    checkContinuations();
    checkMeta();
    checkDeletions();
    return tally.report();
  }

  private void walk(int shard, int depth, long number, byte[] beginning) {
    LmdbCursor cursor = view.cursor(shard, depth);
    boolean there =
        depth == 0 ? cursor.first() : cursor.seek(view.keyBuffer.clear().putLong(number).flip());
    boolean any = false;
    for (; there; there = cursor.next()) {
      LmdbBytes stored = cursor.key();
      if (depth > 0 && stored.getLong(0) != number) {
        break;
      }
      any = true;
      if (makeWay.getAsBoolean()) {
        throw new Interrupted();
      }
      byte[] key = LongKeys.decode(stored, beginning, depth);
      try {
        if (LongKeys.isLink(stored)) {
          follow(shard, depth, key, view.format.decodeLink(shard, key, cursor.value()));
        } else {
          row(shard, key, view.format.decodeVersion(shard, key, cursor.value()));
        }
      } catch (SqlException e) {
        tally.fault(e.getMessage() + ": " + e.fields().get(Field.DETAIL));
      }
    }
    if (!any && depth > 0) {
      tally.fault("link to an empty continuation: " + EntryFormat.place(shard, beginning));
    }
  }

  private void follow(int shard, int depth, byte[] prefix, long number) {
    if (depth == LongKeys.MAX_DEPTH) {
      tally.fault("continuations too deep: " + EntryFormat.place(shard, prefix));
    } else if (linked.merge(number, 1, Integer::sum) > 1) {
      tally.fault("continuation linked twice: " + EntryFormat.place(shard, prefix));
    } else {
      walk(shard, depth + 1, number, prefix);
    }
  }

  private void row(int shard, byte[] key, StoredVersion version) {
    tally.count(key, version);
    if (previous != null && Keys.compare(previous, key) >= 0) {
      tally.fault("keys out of order: " + EntryFormat.place(shard, key));
    }
    previous = key;
    if (version.commitTs() <= 0 || version.predecessorTs() >= version.commitTs()) {
      tally.fault("impossible timestamps: " + EntryFormat.place(shard, key));
    }
    highestCommitTs = Math.max(highestCommitTs, version.commitTs());
  }

  private void checkContinuations() {
    long next = 0;
    try {
      next = TreeMeta.toLong(view.meta(TreeMeta.NEXT_CONTINUATION));
    } catch (SqlException e) {
      tally.fault(e.getMessage() + ": " + TreeMeta.NEXT_CONTINUATION);
    }
    try (LmdbCursor cursor = view.tables.continuations().openCursor(view.txn)) {
      long last = -1;
      for (boolean there = cursor.first(); there; there = cursor.next()) {
        long number = cursor.key().getLong(0);
        if (number != last && !linked.containsKey(number)) {
          tally.fault("continuation " + number + " is linked from nowhere");
        }
        if (number > next) {
          tally.fault("continuation " + number + " was never given out");
        }
        last = number;
      }
    }
  }

  private void checkMeta() {
    try {
      view.metaWithPrefix("");
      byte[] highest = view.meta(TreeMeta.HIGHEST_COMMIT_TS);
      if (highest != null && TreeMeta.toLong(highest) < highestCommitTs) {
        tally.fault("a version is newer than the highest commit timestamp: " + highestCommitTs);
      }
    } catch (SqlException e) {
      tally.fault(e.getMessage() + ": " + e.fields().get(Field.DETAIL));
    }
  }

  private void checkDeletions() {
    long listed = 0;
    try (LmdbCursor list = view.tables.deletions().openCursor(view.txn)) {
      for (boolean there = list.first(); there; there = list.next()) {
        byte[] place = list.key().copyFrom(0);
        try {
          ByteBuffer what =
              ByteBuffer.wrap(view.format.decodePlain("list of deletions", place, list.value()));
          int shard = what.getInt();
          byte[] key = new byte[what.remaining()];
          what.get(key);
          StoredVersion found = view.get(shard, key);
          if (found != null
              && found.value() == null
              && found.commitTs() == ByteBuffer.wrap(place).getLong()) {
            listed++;
          }
        } catch (SqlException e) {
          tally.fault(e.getMessage() + ": " + e.fields().get(Field.DETAIL));
        }
      }
    }
    if (listed < tally.deletions()) {
      tally.fault(tally.deletions() - listed + " deletions are not listed to be forgotten");
    }
  }
}
