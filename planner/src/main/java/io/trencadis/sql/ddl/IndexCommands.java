package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.IndexMatch;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.List;

/// CREATE INDEX. The build runs under an exclusive lock of the table, unless the index is only
/// begun here and built beside running writes.
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
    if (create.concurrently() && table.isPartitioned()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "cannot create index on partitioned table \"" + table.name() + "\" concurrently");
    }
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
    IndexMethods.requireSupported(create);
    String method = IndexMethods.nameOf(create);
    boolean trigrams = new ExtensionCommands(cx).isCreated("pg_trgm");
    List<String> options = IndexOptions.of(method, create.options());
    List<KeyPart> parts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Statement.IndexElement element : create.elements()) {
      IndexExpression expression = null;
      Column column = null;
      PgType type;
      if (element.column() == null) {
        expression = expression(table, element.expr(), element.text());
        type = Types.byOid(expression.typeOid());
      } else {
        column = requireColumn(table, element.column());
        type = Types.byOid(column.typeOid());
      }
      Collation collation = Collations.find(cx.names(), element.collation(), type);
      String operatorClass = IndexMethods.operatorClass(method, element, type, trigrams);
      Collation own = column == null ? expression.collation() : column.collation();
      if (IndexMethods.ordersBytes(operatorClass) && !Collation.sameOrder(Collation.DEFAULT, own)) {
        throw SqlException.notSupported(
                "operator class \"" + operatorClass + "\" over an ICU collation")
            .at(element.pos());
      }
      if (collation != null && !Collation.sameOrder(collation, own)) {
        // What is in another order than the column itself is an expression.
        expression = collated(table, element);
        column = null;
      }
      boolean descending = element.direction() == SortKey.Direction.DESC;
      boolean nullsFirst =
          element.nulls() == SortKey.Nulls.DEFAULT
              ? descending
              : element.nulls() == SortKey.Nulls.FIRST;
      parts.add(
          new KeyPart(
              column == null ? 0 : column.number(),
              descending,
              nullsFirst,
              expression,
              operatorClass));
      String figured =
          element.column() != null ? element.column() : Analyzer.columnName(element.expr());
      names.add(column == null ? nameOf(figured, names) : column.name());
    }
    IndexExpression predicate =
        create.where() == null ? null : predicate(table, create.where(), create.whereText());
    List<Integer> included = new ArrayList<>();
    for (String name : create.include()) {
      Column column = requireColumn(table, name);
      included.add(column.number());
      names.add(column.name());
    }
    String name =
        create.name() != null
            ? create.name()
            : ObjectNames.choose(
                table.name(),
                String.join("_", names),
                "idx",
                candidate -> cx.catalog().relationNameTaken(schema.oid(), candidate));
    add(
        table,
        name,
        parts,
        included,
        create.unique(),
        create.nullsNotDistinct(),
        false,
        false,
        TableElement.Deferral.NONE,
        predicate,
        method.equals("btree") ? null : method,
        List.of(),
        options,
        create.only(),
        create.concurrently() && !schema.isTemporary());
  }

  private IndexExpression expression(TableDescriptor table, Expr expr, String text) {
    Analyzer.Expression analyzed = analyzer().indexExpression(expr, table);
    return new IndexExpression(
        StoredText.ofExpression(cx.names(), text),
        PgRelType.of(analyzed.node().getType()).oid(),
        analyzed.columns(),
        CollationRules.of(analyzed.node()));
  }

  /// The column or expression of an index that is ordered by a collation of its own.
  private IndexExpression collated(TableDescriptor table, Statement.IndexElement element) {
    Expr expr =
        element.column() != null
            ? new Expr.ColumnRef(List.of(element.column()), false, -1)
            : element.expr();
    String text =
        element.column() != null ? Identifiers.quote(element.column()) : "(" + element.text() + ")";
    return expression(
        table,
        new Expr.Collate(expr, element.collation(), -1),
        text + " COLLATE " + element.collation().quoted());
  }

  private IndexExpression predicate(TableDescriptor table, Expr expr, String text) {
    return new IndexExpression(
        StoredText.ofExpression(cx.names(), text),
        Types.BOOL.oid(),
        analyzer().indexPredicate(expr, table).columns(),
        null);
  }

  private Analyzer analyzer() {
    return new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]);
  }

  /// The name of an expression's column in an index.
  private static String nameOf(String figured, List<String> taken) {
    String base = figured == null ? "expr" : figured;
    String name = base;
    for (int number = 1; taken.contains(name); number++) {
      name = base + number;
    }
    return name;
  }

  /// An index as it is when a column of its table has got another type.
  ///
  /// @param table as it is then
  /// @throws SqlException where the index cannot be made for the type
  IndexDescriptor retyped(TableDescriptor table, IndexDescriptor index) {
    List<KeyPart> parts = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      IndexExpression computed = part.expression();
      if (computed != null) {
        computed = expression(table, SqlParser.parseExpression(computed.text()), computed.text());
      }
      PgType type =
          Types.byOid(
              computed != null
                  ? computed.typeOid()
                  : table.columnNumbered(part.column()).typeOid());
      String operatorClass =
          IndexMethods.operatorClassFor(index.method(), part.operatorClass(), type);
      parts.add(
          new KeyPart(
              part.column(), part.descending(), part.nullsFirst(), computed, operatorClass));
    }
    if (index.exclusion()) {
      analyzer().exclusion(table, index);
    }
    IndexExpression predicate = index.predicate();
    if (predicate != null) {
      String text = predicate.text();
      predicate = predicate(table, SqlParser.parseExpression(text), text);
    }
    return index.withParts(parts, predicate);
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
    copy(table, source, index, index.exclusion() ? "excl" : "idx");
  }

  /// Gives a partition an index like one of its parent.
  void copy(TableDescriptor table, TableDescriptor source, IndexDescriptor index, String label) {
    // One that orders the rows is no index to be added: a unique one does in its place.
    boolean primary = index.primary() && index.deferrable();
    List<KeyPart> parts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      if (part.expression() != null) {
        String text = part.expression().text();
        Expr expr = SqlParser.parseExpression(text);
        parts.add(
            new KeyPart(
                0,
                part.descending(),
                part.nullsFirst(),
                expression(table, expr, text),
                part.operatorClass()));
        names.add(nameOf(Analyzer.columnName(expr), names));
      } else {
        Column column = requireColumn(table, source.columnNumbered(part.column()).name());
        parts.add(
            new KeyPart(
                column.number(), part.descending(), part.nullsFirst(), null, part.operatorClass()));
        names.add(column.name());
      }
    }
    List<Integer> included = new ArrayList<>();
    for (int number : index.included()) {
      Column column = requireColumn(table, source.columnNumbered(number).name());
      included.add(column.number());
      names.add(column.name());
    }
    IndexExpression predicate = null;
    if (index.predicate() != null) {
      String text = index.predicate().text();
      predicate = predicate(table, SqlParser.parseExpression(text), text);
    }
    String name =
        ObjectNames.choose(
            table.name(),
            primary ? null : String.join("_", names),
            label,
            candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
    add(
        table,
        name,
        parts,
        included,
        index.unique(),
        index.nullsNotDistinct(),
        index.constraint(),
        primary,
        new TableElement.Deferral(index.deferrable(), index.deferred()),
        predicate,
        index.method(),
        index.operators(),
        index.options(),
        false,
        false);
  }

  /// Adds the index of a unique constraint to a table, and to its partitions, and fills it.
  ///
  /// @param only whether partitions stay as they are
  void add(
      TableDescriptor table,
      String name,
      List<KeyPart> parts,
      List<Integer> included,
      boolean nullsNotDistinct,
      TableElement.Deferral deferral,
      boolean only) {
    add(
        table,
        name,
        parts,
        included,
        true,
        nullsNotDistinct,
        true,
        false,
        deferral,
        null,
        null,
        List.of(),
        List.of(),
        only,
        false);
  }

  /// EXCLUDE.
  void addExclusion(TableDescriptor table, TableElement.TableConstraint.Exclude exclude) {
    Exclusions.requireMethod(exclude);
    List<KeyPart> parts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> operators = new ArrayList<>();
    for (TableElement.ExcludeElement element : exclude.elements()) {
      if (element.element().column() == null) {
        throw SqlException.notSupported("an expression in EXCLUDE").at(exclude.pos());
      }
      Column column = table.column(element.element().column());
      if (column == null) {
        throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + element.element().column() + "\" named in key does not exist");
      }
      PgType type = Types.byOid(column.typeOid());
      if (!type.codec().ordered()) {
        throw SqlException.notSupported("EXCLUDE with type " + type.displayName())
            .at(exclude.pos());
      }
      operators.add(Exclusions.operator(element.operator(), type));
      parts.add(KeyPart.ascending(column.number()));
      names.add(column.name());
    }
    String name =
        exclude.name() != null
            ? exclude.name()
            : ObjectNames.choose(
                table.name(),
                String.join("_", names),
                "excl",
                candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
    if (cx.catalog().relationNameTaken(table.schemaOid(), name)) {
      throw ObjectNames.taken(name);
    }
    add(
        table,
        name,
        parts,
        List.of(),
        false,
        false,
        true,
        false,
        exclude.deferral(),
        exclude.where() == null ? null : predicate(table, exclude.where(), exclude.whereText()),
        "gist".equals(exclude.method()) ? "gist" : null,
        operators,
        List.of(),
        false,
        false);
  }

  /// Adds a deferrable primary key, which the rows are not ordered by.
  void addPrimary(
      TableDescriptor table,
      String name,
      List<KeyPart> parts,
      List<Integer> included,
      TableElement.Deferral deferral,
      boolean only) {
    add(
        table, name, parts, included, true, false, true, true, deferral, null, null, List.of(),
        List.of(), only, false);
  }

  /// @param beside whether it is only begun, for others to build it
  private void add(
      TableDescriptor table,
      String name,
      List<KeyPart> parts,
      List<Integer> included,
      boolean unique,
      boolean nullsNotDistinct,
      boolean constraint,
      boolean primary,
      TableElement.Deferral deferral,
      IndexExpression predicate,
      String method,
      List<String> operators,
      List<String> options,
      boolean only,
      boolean beside) {
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    IndexDescriptor unplaced =
        new IndexDescriptor(
            cx.newOid(),
            name,
            table.isPartitioned() ? 0 : cx.newRelationId(),
            List.copyOf(parts),
            List.copyOf(included),
            unique,
            primary,
            nullsNotDistinct,
            constraint,
            constraint ? cx.newOid() : 0,
            null,
            predicate,
            deferral.deferrable(),
            deferral.initiallyDeferred(),
            method,
            beside ? 'b' : ' ',
            operators,
            options);
    IndexDescriptor index =
        table.isPartitioned()
            ? unplaced
            : unplaced.withPlacement(
                Placements.ofIndex(table.placement(), unplaced, cx.shardCount()));
    if (table.isPartitioned() && unique) {
      PartitionBounds.requirePlainKey(table.partitioning(), false);
      for (int number : table.partitioning().columns()) {
        if (!index.keyColumns().contains(number)) {
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
      if (!beside) {
        IndexBuilds.fill(cx, changed, index);
      }
      return;
    }
    for (TableDescriptor partition :
        only ? List.<TableDescriptor>of() : cx.catalog().partitionsOf(table.oid())) {
      // An index that a partition has already, and that belongs to no other one, will do.
      if (alike(partition, table, index) <= alike(table, table, index)) {
        copy(partition, table, index, primary ? "pkey" : constraint ? "key" : "idx");
      }
    }
  }

  /// How many indexes of a table are like that of another.
  private static long alike(TableDescriptor table, TableDescriptor other, IndexDescriptor index) {
    return table.indexes().stream()
        .filter(each -> IndexMatch.alike(table, each, other, index))
        .count();
  }
}
