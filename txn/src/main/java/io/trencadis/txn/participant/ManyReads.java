package io.trencadis.txn.participant;

import io.trencadis.storage.RowBlock;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads of several keys and ranges in one step. Part of the shard's machine.
final class ManyReads {
  /// How many rows are given at the most: what is left is asked for again.
  private static final int MOST_ROWS = 1 << 15;

  private ManyReads() {}

  /// @return null if one of them has to wait: all are read again then
  static Reply of(
      Request.ReadAll all, Function<Request.Get, Reply> get, Function<Request.Scan, Reply> scan) {
    List<Reply.Rows> ranges = new ArrayList<>(all.froms().length);
    int given = 0;
    for (int i = 0; i < all.froms().length; i++) {
      if (given > MOST_ROWS) {
        ranges.add(new Reply.Rows(new RowBlock(1), false));
        continue;
      }
      Reply reply = all.tos()[i] == null ? row(all, i, get) : range(all, i, scan);
      if (!(reply instanceof Reply.Rows rows)) {
        return reply;
      }
      ranges.add(rows);
      given += rows.count();
    }
    return new Reply.Ranges(ranges);
  }

  private static Reply row(Request.ReadAll all, int i, Function<Request.Get, Reply> get) {
    byte[] key = all.froms()[i];
    Reply reply =
        get.apply(new Request.Get(all.txn(), all.rel(), key, all.readTs(), all.mayWait()));
    if (!(reply instanceof Reply.Row row)) {
      return reply;
    }
    RowBlock found = new RowBlock(1);
    if (row.value() != null) {
      found.add(key, row.value());
    }
    return new Reply.Rows(found, true);
  }

  private static Reply range(Request.ReadAll all, int i, Function<Request.Scan, Reply> scan) {
    return scan.apply(
        new Request.Scan(
            all.txn(),
            all.rel(),
            all.froms()[i],
            all.tos()[i],
            false,
            all.readTs(),
            all.ownBefore(),
            all.mostEach(),
            all.mayWait()));
  }
}
