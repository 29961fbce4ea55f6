package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// CREATE TABLE in its forms, and CREATE VIEW.
final class TableCommands {
  private final DdlContext cx;
  private final ForeignKeyCommands foreignKeys;

  TableCommands(DdlContext cx, ForeignKeyCommands foreignKeys) {
    this.cx = cx;
    this.foreignKeys = foreignKeys;
  }

  /// Whether the name is taken and IF NOT EXISTS was said; throws where it is taken and was not.
  private boolean skips(SchemaDescriptor schema, String name, boolean ifNotExists) {
    if (!cx.catalog().relationNameTaken(schema.oid(), name)) {
      return false;
    }
    if (!ifNotExists) {
      throw ObjectNames.taken(name);
    }
    cx.notice(
        new Notice(
            "NOTICE",
            SqlState.DUPLICATE_TABLE,
            "relation \"" + name + "\" already exists, skipping",
            null,
            null));
    return true;
  }

  void create(Statement.CreateTable create) {
    SchemaDescriptor schema = ObjectNames.schemaFor(cx, create.name());
    if (skips(schema, create.name().name(), create.ifNotExists())) {
      return;
    }
    if (create.persistence() == Statement.Persistence.TEMPORARY) {
      throw SqlException.notSupported("a temporary table").at(create.pos());
    }
    if (!create.inherits().isEmpty()) {
      throw SqlException.notSupported("INHERITS").at(create.pos());
    }
    if (create.ofType() != null) {
      throw SqlException.notSupported("CREATE TABLE OF").at(create.pos());
    }
    TableBuilder builder = new TableBuilder(cx, schema, create.name().name());
    if (create.partitionOf() != null) {
      TableDescriptor parent = cx.names().table(create.partitionOf().parent());
      if (!parent.isPartitioned()) {
        throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE, "\"" + parent.name() + "\" is not partitioned")
            .at(create.partitionOf().pos());
      }
      parent.liveColumns().forEach(builder::copy);
      PartitionBound bound =
          new PartitionBounds(cx).bound(parent, create.partitionOf().bound(), create.name().name());
      builder.partitionOf(parent, bound);
      builder.inherit(parent);
    }
    for (TableElement element : create.elements()) {
      switch (element) {
        case TableElement.ColumnDef column -> builder.add(column);
        case TableElement.LikeClause like -> addLike(like, builder);
        case TableElement.TableConstraint _ -> {}
      }
    }
    for (TableElement element : create.elements()) {
      if (element instanceof TableElement.TableConstraint constraint) {
        builder.add(constraint);
      }
    }
    if (create.partitionBy() != null) {
      builder.partitionBy(create.partitionBy());
    }
    for (Statement.StorageOption option : create.options()) {
      requireKnownOption(option);
      builder.option(option.name() + "=" + option.value());
    }
    finish(builder);
  }

  private static void requireKnownOption(Statement.StorageOption option) {
    String name = option.name().toLowerCase(java.util.Locale.ROOT);
    boolean known =
        name.equals("fillfactor")
            || name.startsWith("autovacuum_")
            || name.startsWith("toast")
            || name.equals("parallel_workers")
            || name.equals("user_catalog_table")
            || name.startsWith("vacuum_")
            || name.equals("log_autovacuum_min_duration");
    if (!known) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
    }
  }

  private void addLike(TableElement.LikeClause like, TableBuilder builder) {
    TableDescriptor source = cx.names().table(like.source());
    boolean defaults =
        like.options().stream()
            .anyMatch(
                o ->
                    o.including()
                        && (o.what().equalsIgnoreCase("all")
                            || o.what().equalsIgnoreCase("defaults")));
    for (Column column : source.liveColumns()) {
      Column plain =
          Column.of(0, column.name(), column.typeOid(), column.typmod())
              .withNotNull(column.notNull());
      builder.copy(defaults ? plain.withDefault(column.defaultText()) : plain);
    }
  }

  private TableDescriptor finish(TableBuilder builder) {
    TableDescriptor table = builder.build();
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    builder.sequences().forEach(sequence -> changes.put(sequence.oid(), sequence));
    changes.put(table.oid(), table);
    cx.change(changes);
    cx.rows(table.oid(), 0);
    for (TableElement.TableConstraint.ForeignKey key : builder.foreignKeys()) {
      foreignKeys.add(cx.catalog().table(table.oid()), key, false);
    }
    return cx.catalog().table(table.oid());
  }

  /// CREATE TABLE AS: makes the table; the rows come from the caller.
  ///
  /// @return null where the table is there and IF NOT EXISTS was said
  TableDescriptor createAs(Statement.CreateTableAs create, List<ResultColumn> columns) {
    SchemaDescriptor schema = ObjectNames.schemaFor(cx, create.name());
    if (skips(schema, create.name().name(), create.ifNotExists())) {
      return null;
    }
    if (create.persistence() == Statement.Persistence.TEMPORARY) {
      throw SqlException.notSupported("a temporary table").at(create.pos());
    }
    if (create.columns().size() > columns.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "too many column names were specified");
    }
    TableBuilder builder = new TableBuilder(cx, schema, create.name().name());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      ResultColumn column = columns.get(i);
      String name = i < create.columns().size() ? create.columns().get(i) : column.name();
      if (names.contains(name)) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
      }
      names.add(name);
      PgType type = column.type() == Types.UNKNOWN ? Types.TEXT : column.type();
      builder.add(name, type, column.typmod());
    }
    return finish(builder);
  }

  void createView(Statement.CreateView create) {
    if (create.temporary() || create.recursive()) {
      throw SqlException.notSupported(create.temporary() ? "a temporary view" : "a recursive view")
          .at(create.pos());
    }
    SchemaDescriptor schema = ObjectNames.schemaFor(cx, create.name());
    String name = create.name().name();
    TableDescriptor old = null;
    if (cx.catalog().relationNameTaken(schema.oid(), name)) {
      if (!create.orReplace()) {
        throw ObjectNames.taken(name);
      }
      if (!(cx.catalog().relation(schema.oid(), name) instanceof TableDescriptor view
          && view.isView())) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a view");
      }
      old = view;
    }
    List<ResultColumn> columns = columnsOf(create.query());
    List<Column> viewColumns = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String columnName =
          i < create.columns().size() ? create.columns().get(i) : columns.get(i).name();
      for (Column other : viewColumns) {
        if (other.name().equals(columnName)) {
          throw new SqlException(
              SqlState.DUPLICATE_COLUMN, "column \"" + columnName + "\" specified more than once");
        }
      }
      viewColumns.add(
          Column.of(i + 1, columnName, columns.get(i).type().oid(), columns.get(i).typmod()));
    }
    if (old != null) {
      requireCompatible(old, viewColumns);
    }
    cx.put(
        new TableDescriptor(
            old == null ? cx.newOid() : old.oid(),
            cx.databaseOid(),
            schema.oid(),
            name,
            cx.role().oid(),
            'v',
            old == null ? 1 : old.version() + 1,
            List.copyOf(viewColumns),
            0,
            null,
            List.of(),
            List.of(),
            null,
            null,
            0,
            null,
            create.queryText(),
            List.of()));
  }

  private static void requireCompatible(TableDescriptor old, List<Column> columns) {
    if (columns.size() < old.columns().size()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot drop columns from view");
    }
    for (int i = 0; i < old.columns().size(); i++) {
      Column before = old.columns().get(i);
      Column after = columns.get(i);
      if (!before.name().equals(after.name())) {
        throw new SqlException(
                SqlState.INVALID_TABLE_DEFINITION,
                "cannot change name of view column \""
                    + before.name()
                    + "\" to \""
                    + after.name()
                    + "\"")
            .hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
      }
      if (before.typeOid() != after.typeOid()) {
        throw new SqlException(
            SqlState.INVALID_TABLE_DEFINITION,
            "cannot change data type of view column \""
                + before.name()
                + "\" from "
                + Types.formatType(before.typeOid(), before.typmod())
                + " to "
                + Types.formatType(after.typeOid(), after.typmod()));
      }
    }
  }

  private List<ResultColumn> columnsOf(Query query) {
    return new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]).analyze(query).columns();
  }
}
