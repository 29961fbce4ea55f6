package io.trencadis.sql.ddl;

import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;

/// The short steps that end what [PlacementChanges] has begun. Both lock the table exclusively.
public final class Relocations {
  private final DdlContext cx;
  private final TableLocks locks;

  Relocations(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
  }

  /// The table is where its rows were on their way to.
  ///
  /// @param relationId of the relocation that has all rows
  /// @return false where that is none of the table any more
  public boolean finish(int tableOid, int relationId) {
    TableDescriptor table = locked(tableOid, relationId);
    if (table != null) {
      cx.put(table.relocated().change().build());
    }
    return table != null;
  }

  /// The rows stay where they are.
  ///
  /// @param relationId of the relocation that is given up; nothing happens to another one
  public void giveUp(int tableOid, int relationId) {
    TableDescriptor table = locked(tableOid, relationId);
    if (table != null) {
      cx.put(table.change().relocation(null).build());
    }
  }

  private TableDescriptor locked(int tableOid, int relationId) {
    TableDescriptor table = cx.catalog().table(tableOid);
    if (table == null
        || table.relocation() == null
        || table.relocation().relationId() != relationId) {
      return null;
    }
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, true);
    return table;
  }
}
