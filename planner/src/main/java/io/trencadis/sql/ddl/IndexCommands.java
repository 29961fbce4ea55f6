package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.List;

/// CREATE INDEX. The build runs under an exclusive lock of the table.
final class IndexCommands {
  private final DdlContext cx;
  private final TableLocks locks;

  IndexCommands(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
  }

  void create(Statement.CreateIndex create) {
    TableDescriptor table = cx.names().table(create.table());
    if (table.isView()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "cannot create index on relation \"" + table.name() + "\"")
          .detail("This operation is not supported for views.");
    }
    SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(table.schemaOid());
    if (create.name() != null && cx.catalog().relationNameTaken(schema.oid(), create.name())) {
      if (create.ifNotExists()) {
        cx.notice(
            new Notice(
                "NOTICE",
                SqlState.DUPLICATE_TABLE,
                "relation \"" + create.name() + "\" already exists, skipping",
                null,
                null));
        return;
      }
      throw ObjectNames.taken(create.name());
    }
    requireSupported(create);
    List<KeyPart> parts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Statement.IndexElement element : create.elements()) {
      if (element.column() == null) {
        throw SqlException.notSupported("an index on an expression").at(element.pos());
      }
      Column column = requireColumn(table, element.column());
      if (!Types.byOid(column.typeOid()).codec().ordered()) {
        throw new SqlException(
                SqlState.UNDEFINED_OBJECT,
                "data type "
                    + Types.byOid(column.typeOid()).displayName()
                    + " has no default operator class for access method \"btree\"")
            .hint(
                "You must specify an operator class for the index or define a default operator class"
                    + " for the data type.");
      }
      boolean descending = element.direction() == SortKey.Direction.DESC;
      boolean nullsFirst =
          element.nulls() == SortKey.Nulls.DEFAULT
              ? descending
              : element.nulls() == SortKey.Nulls.FIRST;
      parts.add(new KeyPart(column.number(), descending, nullsFirst));
      names.add(column.name());
    }
    List<Integer> included = new ArrayList<>();
    for (String name : create.include()) {
      included.add(requireColumn(table, name).number());
    }
    String name =
        create.name() != null
            ? create.name()
            : ObjectNames.choose(
                table.name(),
                String.join("_", names),
                "idx",
                candidate -> cx.catalog().relationNameTaken(schema.oid(), candidate));
    add(table, name, parts, included, create.unique(), create.nullsNotDistinct(), false);
  }

  private void fill(TableDescriptor table, IndexDescriptor index) {
    try {
      new TableRewriter(cx).fill(table, index.oid());
    } catch (SqlException e) {
      if (e.state() != SqlState.UNIQUE_VIOLATION) {
        throw e;
      }
      String detail = e.fields().get(SqlException.Field.DETAIL);
      throw new SqlException(
              SqlState.UNIQUE_VIOLATION, "could not create unique index \"" + index.name() + "\"")
          .detail(detail == null ? null : detail.replace(" already exists.", " is duplicated."))
          .with(SqlException.Field.TABLE_NAME, table.name())
          .with(SqlException.Field.CONSTRAINT_NAME, index.name());
    }
  }

  private static void requireSupported(Statement.CreateIndex create) {
    String method = create.method() == null ? "btree" : create.method();
    if (!List.of("btree", "hash", "brin").contains(method)) {
      if (List.of("gin", "gist", "spgist").contains(method)) {
        throw SqlException.notSupported("access method \"" + method + "\"").at(create.pos());
      }
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
    }
    if (create.where() != null) {
      throw SqlException.notSupported("a partial index").at(create.pos());
    }
  }

  private static Column requireColumn(TableDescriptor table, String name) {
    Column column = table.column(name);
    if (column == null) {
      throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
    }
    return column;
  }

  /// Adds an index like one of another table with columns of the same names.
  void addLike(TableDescriptor table, TableDescriptor source, IndexDescriptor index) {
    List<KeyPart> parts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      Column column = requireColumn(table, source.columnNumbered(part.column()).name());
      parts.add(new KeyPart(column.number(), part.descending(), part.nullsFirst()));
      names.add(column.name());
    }
    List<Integer> included = new ArrayList<>();
    for (int number : index.included()) {
      included.add(requireColumn(table, source.columnNumbered(number).name()).number());
    }
    String name =
        ObjectNames.choose(
            table.name(),
            String.join("_", names),
            "idx",
            candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
    add(table, name, parts, included, index.unique(), index.nullsNotDistinct(), false);
  }

  /// Adds an index to a table, and to its partitions, and fills it.
  void add(
      TableDescriptor table,
      String name,
      List<KeyPart> parts,
      List<Integer> included,
      boolean unique,
      boolean nullsNotDistinct,
      boolean constraint) {
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    List<Integer> columns = parts.stream().map(KeyPart::column).toList();
    IndexDescriptor index =
        new IndexDescriptor(
            cx.newOid(),
            name,
            table.isPartitioned() ? 0 : cx.newRelationId(),
            List.copyOf(parts),
            List.copyOf(included),
            unique,
            false,
            nullsNotDistinct,
            constraint,
            constraint ? cx.newOid() : 0,
            table.isPartitioned()
                ? null
                : Placements.ofIndex(table.placement(), columns, cx.shardCount()));
    if (table.isPartitioned() && unique) {
      for (int number : table.partitioning().columns()) {
        if (!columns.contains(number)) {
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "unique constraint on partitioned table must include all partitioning columns")
              .detail(
                  "UNIQUE constraint on table \""
                      + table.name()
                      + "\" lacks column \""
                      + table.columnNumbered(number).name()
                      + "\" which is part of the partition key.");
        }
      }
    }
    List<IndexDescriptor> all = new ArrayList<>(table.indexes());
    all.add(index);
    TableDescriptor changed = table.change().indexes(all).build();
    cx.put(changed);
    if (!table.isPartitioned()) {
      fill(changed, index);
      return;
    }
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      List<KeyPart> own = new ArrayList<>();
      for (KeyPart part : parts) {
        Column column = partition.column(table.columnNumbered(part.column()).name());
        own.add(new KeyPart(column.number(), part.descending(), part.nullsFirst()));
      }
      List<String> names = new ArrayList<>();
      parts.forEach(part -> names.add(table.columnNumbered(part.column()).name()));
      String ownName =
          ObjectNames.choose(
              partition.name(),
              String.join("_", names),
              constraint ? "key" : "idx",
              candidate -> cx.catalog().relationNameTaken(partition.schemaOid(), candidate));
      add(partition, ownName, own, List.of(), unique, nullsNotDistinct, constraint);
    }
  }
}
