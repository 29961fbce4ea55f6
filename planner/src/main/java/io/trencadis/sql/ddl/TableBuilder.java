package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.analyze.SystemColumns;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.Partitioning;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects the definition of one table, and makes its descriptors. One use each.
final class TableBuilder {
  private static final Map<String, String> SERIAL_TYPES =
      Map.of(
          "serial",
          "int4",
          "serial4",
          "int4",
          "bigserial",
          "int8",
          "serial8",
          "int8",
          "smallserial",
          "int2",
          "serial2",
          "int2");
  private static final int MAX_COLUMNS = 1600;

  private final DdlContext cx;
  private final SchemaDescriptor schema;
  private final String name;
  private final int oid;
  private final Expressions expressions;
  private final Set<String> takenNames = new HashSet<>();
  private final List<Column> columns = new ArrayList<>();
  private final List<SequenceDescriptor> sequences = new ArrayList<>();
  private final List<PendingIndex> indexes = new ArrayList<>();
  private final List<PendingCheck> checks = new ArrayList<>();
  private final List<PendingGeneration> generations = new ArrayList<>();
  private final List<TableElement.TableConstraint.ForeignKey> foreignKeys = new ArrayList<>();
  private final TablePlacement place;
  private final Set<String> refined = new HashSet<>();
  private final Set<String> localChecks = new HashSet<>();
  private List<Integer> parents = List.of();
  private int inheritedColumns;
  private int writtenColumns;
  private Map<String, SqlException> disputed = Map.of();
  private char kind = 'r';
  private Partitioning partitioning;
  private int parentOid;
  private PartitionBound bound;
  private final List<String> options = new ArrayList<>();

  private record PendingIndex(
      String name,
      List<Integer> columns,
      List<Integer> included,
      boolean primary,
      boolean nullsNotDistinct,
      TableElement.Deferral deferral,
      int pos) {
    boolean ordersRows() {
      return primary && !deferral.deferrable();
    }
  }

  private record PendingGeneration(int number, Expr expr) {}

  /// @param inherited how many parents have it
  private record PendingCheck(
      String name, Expr expr, String text, String column, boolean noInherit, int inherited) {}

  TableBuilder(DdlContext cx, SchemaDescriptor schema, String name) {
    this.cx = cx;
    this.schema = schema;
    this.name = name;
    this.oid = cx.newOid();
    this.expressions = new Expressions(cx);
    this.place = new TablePlacement(cx, name, schema.isTemporary());
    takenNames.add(name);
  }

  List<SequenceDescriptor> sequences() {
    return sequences;
  }

  /// Foreign keys, which are added once the table is there.
  List<TableElement.TableConstraint.ForeignKey> foreignKeys() {
    return foreignKeys;
  }

  private boolean taken(String candidate) {
    return takenNames.contains(candidate)
        || cx.catalog().relationNameTaken(schema.oid(), candidate);
  }

  private Column column(String columnName, int pos) {
    for (Column column : columns) {
      if (column.name().equals(columnName)) {
        return column;
      }
    }
    throw new SqlException(
            SqlState.UNDEFINED_COLUMN, "column \"" + columnName + "\" named in key does not exist")
        .at(pos);
  }

  // ---- columns

  /// A column as it stands in another table.
  ///
  /// @throws SqlException 42701 if there is one of that name
  void copy(Column column) {
    if (SystemColumns.isOne(column.name())) {
      throw SystemNames.taken(column.name());
    }
    if (mergesColumn(
        new TableElement.ColumnDef(column.name(), null, null, List.of(), -1),
        new Names.TypeReference(Types.byOid(column.typeOid()), column.typmod()))) {
      return;
    }
    if (columns.stream().anyMatch(other -> other.name().equals(column.name()))) {
      throw new SqlException(
          SqlState.DUPLICATE_COLUMN, "column \"" + column.name() + "\" specified more than once");
    }
    columns.add(column.withNumber(columns.size() + 1));
  }

  /// Gives a column that was copied an identity with a sequence like another.
  void copyIdentity(Column column, SequenceDescriptor like) {
    Column own = column(column.name(), -1);
    String sequenceName = ObjectNames.choose(name, own.name(), "seq", this::taken);
    takenNames.add(sequenceName);
    SequenceDescriptor sequence =
        new SequenceDescriptor(
            cx.newOid(),
            cx.databaseOid(),
            schema.oid(),
            sequenceName,
            cx.role().oid(),
            like.typeOid(),
            like.start(),
            like.increment(),
            like.minimum(),
            like.maximum(),
            like.cache(),
            like.cycle(),
            oid,
            own.number(),
            true,
            0);
    sequences.add(sequence);
    columns.set(own.number() - 1, own.withIdentity(column.identity(), sequence.oid()));
  }

