package io.trencadis.txn.participant;

import io.trencadis.storage.ShardStore;
import io.trencadis.storage.encoding.ColumnBits;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.Request;

/// Is what one transaction has read still current (rules 4 and 5)?
///
/// A row that others have changed is current all the same where the columns that were looked at are
/// what they were: read at the later timestamp it would have been the same. So whoever changes one
/// column of a row fails nobody who has read another.
final class Validation {
  /// So many rows are compared at most: the shard has others to serve. Behind them every change
  /// counts.
  private static final int COMPARED_AT_MOST = 512;

  private final Request.Validate request;
  private final ShardStore store;
  private final Rules rules;
  private int compared;

  Validation(Request.Validate request, ShardStore store, Rules rules) {
    this.request = request;
    this.store = store;
    this.rules = rules;
  }

  /// Whether something that has committed makes it another read.
  boolean conflicts(ConflictWindow window) {
    return window.conflicts(
        request.reads(), request.after(), request.upTo(), store, this::changedAtEnd);
  }

  /// Whether marks of another transaction are in the way: it may commit below the timestamp, and
  /// make it another read.
  ///
  /// @param writer what that has here; null where it is gone
  boolean isInDoubt(Prepared marks, Context writer) {
    return rules.has(request.refresh() ? Rule.REFRESH_HEEDS_MARKS : Rule.VALIDATION_HEEDS_MARKS)
        && marks.txn != request.txn()
        && marks.mayBeAtOrBelow(request.upTo())
        && marks.keys.touch(
            request.reads(),
            rules.has(Rule.VALIDATE_RANGES),
            (key, columns) -> changedBy(writer, key, columns));
  }

  private boolean changedAtEnd(byte[] key, long columns) {
    return !compares(columns)
        || rules.has(Rule.COLUMNS_ARE_COMPARED) && differs(key, columns, this::atEnd);
  }

  private byte[] atEnd(byte[] key) {
    return store.get(key, request.upTo());
  }

  private boolean changedBy(Context writer, byte[] key, long columns) {
    OwnWrite write = compares(columns) && writer != null ? writer.inMemory(key) : null;
    return write == null || differs(key, columns, _ -> write.value());
  }

  private boolean compares(long columns) {
    return columns != ColumnBits.ALL && compared++ < COMPARED_AT_MOST;
  }

  private interface Rows {
    byte[] row(byte[] key);
  }

  private boolean differs(byte[] key, long columns, Rows later) {
    return ConflictWindow.trueOrForgotten(
        () -> !ColumnBits.same(store.get(key, request.after()), later.row(key), columns));
  }
}
