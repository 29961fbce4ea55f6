package io.trencadis.sql.session;

import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.Wanted;
import java.util.HexFormat;
import java.util.List;

/// What a node tells another of its sessions, and of the locks at the shards that it leads.
record SessionReport(
    List<CatalogAccess.Activity> activity, List<SessionOwner> owners, List<Lock> locks) {
  /// A lock, with a key in hexadecimal; null for a relation's.
  record Lock(
      long owner,
      int relationId,
      String key,
      int mode,
      int place,
      List<Long> holders,
      List<Long> ahead) {
    static Lock of(LockView view) {
      Wanted wanted = view.wanted();
      return new Lock(
          view.owner(),
          wanted.relationId(),
          wanted.key() == null ? null : HexFormat.of().formatHex(wanted.key()),
          wanted.mode(),
          view.place(),
          view.holders(),
          view.ahead());
    }

    LockView view() {
      byte[] bytes = key == null ? null : HexFormat.of().parseHex(key);
      return new LockView(owner, new Wanted(relationId, bytes, mode), place, holders, ahead);
    }
  }
}