  /// A check of a table that LIKE names, unless the parents have it.
  void copyLike(CheckConstraint check) {
    if (!merges(check.name(), check.text(), check.noInherit())) {
      copyCheck(check);
    }
  }

  void copyCheck(CheckConstraint check) {
    checks.add(
        new PendingCheck(
            check.name(),
            SqlParser.parseExpression(check.text()),
            check.text(),
            null,
            check.noInherit(),
            check.inherited()));
  }

  /// A primary key or unique constraint of another table, by its columns' names.
  void copyConstraint(TableDescriptor source, IndexDescriptor index) {
    List<Integer> key = new ArrayList<>();
    index.parts().forEach(part -> key.add(numberLike(source, part.column())));
    List<Integer> included = new ArrayList<>();
    index.included().forEach(number -> included.add(numberLike(source, number)));
    PendingIndex pending =
        new PendingIndex(
            null,
            key,
            included,
            index.primary(),
            index.nullsNotDistinct(),
            new TableElement.Deferral(index.deferrable(), index.deferred()),
            -1);
    if (index.primary()) {
      addPrimary(pending);
    } else {
      indexes.add(pending);
    }
  }

  private int numberLike(TableDescriptor source, int number) {
    return column(source.columnNumbered(number).name(), -1).number();
  }

  /// @param collation null for the default one
  void add(String columnName, PgType type, int typmod, Collation collation) {
    columns.add(
        Column.of(columns.size() + 1, columnName, type.oid(), typmod).withCollation(collation));
  }

  /// Takes what a table has from those that it inherits from.
  void inherit(List<TableDescriptor> from, Inheritance.Estate estate) {
    parents = from.stream().map(TableDescriptor::oid).toList();
    estate.columns().forEach(this::copy);
    estate.checks().forEach(this::copyCheck);
    inheritedColumns = columns.size();
    writtenColumns = 0;
    disputed = new LinkedHashMap<>(estate.disputed());
  }

  /// Where the parents have a column of the definition's name, what is written about it again.
  private boolean mergesColumn(TableElement.ColumnDef definition, Names.TypeReference type) {
    writtenColumns++;
    for (int i = 0; i < inheritedColumns; i++) {
      Column own = columns.get(i);
      if (!own.name().equals(definition.name())) {
        continue;
      }
      if (!own.notLocal()) {
        throw twice(definition);
      }
      cx.notice(
          i + 1 == writtenColumns
              ? Notice.notice("merging column \"" + own.name() + "\" with inherited definition")
              : new Notice(
                  "NOTICE",
                  SqlState.SUCCESSFUL_COMPLETION,
                  "moving and merging column \"" + own.name() + "\" with inherited definition",
                  "User-specified column moved to the position of the inherited column.",
                  null));
      if (own.typeOid() != type.type().oid() || own.typmod() != type.typmod()) {
        throw Inheritance.conflict("column", own, type.type().oid(), type.typmod());
      }
      columns.set(i, own.withOrigin(own.inherited(), true));
      restate(definition, i, type);
      return true;
    }
    return false;
  }

  private void restate(TableElement.ColumnDef definition, int place, Names.TypeReference type) {
    Column own = columns.get(place);
    boolean computed = own.generated();
    String fault = null;
    for (TableElement.ColumnConstraint each : definition.constraints()) {
      switch (each) {
        case TableElement.ColumnConstraint.Generated _ when computed ->
            fault = "child column \"" + own.name() + "\" specifies generation expression";
        case TableElement.ColumnConstraint.DefaultValue _ when computed ->
            fault =
                "column \""
                    + own.name()
                    + "\" inherits from generated column but specifies default";
        case TableElement.ColumnConstraint.Identity _ when computed ->
            fault =
                "column \""
                    + own.name()
                    + "\" inherits from generated column but specifies identity";
        default -> {}
      }
    }
    if (fault != null) {
      SqlException refusal = new SqlException(SqlState.INVALID_COLUMN_DEFINITION, fault);
      throw fault.startsWith("column")
          ? refusal
          : refusal.hint(
              "Omit the generation expression in the definition of the child table column to"
                  + " inherit the generation expression from the parent table.");
    }
    boolean redefined =
        definition.constraints().stream()
            .anyMatch(
                each ->
                    each instanceof TableElement.ColumnConstraint.DefaultValue
                        || each instanceof TableElement.ColumnConstraint.Generated);
    if (redefined) {
      columns.set(place, own.withDefault(null));
      disputed.remove(own.name());
    }
    for (TableElement.ColumnConstraint constraint : definition.constraints()) {
      apply(constraint, place + 1, type);
    }
  }

