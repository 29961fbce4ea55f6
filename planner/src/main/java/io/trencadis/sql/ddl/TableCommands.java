package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.types.Identifiers;
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
  private final IndexCommands indexes;

  TableCommands(DdlContext cx, ForeignKeyCommands foreignKeys, IndexCommands indexes) {
    this.cx = cx;
    this.foreignKeys = foreignKeys;
    this.indexes = indexes;
  }

  /// Whether the name is taken and IF NOT EXISTS was said; throws where it is taken and was not.
  private boolean skips(SchemaDescriptor schema, String name, boolean ifNotExists) {
    if (!cx.catalog().relationNameTaken(schema.oid(), name)) {
      TypeNaming.requireNoType(cx.catalog(), schema.oid(), name);
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
    SchemaDescriptor schema = schemaFor(create.name(), create.persistence(), create.onCommit());
    if (skips(schema, create.name().name(), create.ifNotExists())) {
      return;
    }
    if (create.ofType() != null) {
      throw SqlException.notSupported("CREATE TABLE OF").at(create.pos());
    }
    TableBuilder builder = new TableBuilder(cx, schema, create.name().name());
    if (create.partitionOf() != null) {
      TableDescriptor parent = cx.names().table(create.partitionOf().parent());
      if (!parent.isPartitioned()) {
        throw new SqlException(
                SqlState.INVALID_OBJECT_DEFINITION, "\"" + parent.name() + "\" is not partitioned")
            .at(create.partitionOf().pos());
      }
      requireLikePermanence(
          "create",
          ObjectNames.isTemporary(cx, parent.schemaOid()),
          parent.name(),
          schema.isTemporary());
      parent.liveColumns().forEach(builder::copy);
      PartitionBound bound =
          new PartitionBounds(cx).bound(parent, create.partitionOf().bound(), create.name().name());
      builder.partitionOf(parent, bound);
      builder.inherit(parent);
    }
    if (!create.inherits().isEmpty()) {
      if (create.partitionBy() != null) {
        throw new SqlException(
            SqlState.INVALID_OBJECT_DEFINITION,
            "cannot create partitioned table as inheritance child");
      }
      Inheritance inheritance = new Inheritance(cx);
      List<TableDescriptor> parents = inheritance.parents(create.inherits(), schema.isTemporary());
      builder.inherit(parents, inheritance.estate(parents));
    }
    List<LikeClause> copied = new ArrayList<>();
    for (TableElement element : create.elements()) {
      switch (element) {
        case TableElement.ColumnDef column -> {
          if (create.partitionOf() != null) {
            builder.refine(column);
          } else {
            builder.add(column);
          }
        }
        case TableElement.LikeClause like -> {
          LikeClause clause = new LikeClause(cx, like);
          clause.addTo(builder);
          copied.add(clause);
        }
        case TableElement.TableConstraint _ -> {}
      }
    }
    for (TableElement element : create.elements()) {
      if (create.partitionBy() != null
          && create.partitionBy().hashPartitions() == null
          && element instanceof TableElement.TableConstraint.Exclude exclude) {
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "exclusion constraints are not supported on partitioned tables")
            .at(exclude.pos());
      }
      if (element instanceof TableElement.TableConstraint constraint) {
        builder.add(constraint);
      }
    }
    if (create.partitionBy() != null) {
      builder.partitionBy(create.partitionBy());
    }
    for (Statement.StorageOption option : create.options()) {
      builder.option(option);
    }
    TableDescriptor table = finish(builder);
    if (table.isPartitioned() && create.elements().stream().anyMatch(TableCommands::noInherit)) {
      throw noInherit(table);
    }
    if (table.parentOid() != 0) {
      PartitionRows rows = new PartitionRows(cx);
      rows.requireAtHome(table);
      TableDescriptor parent = cx.catalog().table(table.parentOid());
      for (IndexDescriptor missing : rows.missingIndexes(parent, table)) {
        indexes.copy(cx.catalog().table(table.oid()), parent, missing, "idx");
      }
    }
    for (TableElement element : create.elements()) {
      if (element instanceof TableElement.TableConstraint.Exclude exclude) {
        indexes.addExclusion(cx.catalog().table(table.oid()), exclude);
      }
    }
    for (LikeClause clause : copied) {
      clause.addRest(table.oid(), indexes);
    }
    cx.onCommit(table.oid(), create.onCommit());
  }

  /// A partition is temporary where its parent is, and only there.
  ///
  /// @param doing create or attach
  static void requireLikePermanence(
      String doing, boolean parentIsTemporary, String parent, boolean temporary) {
    if (parentIsTemporary != temporary) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE,
          "cannot "
              + doing
              + " a "
              + (temporary ? "temporary" : "permanent")
              + " relation as partition of "
              + (temporary ? "permanent" : "temporary")
              + " relation \""
              + parent
              + "\"");
    }
  }

  /// Whether a check says that partitions need not have it.
  private static boolean noInherit(TableElement element) {
    return switch (element) {
      case TableElement.TableConstraint.Check check -> check.noInherit();
      case TableElement.ColumnDef column ->
          column.constraints().stream()
              .anyMatch(
                  each ->
                      each instanceof TableElement.ColumnConstraint.Check check
                          && check.noInherit());
      default -> false;
    };
  }

  static SqlException noInherit(TableDescriptor table) {
    return new SqlException(
        SqlState.INVALID_TABLE_DEFINITION,
        "cannot add NO INHERIT constraint to partitioned table \"" + table.name() + "\"");
  }

  private SchemaDescriptor schemaFor(
      QualifiedName name, Statement.Persistence persistence, Statement.OnCommit onCommit) {
    SchemaDescriptor schema =
        ObjectNames.schemaFor(cx, name, persistence == Statement.Persistence.TEMPORARY);
    if (onCommit != Statement.OnCommit.NOOP && !schema.isTemporary()) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
    }
    return schema;
  }

  private TableDescriptor finish(TableBuilder builder) {
    TableDescriptor table = builder.build();
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    builder.sequences().forEach(sequence -> changes.put(sequence.oid(), sequence));
    changes.put(table.oid(), table);
    for (int parent : table.inherits()) {
      // Plans for the parent have to find its new family.
      changes.put(parent, cx.catalog().table(parent).change().build());
    }
    cx.change(changes);
    cx.rows(table.oid(), 0);
    foreignKeys.joins(table);
    for (TableElement.TableConstraint.ForeignKey key : builder.foreignKeys()) {
      foreignKeys.add(cx.catalog().table(table.oid()), key, false);
    }
    return cx.catalog().table(table.oid());
  }

  /// CREATE TABLE AS: makes the table; the rows come from the caller.
  ///
  /// @return null where the table is there and IF NOT EXISTS was said
  TableDescriptor createAs(Statement.CreateTableAs create, List<ResultColumn> columns) {
    SchemaDescriptor schema = schemaFor(create.name(), create.persistence(), create.onCommit());
    if (skips(schema, create.name().name(), create.ifNotExists())) {
      return null;
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
      builder.add(name, type, column.typmod(), derived(column, name));
    }
    create.options().forEach(builder::option);
    TableDescriptor table = finish(builder);
    cx.onCommit(table.oid(), create.onCommit());
    return table;
  }

  private static void requireDistinct(List<Column> columns) {
    for (int i = 0; i < columns.size(); i++) {
      for (Column other : columns.subList(i + 1, columns.size())) {
        if (other.name().equals(columns.get(i).name())) {
          throw new SqlException(
              SqlState.DUPLICATE_COLUMN,
              "column \"" + other.name() + "\" specified more than once");
        }
      }
    }
  }

  void createView(Statement.CreateView create) {
    if (create.recursive()) {
      createView(unrolled(create));
      return;
    }
    Analyzed analyzed = analyzed(create.query());
    boolean usesTemporary =
        analyzed.tables().stream().anyMatch(table -> isTemporary(table.schemaOid()));
    if (usesTemporary && !create.temporary()) {
      cx.notice(Notice.notice("view \"" + create.name().name() + "\" will be a temporary view"));
    }
    SchemaDescriptor schema =
        ObjectNames.schemaFor(
            cx,
            new QualifiedName(create.name().parts(), usesTemporary ? -1 : create.name().pos()),
            create.temporary() || usesTemporary);
    String name = create.name().name();
    TypeNaming.requireNoType(cx.catalog(), schema.oid(), name);
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
    List<ResultColumn> columns = analyzed.columns();
    List<Column> viewColumns = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String columnName =
          i < create.columns().size() ? create.columns().get(i) : columns.get(i).name();
      if (columns.get(i).type().isPseudo() && columns.get(i).type() != Types.UNKNOWN) {
        throw new SqlException(
            SqlState.INVALID_TABLE_DEFINITION,
            "column \"" + columnName + "\" has pseudo-type " + columns.get(i).type().displayName());
      }
      viewColumns.add(
          Column.of(i + 1, columnName, columns.get(i).type().oid(), columns.get(i).typmod())
              .withCollation(derived(columns.get(i), columnName)));
    }
    requireDistinct(viewColumns);
    if (old != null) {
      requireCompatible(old, viewColumns);
    }
    List<String> options = ViewOptions.of(create);
    TableDescriptor view =
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
            StoredText.ofQuery(cx.names(), create.queryText()),
            options);
    if (options.stream().anyMatch(option -> option.startsWith("check_option="))) {
      requireUpdatable(view);
    }
    cx.put(view);
  }

  /// A recursive view as the view of a recursive query.
  private static Statement.CreateView unrolled(Statement.CreateView create) {
    String name = Identifiers.quote(create.name().name());
    List<String> quoted = create.columns().stream().map(Identifiers::quote).toList();
    String columns = String.join(", ", quoted);
    String text =
        "WITH RECURSIVE "
            + name
            + "("
            + columns
            + ") AS ("
            + create.queryText()
            + ") SELECT "
            + columns
            + " FROM "
            + name;
    return new Statement.CreateView(
        create.name(),
        create.orReplace(),
        create.temporary(),
        false,
        create.columns(),
        create.options(),
        SqlParser.parseQuery(text),
        text,
        create.checkOption(),
        create.pos());
  }

  private void requireUpdatable(TableDescriptor view) {
    String obstacle =
        new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]).updateObstacle(view);
    if (obstacle != null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "WITH CHECK OPTION is supported only on automatically updatable views")
          .hint(obstacle);
    }
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

  private boolean isTemporary(int schemaOid) {
    return cx.catalog().byOid(schemaOid) instanceof SchemaDescriptor schema && schema.isTemporary();
  }

  private Analyzed analyzed(Query query) {
    return new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]).analyze(query);
  }

  /// The collation of a column that has what a query gives.
  private static Collation derived(ResultColumn column, String name) {
    if (column.collation() != null && column.collation().isConflict()) {
      throw new SqlException(
              SqlState.INDETERMINATE_COLLATION,
              "no collation was derived for column \""
                  + name
                  + "\" with collatable type "
                  + column.type().displayName())
          .hint("Use the COLLATE clause to set the collation explicitly.");
    }
    return column.collation();
  }
}
