package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.copy.BinaryCopyReader;
import io.trencadis.sql.copy.CopyOptions;
import io.trencadis.sql.copy.CopyReader;
import io.trencadis.sql.copy.CopyWriter;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.encoding.Utf8Source;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.execute.WriteTarget;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.rights.Access;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptCluster;

/// COPY between a table or query and the client, or a file of the server.
final class CopyCommand {
  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;

  CopyCommand(LocalSession session, TransactionControl transactions, StatementExecutor executor) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
  }

  Result run(Statement.Copy copy, ResponseSink sink) {
    ServerFiles.authorize(copy, session);
    CopyOptions options = CopyOptions.of(copy.options(), copy.from());
    transactions.statementRan();
    return Result.tag(
        "COPY " + (copy.from() ? copyFrom(copy, options, sink) : copyTo(copy, options, sink)));
  }

  private static List<Column> columns(TableDescriptor table, List<String> names) {
    if (names.isEmpty()) {
      return table.liveColumns().stream().filter(column -> !column.generated()).toList();
    }
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      Column column = table.column(name);
      if (column == null) {
        throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
      }
      if (columns.contains(column)) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
      }
      if (column.generated()) {
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE, "column \"" + name + "\" is a generated column")
            .detail("Generated columns cannot be used in COPY.");
      }
      columns.add(column);
    }
    return columns;
  }

  // ---- to the client

  /// Copies what a change returns, once it is made.
  private long copyChanged(Statement.Copy copy, CopyOptions options, ResponseSink sink) {
    PreparedStatement statement = session.statement("", "", copy.change(), null, new int[0], true);
    List<ResultColumn> columns = executor.columns(statement);
    if (columns == null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
    }
    Portal portal = new Portal("", statement, new Object[0], new short[0], false, false);
    List<String> names = columns.stream().map(ResultColumn::name).toList();
    List<PgType> types = columns.stream().map(ResultColumn::type).toList();
    CopyWriter writer = writer(options, names, types);
    long count = 0;
    try (RowSource rows = executor.open(portal);
        CopyTarget target = target(copy, sink)) {
      target.begin(options.format() == CopyOptions.Format.BINARY, types.size());
      target.put(writer.header());
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        target.put(writer.row(row));
        count++;
      }
      target.put(writer.trailer());
      target.done();
    }
    return count;
  }

  private long copyTo(Statement.Copy copy, CopyOptions options, ResponseSink sink) {
    if (copy.change() != null) {
      return copyChanged(copy, options, sink);
    }
    Query query = copy.query() != null ? copy.query() : wholeTable(copy);
    return executor.inStatement(
        true,
        store -> {
          PreparedPlan plan = session.engine().planner().plan(query, session.names());
          executor.authorize(plan);
          List<String> names = new ArrayList<>();
          List<PgType> types = new ArrayList<>();
          plan.columns()
              .forEach(
                  column -> {
                    names.add(column.name());
                    types.add(column.type());
                  });
          CopyWriter writer = writer(options, names, types);
          Execution x =
              executor.execution(plan.values(new Object[0], null, session.context()), store);
          long count = 0;
          try (RowSource rows = plan.root().open(x);
              CopyTarget target = target(copy, sink)) {
            Object[] row = rows.next();
            target.begin(options.format() == CopyOptions.Format.BINARY, types.size());
            target.put(writer.header());
            for (; row != null; row = rows.next()) {
              target.put(writer.row(row));
              if ((++count & 0x3f) == 0) {
                session.interrupts().check();
              }
            }
            target.put(writer.trailer());
            target.done();
          }
          return count;
        });
  }

  private static CopyTarget target(Statement.Copy copy, ResponseSink sink) {
    return copy.end() == Statement.CopyEnd.FILE
        ? CopyTarget.file(copy.file())
        : CopyTarget.client(sink);
  }

  private CopyWriter writer(CopyOptions options, List<String> names, List<PgType> types) {
    return new CopyWriter(options, names, types, session.context(), session.clientEncoding());
  }

  private Query wholeTable(Statement.Copy copy) {
    TableDescriptor table = session.names().table(copy.table());
    if (table.isView()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "cannot copy from view \"" + table.name() + "\"")
          .hint("Try the COPY (SELECT ...) TO variant.");
    }
    if (table.isPartitioned()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "cannot copy from partitioned table \"" + table.name() + "\"")
          .hint("Try the COPY (SELECT ...) TO variant.");
    }
    int pos = copy.pos();
    List<Query.Target> targets = new ArrayList<>();
    for (Column column : columns(table, copy.columns())) {
      targets.add(
          new Query.Target(new Expr.ColumnRef(List.of(column.name()), false, pos), null, pos));
    }
    TableRef from = new TableRef.TableName(copy.table(), true, null, null, pos);
    return Query.of(
        new Query.SelectCore(
            false,
            List.of(),
            targets,
            List.of(from),
            null,
            false,
            List.of(),
            null,
            List.of(),
            pos));
  }

  // ---- from the client

  private long copyFrom(Statement.Copy copy, CopyOptions options, ResponseSink sink) {
    if (session.settings().getBoolean("transaction_read_only")) {
      throw StatementExecutor.readOnly("COPY FROM");
    }
    TableDescriptor named = session.names().table(copy.table());
    if (named.isView()) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "cannot copy to view \"" + named.name() + "\"");
    }
    // The client's data can be read once only: a restart is told before any of it is asked for.
    return executor.inStatement(
        false,
        store -> {
          TableDescriptor table = session.names().table(copy.table());
          List<Column> columns = columns(table, copy.columns());
          new Access(
                  Target.of(table),
                  0,
                  Privilege.INSERT.bit(),
                  List.of(),
                  columns.stream().map(Column::number).toList(),
                  List.of())
              .require(session.rights(), session.currentUser().oid());
          boolean fresh = transactions.createdHere(table.oid());
          if (StatementPlanner.isTemporary(table, session.names())) {
            transactions.temporaryUsed();
          }
          WriteTarget target = session.engine().planner().target(table, session.names(), fresh);
          Defaults defaults = new Defaults(table, columns);
          Execution x = executor.execution(defaults.slots, store);
          Eval where = copy.where() == null ? null : condition(copy.where(), table);
          Function<ResponseSink.CopySource, Long> read =
              source -> {
                WriteTarget.Rows rows = target.writer(x);
                return options.format() == CopyOptions.Format.BINARY
                    ? binary(source, columns, defaults, where, x, rows)
                    : text(source, options, table, columns, defaults, where, x, rows);
              };
          if (copy.end() != Statement.CopyEnd.FILE) {
            boolean binary = options.format() == CopyOptions.Format.BINARY;
            return read.apply(sink.copyIn(binary, columns.size()));
          }
          try (ServerFiles.Source source = ServerFiles.read(copy.file(), session)) {
            return read.apply(source);
          }
        });
  }

  private Eval condition(Expr expr, TableDescriptor table) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    var names = session.names();
    Analyzer.Expression analyzed = new Analyzer(names, cluster, new int[0]).condition(expr, table);
    Eval compiled =
        new QueryPlanner(
                cluster, new SlotTable(analyzed.slots()), names.catalog(), session.context(), null)
            .compile(List.of(analyzed.node()))[0];
    Object[] slots = PreparedCommands.constants(analyzed.slots());
    return (row, x) -> compiled.eval(row, executor.execution(slots, x.transaction()));
  }

  /// What the columns that the data leaves out get.
  private final class Defaults {
    final int width;
    final int[] places;
    final Eval[] values;
    final Object[] slots;

    Defaults(TableDescriptor table, List<Column> given) {
      List<Column> live = table.liveColumns();
      width = live.size();
      places = new int[given.size()];
      for (int i = 0; i < places.length; i++) {
        places[i] = live.indexOf(given.get(i));
      }
      RelOptCluster cluster = QueryPlanner.newCluster();
      var names = session.names();
      Analyzer analyzer = new Analyzer(names, cluster, new int[0]);
      Analyzer.Defaults analyzed = analyzer.defaults(table, Set.copyOf(given));
      Eval[] compiled =
          new QueryPlanner(
                  cluster,
                  new SlotTable(analyzed.slots()),
                  names.catalog(),
                  session.context(),
                  null)
              .compile(analyzed.values());
      values = new Eval[width];
      for (int i = 0; i < compiled.length; i++) {
        values[analyzed.places().get(i)] = compiled[i];
      }
      slots = PreparedCommands.constants(analyzed.slots());
    }

    Object[] row(Execution x) {
      Object[] row = new Object[width];
      for (int i = 0; i < width; i++) {
        if (values[i] != null) {
          row[i] = values[i].eval(row, x);
        }
      }
      return row;
    }
  }

  private long binary(
      ResponseSink.CopySource source,
      List<Column> columns,
      Defaults defaults,
      Eval where,
      Execution x,
      WriteTarget.Rows rows) {
    List<PgType> types = new ArrayList<>();
    columns.forEach(column -> types.add(Types.byOid(column.typeOid())));
    BinaryCopyReader reader = new BinaryCopyReader(source::next, types, session.clientEncoding());
    long count = 0;
    for (Object[] values = reader.next(); values != null; values = reader.next()) {
      Object[] row = defaults.row(x);
      for (int i = 0; i < values.length; i++) {
        row[defaults.places[i]] =
            values[i] == null
                ? null
                : types.get(i).codec().coerceTypmod(values[i], columns.get(i).typmod(), false);
        row[defaults.places[i]] = checked(types.get(i), row[defaults.places[i]]);
      }
      if (where == null || where.holds(row, x)) {
        rows.insert(row);
        count++;
      }
    }
    rows.finish();
    return count;
  }

  private long text(
      ResponseSink.CopySource source,
      CopyOptions options,
      TableDescriptor table,
      List<Column> columns,
      Defaults defaults,
      Eval where,
      Execution x,
      WriteTarget.Rows rows) {
    Encoding encoding = options.encoding() == null ? session.clientEncoding() : options.encoding();
    CopyReader reader = new CopyReader(options, Utf8Source.of(encoding, source::next));
    PgType[] types = new PgType[columns.size()];
    int[] typmods = new int[types.length];
    NullRule[] isNull = new NullRule[types.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = Types.byOid(columns.get(i).typeOid());
      typmods[i] = columns.get(i).typmod();
      isNull[i] = nullRule(columns.get(i).name(), options);
    }
    long count = 0;
    int column = -1;
    try {
      if (options.header() && reader.next() && options.headerMatch()) {
        requireHeader(reader, columns);
      }
      while (reader.next()) {
        if ((count & 0xff) == 0) {
          session.interrupts().check();
        }
        column = -1;
        if (reader.fields() > types.length) {
          throw new SqlException(
              SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column");
        }
        if (reader.fields() < types.length) {
          throw new SqlException(
              SqlState.BAD_COPY_FILE_FORMAT,
              "missing data for column \"" + columns.get(reader.fields()).name() + "\"");
        }
        Object[] row = defaults.row(x);
        for (int i = 0; i < types.length; i++) {
          column = i;
          Object value =
              isNull[i].holds(reader, i)
                  ? null
                  : reader.value(i, types[i].codec(), typmods[i], session.context());
          row[defaults.places[i]] = types[i].hasRules() ? checked(types[i], value) : value;
        }
        column = -1;
        if (where == null || where.holds(row, x)) {
          rows.insert(row);
          count++;
        }
      }
      column = -1;
      rows.finish();
      return count;
    } catch (SqlException e) {
      throw e.with(SqlException.Field.WHERE, where(table, columns, reader, column));
    }
  }

  private Object checked(PgType type, Object value) {
    if (!type.hasRules()) {
      return value;
    }
    Object fitting =
        value == null || type.domainTypmod() < 0
            ? value
            : type.codec().coerceTypmod(value, type.domainTypmod(), false);
    return session.context().checked(type, fitting);
  }

  /// Which fields of a column are null.
  @FunctionalInterface
  private interface NullRule {
    boolean holds(CopyReader reader, int field);
  }

  private static NullRule nullRule(String column, CopyOptions options) {
    boolean forceNull = options.forceNull().contains(column);
    if (options.forceNotNull().contains(column)) {
      return forceNull ? CopyReader::isQuotedNull : (_, _) -> false;
    }
    return forceNull
        ? (reader, field) -> reader.isNull(field) || reader.isQuotedNull(field)
        : CopyReader::isNull;
  }

  private static void requireHeader(CopyReader header, List<Column> columns) {
    if (header.fields() != columns.size()) {
      throw new SqlException(
          SqlState.BAD_COPY_FILE_FORMAT,
          "wrong number of fields in header line: got "
              + header.fields()
              + ", expected "
              + columns.size());
    }
    for (int i = 0; i < columns.size(); i++) {
      String found = header.text(i);
      if (header.isNull(i) || !columns.get(i).name().equals(found)) {
        throw new SqlException(
            SqlState.BAD_COPY_FILE_FORMAT,
            "column name mismatch in header line field "
                + (i + 1)
                + ": got "
                + (header.isNull(i) ? "null value (\"" + found + "\")" : "\"" + found + "\"")
                + ", expected \""
                + columns.get(i).name()
                + "\"");
      }
    }
  }

  private static String where(
      TableDescriptor table, List<Column> columns, CopyReader reader, int column) {
    String at = "COPY " + table.name() + ", line " + reader.line();
    if (column >= 0) {
      String value = reader.isNull(column) ? null : reader.text(column);
      return at
          + ", column "
          + columns.get(column).name()
          + ": "
          + (value == null ? "null input" : shown(value));
    }
    String text = reader.lineText();
    return text == null ? at : at + ": " + shown(text);
  }

  private static String shown(String text) {
    return "\"" + (text.length() > 100 ? text.substring(0, 100) + "..." : text) + "\"";
  }
}
