package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.List;

/// The short steps before and after an index is built beside running writes, and REINDEX as one
/// step. All of them lock the table exclusively.
public final class IndexBuilds {
  private static final String TWIN = "ccnew";

  private final DdlContext cx;
  private final TableLocks locks;

  IndexBuilds(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
  }

  /// @throws SqlException 42704 where somebody has dropped one of them
  public static IndexDescriptor index(TableDescriptor table, int indexOid) {
    if (table != null) {
      for (IndexDescriptor index : table.indexes()) {
        if (index.oid() == indexOid) {
          return index;
        }
      }
    }
    throw new SqlException(
        SqlState.UNDEFINED_OBJECT, "the index was dropped while it was being built");
  }

  private TableDescriptor locked(int tableOid) {
    TableDescriptor table = cx.catalog().table(tableOid);
    if (table != null) {
      locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, true);
    }
    return table;
  }

  private void put(TableDescriptor table, List<IndexDescriptor> indexes) {
    cx.put(table.change().indexes(indexes).build());
  }

  /// Says that a built index may be used, or that it never will be.
  public void state(int tableOid, int indexOid, char state) {
    TableDescriptor table = locked(tableOid);
    IndexDescriptor index = index(table, indexOid);
    List<IndexDescriptor> all = new ArrayList<>(table.indexes());
    all.set(all.indexOf(index), index.withState(state));
    put(table, all);
  }

  /// Adds an empty index like another one, to be built and to take its place.
  ///
  /// @return its oid
  public int addTwin(int tableOid, int indexOid) {
    TableDescriptor table = locked(tableOid);
    IndexDescriptor index = index(table, indexOid);
    String name =
        ObjectNames.choose(
            index.name(),
            null,
            TWIN,
            candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
    IndexDescriptor twin = index.asTwin(cx.newOid(), cx.newRelationId(), name).withState('b');
    List<IndexDescriptor> all = new ArrayList<>(table.indexes());
    all.add(twin);
    put(table, all);
    return twin.oid();
  }

  /// The twin's entries become the index's; the twin goes.
  public void takeOver(int tableOid, int indexOid, int twinOid) {
    TableDescriptor table = locked(tableOid);
    IndexDescriptor index = index(table, indexOid);
    IndexDescriptor twin = index(table, twinOid);
    List<IndexDescriptor> all = new ArrayList<>(table.indexes());
    all.set(all.indexOf(index), index.withRelation(twin.relationId()).withState(' '));
    all.remove(twin);
    put(table, all);
  }

  /// Builds an index anew from the rows of its table.
  public void rebuild(int tableOid, int indexOid) {
    TableDescriptor table = locked(tableOid);
    IndexDescriptor index = index(table, indexOid);
    List<IndexDescriptor> all = new ArrayList<>(table.indexes());
    all.set(all.indexOf(index), index.withRelation(cx.newRelationId()).withState(' '));
    put(table, all);
    fill(cx, cx.catalog().table(tableOid), index);
  }

  /// Writes all entries of a new index.
  ///
  /// @throws SqlException 23505
  static void fill(DdlContext cx, TableDescriptor table, IndexDescriptor index) {
    try {
      new TableRewriter(cx).fill(table, index.oid());
    } catch (SqlException e) {
      throw buildFailure(e, table, index);
    }
  }

  /// Runs work that writes a table's rows anew, and says of rows that break one of its indexes what
  /// a failure to build that says.
  static void building(TableDescriptor table, Runnable work) {
    try {
      work.run();
    } catch (SqlException e) {
      String name = e.fields().get(SqlException.Field.CONSTRAINT_NAME);
      for (IndexDescriptor index : table.indexes()) {
        if (index.name().equals(name)) {
          throw buildFailure(e, table, index);
        }
      }
      throw e;
    }
  }

  /// What a failure to build an index says.
  public static SqlException buildFailure(
      SqlException e, TableDescriptor table, IndexDescriptor index) {
    String detail = e.fields().get(SqlException.Field.DETAIL);
    if (e.state() == SqlState.EXCLUSION_VIOLATION) {
      return ErrorFields.about(
          table,
          index.name(),
          new SqlException(
                  SqlState.EXCLUSION_VIOLATION,
                  "could not create exclusion constraint \"" + index.name() + "\"")
              .detail(detail == null ? null : detail.replace(" with existing key ", " with key ")));
    }
    if (e.state() != SqlState.UNIQUE_VIOLATION) {
      return e;
    }
    return ErrorFields.about(
        table,
        index.name(),
        new SqlException(
                SqlState.UNIQUE_VIOLATION, "could not create unique index \"" + index.name() + "\"")
            .detail(detail == null ? null : detail.replace(" already exists.", " is duplicated.")));
  }
}