  private static SqlException twice(TableElement.ColumnDef definition) {
    return new SqlException(
        SqlState.DUPLICATE_COLUMN, "column \"" + definition.name() + "\" specified more than once");
  }

  void add(TableElement.ColumnDef definition) {
    if (SystemColumns.isOne(definition.name())) {
      throw SystemNames.taken(definition.name());
    }
    for (Column other : columns.subList(inheritedColumns, columns.size())) {
      if (other.name().equals(definition.name())) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN,
            "column \"" + definition.name() + "\" specified more than once");
      }
    }
    if (columns.size() >= MAX_COLUMNS) {
      throw new SqlException(
          SqlState.TOO_MANY_COLUMNS, "tables can have at most " + MAX_COLUMNS + " columns");
    }
    String serial = serialType(definition.type());
    Names.TypeReference type =
        serial == null
            ? cx.names().type(definition.type())
            : new Names.TypeReference(Types.byName(serial), -1);
    if (type.type().isPseudo()) {
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "column \"" + definition.name() + "\" has pseudo-type " + type.type().displayName())
          .at(definition.pos());
    }
    DdlRights.requireUsage(cx, type.type());
    Collation collation =
        definition.collation() == null
            ? null
            : Collations.find(
                cx.names(), definition.collation(), type.type(), definition.collation().pos());
    if (mergesColumn(definition, type)) {
      return;
    }
    int number = columns.size() + 1;
    columns.add(
        Column.of(number, definition.name(), type.type().oid(), type.typmod())
            .withCollation(collation));
    if (serial != null) {
      SequenceDescriptor sequence =
          sequence(definition.name(), type.type(), Statement.SequenceOptions.NONE, number, false);
      String text = "nextval('" + sequence.oid() + "'::regclass)";
      columns.set(number - 1, columns.get(number - 1).withNotNull(true).withDefault(text));
    }
    for (TableElement.ColumnConstraint constraint : definition.constraints()) {
      apply(constraint, number, type);
    }
  }

  /// What a partition says of a column that it has from its parent.
  ///
  /// @throws SqlException 42703 where the parent has none of that name
  void refine(TableElement.ColumnDef definition) {
    Column column = null;
    for (Column candidate : columns) {
      column = candidate.name().equals(definition.name()) ? candidate : column;
    }
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN, "column \"" + definition.name() + "\" does not exist");
    }
    if (!refined.add(definition.name())) {
      throw new SqlException(
          SqlState.DUPLICATE_COLUMN,
          "column \"" + definition.name() + "\" specified more than once");
    }
    int number = column.number();
    if (!column.generated()
        && definition.constraints().stream()
            .anyMatch(each -> each instanceof TableElement.ColumnConstraint.DefaultValue)) {
      // Its own default comes in the place of the parent's.
      columns.set(number - 1, column.withDefault(null));
    }
    Names.TypeReference type =
        new Names.TypeReference(Types.byOid(column.typeOid()), column.typmod());
    for (TableElement.ColumnConstraint constraint : definition.constraints()) {
      apply(constraint, number, type);
    }
  }

  private static String serialType(TypeName type) {
    return type.parts().size() == 1 && type.arrayBounds().isEmpty()
        ? SERIAL_TYPES.get(type.name())
        : null;
  }

  private SequenceDescriptor sequence(
      String columnName,
      PgType type,
      Statement.SequenceOptions sequenceOptions,
      int number,
      boolean identity) {
    String sequenceName =
        sequenceOptions.sequenceName() != null
            ? sequenceOptions.sequenceName().name()
            : ObjectNames.choose(name, columnName, "seq", this::taken);
    takenNames.add(sequenceName);
    SequenceDescriptor sequence =
        SequenceCommands.create(cx, schema, sequenceName, type, sequenceOptions)
            .withOwner(oid, number)
            .withIdentity(identity);
    sequences.add(sequence);
    return sequence;
  }

  private void apply(
      TableElement.ColumnConstraint constraint, int number, Names.TypeReference type) {
    Column column = columns.get(number - 1);
    switch (constraint) {
      case TableElement.ColumnConstraint.NotNull _ ->
          columns.set(number - 1, column.withNotNull(true));
      case TableElement.ColumnConstraint.Null _ -> {
        if (column.notNull()) {
          throw new SqlException(
                  SqlState.SYNTAX_ERROR,
                  "conflicting NULL/NOT NULL declarations for column \""
                      + column.name()
                      + "\" of table \""
                      + name
                      + "\"")
              .at(constraint.pos());
        }
      }
      case TableElement.ColumnConstraint.DefaultValue value -> {
        if (column.generated()) {
          throw conflicting(
              "both default and generation expression specified for column ",
              column,
              constraint.pos());
        }
        if (column.defaultText() != null) {
          throw new SqlException(
                  SqlState.SYNTAX_ERROR,
                  "multiple default values specified for column \""
                      + column.name()
                      + "\" of table \""
                      + name
                      + "\"")
              .at(constraint.pos());
        }
        if (column.identity() != ' ') {
          throw conflicting(
              "both default and identity specified for column ", column, constraint.pos());
        }
        expressions.value(value.expr(), column.name(), type.type(), type.typmod());
        columns.set(
            number - 1,
            column.withDefault(
                Expressions.isNothing(value.expr(), type.type())
                    ? null
                    : StoredText.ofExpression(cx.names(), value.text())));
      }
      case TableElement.ColumnConstraint.Check check ->
          addCheck(check.name(), check.expr(), check.text(), column.name(), check.noInherit());
      case TableElement.ColumnConstraint.Unique unique ->
          indexes.add(
              new PendingIndex(
                  unique.name(),
                  List.of(number),
                  List.of(),
                  false,
                  unique.nullsNotDistinct(),
                  unique.deferral(),
                  unique.pos()));
      case TableElement.ColumnConstraint.PrimaryKey key ->
          addPrimary(
              new PendingIndex(
                  key.name(), List.of(number), List.of(), true, false, key.deferral(), key.pos()));
      case TableElement.ColumnConstraint.References references ->
          foreignKeys.add(ForeignKeyCommands.ofColumn(references, column.name()));
      case TableElement.ColumnConstraint.Identity identity -> {
        if (column.generated()) {
          throw conflicting(
              "both identity and generation expression specified for column ",
              column,
              constraint.pos());
        }
        if (column.identity() != ' ') {
          throw conflicting(
              "multiple identity specifications for column ", column, constraint.pos());
        }
        if (column.defaultText() != null) {
          throw conflicting(
              "both default and identity specified for column ", column, constraint.pos());
        }
        if (type.type() != Types.INT2 && type.type() != Types.INT4 && type.type() != Types.INT8) {
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "identity column type must be smallint, integer, or bigint");
        }
        SequenceDescriptor sequence =
            sequence(column.name(), type.type(), identity.options(), number, true);
        columns.set(
            number - 1,
            column.withNotNull(true).withIdentity(identity.always() ? 'a' : 'd', sequence.oid()));
      }
      case TableElement.ColumnConstraint.Generated generated -> {
        String fault =
            column.generated()
                ? "multiple generation clauses specified for column "
                : column.identity() != ' '
                    ? "both identity and generation expression specified for column "
                    : column.defaultText() != null
                        ? "both default and generation expression specified for column "
                        : null;
        if (fault != null) {
          throw conflicting(fault, column, constraint.pos());
        }
        columns.set(
            number - 1,
            column.withGeneration(StoredText.ofExpression(cx.names(), generated.text())));
        generations.add(new PendingGeneration(number, generated.expr()));
      }
    }
  }

  private SqlException conflicting(String fault, Column column, int pos) {
    return new SqlException(
            SqlState.SYNTAX_ERROR, fault + "\"" + column.name() + "\" of table \"" + name + "\"")
        .at(pos);
  }

  // ---- table constraints

  private void addPrimary(PendingIndex primary) {
    if (indexes.stream().anyMatch(PendingIndex::primary)) {
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + name + "\" are not allowed")
          .at(primary.pos);
    }
    indexes.add(primary);
  }

  private List<Integer> numbers(List<String> names, String of, int pos) {
    List<Integer> numbers = new ArrayList<>();
    for (String columnName : names) {
      int number = column(columnName, pos).number();
      if (numbers.contains(number)) {
        throw new SqlException(
                SqlState.DUPLICATE_COLUMN,
                "column \"" + columnName + "\" appears twice in " + of + " constraint")
            .at(pos);
      }
      numbers.add(number);
    }
    return numbers;
  }

  void add(TableElement.TableConstraint constraint) {
    switch (constraint) {
      case TableElement.TableConstraint.Check check ->
          addCheck(check.name(), check.expr(), check.text(), null, check.noInherit());
      case TableElement.TableConstraint.Unique unique ->
          indexes.add(
              new PendingIndex(
                  unique.name(),
                  numbers(unique.columns(), "unique", unique.pos()),
                  numbers(unique.index().include(), "unique", unique.pos()),
                  false,
                  unique.nullsNotDistinct(),
                  unique.deferral(),
                  unique.pos()));
      case TableElement.TableConstraint.PrimaryKey key ->
          addPrimary(
              new PendingIndex(
                  key.name(),
                  numbers(key.columns(), "primary key", key.pos()),
                  numbers(key.index().include(), "primary key", key.pos()),
                  true,
                  false,
                  key.deferral(),
                  key.pos()));
      case TableElement.TableConstraint.ForeignKey key -> foreignKeys.add(key);
      case TableElement.TableConstraint.Exclude _ -> {
        // Added once the table is there.
      }
    }
  }

  private void addCheck(
      String checkName, Expr expr, String text, String column, boolean noInherit) {
    if (!merges(checkName, text, noInherit)) {
      checks.add(new PendingCheck(checkName, expr, text, column, noInherit, 0));
    }
  }

  /// Whether a check is one that the table has from its parents; then it is its own, too.
  private boolean merges(String checkName, String written, boolean noInherit) {
    if (checkName == null) {
      return false;
    }
    String text = StoredText.ofExpression(cx.names(), written);
    for (int i = 0; i < checks.size(); i++) {
      PendingCheck other = checks.get(i);
      if (!checkName.equals(other.name) || parentOid == 0 && other.inherited == 0) {
        continue;
      }
      if (!Inheritance.same(text, other.text)) {
        if (parentOid != 0) {
          continue;
        }
        throw new SqlException(
            SqlState.DUPLICATE_OBJECT,
            "constraint \"" + checkName + "\" for relation \"" + name + "\" already exists");
      }
      if (noInherit) {
        throw new SqlException(
            SqlState.INVALID_OBJECT_DEFINITION,
            "constraint \""
                + checkName
                + "\" conflicts with inherited constraint on relation \""
                + name
                + "\"");
      }
      cx.notice(
          Notice.notice("merging constraint \"" + checkName + "\" with inherited definition"));
      localChecks.add(checkName);
      return true;
    }
    return false;
  }

  void option(Statement.StorageOption option) {
    String text =
        TablePlacement.isOption(option.name()) ? place.option(option) : TableOptions.text(option);
    if (text != null) {
      options.add(text);
    }
  }

  // ---- partitions

  void partitionOf(TableDescriptor parent, PartitionBound newBound) {
    parentOid = parent.oid();
    bound = newBound;
  }

  /// The parent's constraints and indexes, which a partition gets too.
  void inherit(TableDescriptor parent) {
    parent.checks().forEach(this::copyCheck);
    for (IndexDescriptor index : parent.indexes()) {
      if (index.constraint()) {
        List<Integer> numbers = new ArrayList<>();
        for (KeyPart part : index.parts()) {
          numbers.add(column(parent.columnNumbered(part.column()).name(), -1).number());
        }
        indexes.add(
            new PendingIndex(
                null,
                numbers,
                List.of(),
                index.primary(),
                index.nullsNotDistinct(),
                new TableElement.Deferral(index.deferrable(), index.deferred()),
                -1));
      }
    }
  }

  void partitionBy(Statement.PartitionSpec spec) {
    List<Integer> numbers = new ArrayList<>();
    List<IndexExpression> computed = new ArrayList<>();
    for (Statement.IndexElement element : spec.elements()) {
      if (element.column() == null && !(element.expr() instanceof Expr.ColumnRef)) {
        if (spec.hashPartitions() != null
            || spec.splitPoints() != null && !spec.splitPoints().isEmpty()) {
          throw SqlException.notSupported("placing rows by an expression").at(element.pos());
        }
        Analyzer.Expression analyzed =
            new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0])
                .partitionExpression(element.expr(), bare(), numbers.size() + 1);
        computed.add(
            new IndexExpression(
                StoredText.ofExpression(cx.names(), element.text()),
                PgRelType.of(analyzed.node().getType()).oid(),
                analyzed.columns(),
                null));
        numbers.add(0);
        continue;
      }
      // A column in parentheses is a column.
      String named =
          element.expr() instanceof Expr.ColumnRef ref ? ref.parts().getLast() : element.column();
      Column column = null;
      for (Column candidate : columns) {
        if (candidate.name().equals(named)) {
          column = candidate;
        }
      }
      if (column == null) {
        throw new SqlException(
                SqlState.UNDEFINED_COLUMN,
                "column \"" + named + "\" named in partition key does not exist")
            .at(element.pos());
      }
      if (column.generated()) {
        throw new SqlException(
                SqlState.INVALID_OBJECT_DEFINITION, "cannot use generated column in partition key")
            .detail("Column \"" + column.name() + "\" is a generated column.")
            .at(element.pos());
      }
      PartitionBounds.requireOrdered(cx.names(), column, spec, element);
      numbers.add(column.number());
    }
    String strategy = spec.strategy().toLowerCase(java.util.Locale.ROOT);
    if (spec.hashPartitions() != null) {
      if (!strategy.equals("hash")) {
        throw new SqlException(
                SqlState.INVALID_TABLE_DEFINITION,
                "PARTITIONS is only allowed with PARTITION BY HASH")
            .at(spec.pos());
      }
      place.wants(Placements.hash(numbers, spec.hashPartitions(), cx.shardCount(), spec.pos()));
    } else if (spec.splitPoints() != null && !spec.splitPoints().isEmpty()) {
      if (!strategy.equals("range")) {
        throw new SqlException(
                SqlState.INVALID_TABLE_DEFINITION,
                "SPLIT AT is only allowed with PARTITION BY RANGE")
            .at(spec.pos());
      }
      place.wants(Placements.range(cx, columns, numbers, spec.splitPoints()));
    } else {
      char letter =
          switch (strategy) {
            case "hash" -> 'h';
            case "list" -> 'l';
            case "range" -> 'r';
            default ->
                throw new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "unrecognized partitioning strategy \"" + spec.strategy() + "\"")
                    .at(spec.pos());
          };
      if (letter == 'l' && numbers.size() > 1) {
        throw new SqlException(
                SqlState.INVALID_OBJECT_DEFINITION,
                "cannot use \"list\" partition strategy with more than one column")
            .at(spec.pos());
      }
      kind = 'p';
      partitioning = new Partitioning(letter, numbers, computed);
    }
  }

  /// The table as far as expressions over its rows need it.
  private TableDescriptor bare() {
    return new TableDescriptor(
        oid,
        cx.databaseOid(),
        schema.oid(),
        name,
        cx.role().oid(),
        kind,
        1,
        List.copyOf(columns),
        0,
        null,
        List.of(),
        List.of(),
        null,
        null,
        parentOid,
        bound,
        null,
        List.of());
  }

  // ---- the result

  TableDescriptor build() {
    if (!disputed.isEmpty()) {
      throw disputed.values().iterator().next();
    }
    IndexDescriptor primary = null;
    for (PendingIndex pending : indexes) {
      if (pending.primary) {
        for (int number : pending.columns) {
          columns.set(number - 1, columns.get(number - 1).withNotNull(true));
        }
      }
    }
    int relationId = kind == 'p' ? 0 : cx.newRelationId();
    PendingIndex primaryPending =
        indexes.stream().filter(PendingIndex::ordersRows).findFirst().orElse(null);
    place.require(kind, parentOid != 0);
    List<Integer> key = primaryPending == null ? null : primaryPending.columns;
    PlacementDescriptor placement =
        kind == 'p' ? null : place.of(oid, parentOid, List.copyOf(columns), key);
    List<IndexDescriptor> built = new ArrayList<>();
    for (PendingIndex pending : indexes) {
      requirePartitionColumns(pending, placement);
      String indexName =
          pending.name != null
              ? pending.name
              : pending.primary
                  ? ObjectNames.choose(name, null, "pkey", this::taken)
                  : ObjectNames.choose(name, columnNames(pending), "key", this::taken);
      if (pending.name != null && taken(pending.name)) {
        throw ObjectNames.taken(pending.name);
      }
      takenNames.add(indexName);
      List<KeyPart> parts = pending.columns.stream().map(KeyPart::ascending).toList();
      IndexDescriptor index =
          new IndexDescriptor(
                  cx.newOid(),
                  indexName,
                  pending.ordersRows() ? relationId : kind == 'p' ? 0 : cx.newRelationId(),
                  parts,
                  pending.included,
                  true,
                  pending.primary,
                  pending.nullsNotDistinct,
                  true,
                  cx.newOid(),
                  pending.ordersRows()
                      ? placement
                      : Placements.ofIndex(placement, pending.columns, cx.shardCount()))
              .withDeferral(pending.deferral.deferrable(), pending.deferral.initiallyDeferred());
      if (pending.ordersRows()) {
        primary = index;
      }
      built.add(index);
    }
    TableDescriptor bare =
        new TableDescriptor(
            oid,
            cx.databaseOid(),
            schema.oid(),
            name,
            cx.role().oid(),
            kind,
            1,
            List.copyOf(columns),
            relationId,
            primary,
            List.copyOf(built),
            List.of(),
            placement,
            partitioning,
            parentOid,
            bound,
            null,
            List.copyOf(options));
    for (PendingGeneration generation : generations) {
      expressions.generation(generation.expr, bare.columnNumbered(generation.number), bare);
    }
    List<CheckConstraint> builtChecks = new ArrayList<>();
    for (PendingCheck check : checks) {
      builtChecks.add(check(bare, check, builtChecks));
    }
    return new TableDescriptor(
        oid,
        cx.databaseOid(),
        schema.oid(),
        name,
        cx.role().oid(),
        kind,
        1,
        List.copyOf(columns),
        relationId,
        primary,
        List.copyOf(built),
        List.copyOf(builtChecks),
        placement,
        partitioning,
        parentOid,
        bound,
        null,
        List.copyOf(options),
        List.of(),
        parents,
        null,
        place.colocatedWith());
  }

  private CheckConstraint check(
      TableDescriptor bare, PendingCheck check, List<CheckConstraint> others) {
    Expressions.Compiled compiled = expressions.condition(check.expr, bare);
    String column = check.column;
    if (column == null && compiled.columns().size() == 1) {
      column = bare.columnNumbered(compiled.columns().getFirst()).name();
    }
    String checkName =
        check.name != null
            ? check.name
            : ObjectNames.choose(
                name,
                column,
                "check",
                candidate -> others.stream().anyMatch(o -> o.name().equals(candidate)));
    if (check.name != null && others.stream().anyMatch(o -> o.name().equals(check.name))) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT, "check constraint \"" + check.name + "\" already exists");
    }
    return new CheckConstraint(
        cx.newOid(),
        checkName,
        StoredText.ofExpression(cx.names(), check.text),
        compiled.columns(),
        check.noInherit,
        false,
        check.inherited,
        check.inherited > 0 && !localChecks.contains(checkName));
  }

  private String columnNames(PendingIndex index) {
    List<String> names = new ArrayList<>();
    index.columns.forEach(number -> names.add(columns.get(number - 1).name()));
    index.included.forEach(number -> names.add(columns.get(number - 1).name()));
    return String.join("_", names);
  }

  /// A unique key can only be enforced where all rows with equal keys are in one place, unless its
  /// index is partitioned by its own key; the primary key is the table, and has the table's place.
  private void requirePartitionColumns(PendingIndex pending, PlacementDescriptor placement) {
    if (partitioning != null) {
      PartitionBounds.requirePlainKey(partitioning, pending.primary);
    }
    List<Integer> needed =
        switch (placement) {
          case null -> partitioning.columns();
          case PlacementDescriptor.Hash hash -> pending.ordersRows() ? hash.columns() : List.of();
          case PlacementDescriptor.Range range ->
              pending.ordersRows() ? range.columns() : List.of();
          case PlacementDescriptor.Single _, PlacementDescriptor.Replicated _ -> List.of();
        };
    for (int number : needed) {
      if (!pending.columns.contains(number)) {
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "unique constraint on partitioned table must include all partitioning columns")
            .detail(
                (pending.primary ? "PRIMARY KEY" : "UNIQUE")
                    + " constraint on table \""
                    + name
                    + "\" lacks column \""
                    + columns.get(number - 1).name()
                    + "\" which is part of the partition key.");
      }
    }
  }
}
