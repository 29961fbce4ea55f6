package io.trencadis.sql.deparse;

import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.Trace;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// Writes FROM clauses.
final class FromPrinter {
  private final Names names;
  private final Trace trace;
  private final Frames frames;
  private final QueryPrinter queries;
  private final Output out;
  private final boolean pretty;

  FromPrinter(Names names, Trace trace, Frames frames, QueryPrinter queries, boolean pretty) {
    this.names = names;
    this.trace = trace;
    this.frames = frames;
    this.queries = queries;
    this.out = queries.out();
    this.pretty = pretty;
  }

  /// The names by which the items of a FROM clause go, in their order.
  static List<String> itemNames(List<TableRef> refs) {
    List<String> found = new ArrayList<>();
    refs.forEach(ref -> addNames(ref, found));
    return found;
  }

  private static void addNames(TableRef ref, List<String> found) {
    if (ref instanceof TableRef.Join join) {
      addNames(join.left(), found);
      addNames(join.right(), found);
      if (join.alias() != null) {
        found.add(join.alias().name());
      }
    } else {
      found.add(name(ref));
    }
  }

  private static String name(TableRef ref) {
    return switch (ref) {
      case TableRef.TableName table ->
          table.alias() != null ? table.alias().name() : table.name().name();
      case TableRef.SubqueryTable subquery ->
          subquery.alias() == null ? "" : subquery.alias().name();
      case TableRef.FunctionTable function ->
          function.alias() != null
              ? function.alias().name()
              : function.functions().getFirst().call() instanceof Expr.FunctionCall call
                  ? call.name().name()
                  : "";
      case TableRef.Join _ -> throw new IllegalStateException("a join has no name");
    };
  }

  static String columns(List<String> names) {
    return "(" + list(names) + ")";
  }

  static String list(List<String> names) {
    StringJoiner all = new StringJoiner(", ");
    names.forEach(name -> all.add(Identifiers.quote(name)));
    return all.toString();
  }

  void from(List<TableRef> refs) {
    for (int i = 0; i < refs.size(); i++) {
      TableRef ref = refs.get(i);
      if (i == 0) {
        out.line(" FROM ", -Output.STEP, Output.STEP, 2);
        item(ref);
        continue;
      }
      out.add(", ");
      String text = out.apart(() -> item(ref));
      if (text.startsWith("\n")) {
        out.trim();
      } else if (out.lineLength() + text.length() > queries.wrap()) {
        out.line("", -Output.STEP, Output.STEP, 4);
      }
      out.add(text);
    }
  }

  private void item(TableRef ref) {
    switch (ref) {
      case TableRef.TableName table -> table(table);
      case TableRef.SubqueryTable subquery -> {
        out.add(subquery.lateral() ? "LATERAL (" : "(");
        queries.query(subquery.query(), null, true);
        out.add(") " + Identifiers.quote(frames.name(name(subquery))));
        if (!subquery.alias().columns().isEmpty()) {
          out.add(columns(trace.source(subquery).columns()));
        }
      }
      case TableRef.FunctionTable function -> function(function);
      case TableRef.Join join -> join(join);
    }
  }

  private void table(TableRef.TableName ref) {
    Trace.Source source = trace.source(ref);
    String own = ref.name().name();
    out.add(ref.only() ? "ONLY " : "");
    out.add(relation(ref.name(), source.tableOid()));
    String shown = frames.name(name(ref));
    if (ref.alias() != null || !shown.equals(own)) {
      out.add(" " + Identifiers.quote(shown));
    }
    boolean renamed = ref.alias() != null && !ref.alias().columns().isEmpty();
    if (renamed && names.catalog().byOid(source.tableOid()) instanceof TableDescriptor table) {
      renamed = !source.columns().equals(table.liveColumns().stream().map(Column::name).toList());
    }
    out.add(renamed ? columns(source.columns()) : "");
    if (ref.sample() != null) {
      out.add(" TABLESAMPLE " + Identifiers.quote(ref.sample().method().name()) + " (");
      queries.printer().list(queries.builder().all(ref.sample().args()), false);
      out.add(")");
      if (ref.sample().seed() != null) {
        out.add(" REPEATABLE (");
        queries.printer().print(queries.builder().as(ref.sample().seed()), false);
        out.add(")");
      }
    }
  }

  /// A relation's name, with its schema where the search path leads elsewhere.
  private String relation(QualifiedName written, int oid) {
    Descriptor meant = oid == 0 ? null : names.catalog().byOid(oid);
    int schema =
        switch (meant) {
          case TableDescriptor table -> table.schemaOid();
          case SequenceDescriptor sequence -> sequence.schemaOid();
          case null, default -> 0;
        };
    String own = Identifiers.quote(written.name());
    if (schema == 0) {
      return "information_schema".equals(written.schema()) ? "information_schema." + own : own;
    }
    QualifiedName bare = QualifiedName.of(written.name(), -1);
    boolean visible =
        names.findSystemView(bare) == null
            && names.findRelation(bare) != null
            && names.findRelation(bare).oid() == oid;
    return visible || !(names.catalog().byOid(schema) instanceof SchemaDescriptor of)
        ? own
        : Identifiers.quote(of.name()) + "." + own;
  }

  private void function(TableRef.FunctionTable ref) {
    out.add(ref.lateral() ? "LATERAL " : "");
    frames.enter(List.of());
    try {
      calls(ref);
    } finally {
      frames.leave();
    }
    out.add(ref.withOrdinality() ? " WITH ORDINALITY" : "");
    out.add(" " + Identifiers.quote(frames.name(name(ref))));
    out.add(
        ref.columns().isEmpty()
            ? columns(trace.source(ref).columns())
            : definitions(ref.columns()));
  }

  private void calls(TableRef.FunctionTable ref) {
    List<TableRef.RowFunction> functions = ref.functions();
    boolean arrays =
        functions.stream().allMatch(each -> isUnnest(each.call()) && each.columns().isEmpty());
    if (functions.size() == 1 && functions.getFirst().columns().isEmpty()) {
      Expr call = functions.getFirst().call();
      if (!arrays || ((Expr.FunctionCall) call).args().size() == 1) {
        queries.printer().print(call(call), true);
        return;
      }
    }
    out.add(arrays ? "UNNEST(" : "ROWS FROM(");
    for (int i = 0; i < functions.size(); i++) {
      TableRef.RowFunction each = functions.get(i);
      out.add(i == 0 ? "" : ", ");
      if (isUnnest(each.call())) {
        // Several arrays are several calls.
        List<Expr.Argument> args = ((Expr.FunctionCall) each.call()).args();
        for (int j = 0; j < args.size(); j++) {
          out.add((j == 0 ? "" : ", ") + (arrays ? "" : "unnest("));
          queries.printer().print(queries.builder().as(args.get(j).value()), true);
          out.add(arrays ? "" : ")");
        }
      } else {
        queries.printer().print(call(each.call()), true);
        out.add(each.columns().isEmpty() ? "" : " AS " + definitions(each.columns()));
      }
    }
    out.add(")");
  }

  private Tree call(Expr expr) {
    if (!(expr instanceof Expr.FunctionCall call)) {
      throw new TreeBuilder.Unwritable("an expression in FROM that is no call");
    }
    return queries.builder().as(call);
  }

  private static boolean isUnnest(Expr expr) {
    return expr instanceof Expr.FunctionCall call && call.name().name().equals("unnest");
  }

  private String definitions(List<TableRef.ColumnDefinition> columns) {
    StringJoiner all = new StringJoiner(", ", "(", ")");
    for (TableRef.ColumnDefinition column : columns) {
      Names.TypeReference type = names.type(column.type());
      all.add(
          Identifiers.quote(column.name())
              + " "
              + Types.formatType(type.type().oid(), type.typmod()));
    }
    return all.toString();
  }

  private void join(TableRef.Join join) {
    List<String> using = join.natural() ? common(join) : join.using();
    boolean enclosed = !pretty || join.alias() != null;
    out.add(enclosed ? "(" : "");
    item(join.left());
    boolean conditional = join.on() != null || !using.isEmpty();
    String word =
        switch (join.kind()) {
          case CROSS, INNER -> conditional ? " JOIN " : " CROSS JOIN ";
          case LEFT -> " LEFT JOIN ";
          case RIGHT -> " RIGHT JOIN ";
          case FULL -> " FULL JOIN ";
        };
    out.line(word, -Output.STEP, Output.STEP, 4);
    boolean right = pretty && join.right() instanceof TableRef.Join inner && inner.alias() == null;
    out.add(right ? "(" : "");
    item(join.right());
    out.add(right ? ")" : "");
    if (!using.isEmpty()) {
      out.add(" USING " + columns(using));
      out.add(join.usingAlias() == null ? "" : " AS " + Identifiers.quote(join.usingAlias()));
    } else if (join.on() != null) {
      out.add(pretty ? " ON " : " ON (");
      queries.printer().print(queries.builder().as(join.on()), false);
      out.add(pretty ? "" : ")");
    } else if (!conditional && !word.equals(" CROSS JOIN ")) {
      out.add(" ON TRUE");
    }
    out.add(enclosed ? ")" : "");
    if (join.alias() != null) {
      out.add(" " + Identifiers.quote(frames.name(join.alias().name())));
      out.add(join.alias().columns().isEmpty() ? "" : columns(trace.source(join).columns()));
    }
  }

  /// The columns that NATURAL joins by.
  private List<String> common(TableRef.Join join) {
    List<String> right = visible(join.right());
    return visible(join.left()).stream().filter(right::contains).distinct().toList();
  }

  private List<String> visible(TableRef ref) {
    if (!(ref instanceof TableRef.Join join) || join.alias() != null) {
      return trace.source(ref).columns();
    }
    List<String> merged = join.natural() ? common(join) : join.using();
    List<String> all = new ArrayList<>(merged);
    visible(join.left()).stream().filter(name -> !merged.contains(name)).forEach(all::add);
    visible(join.right()).stream().filter(name -> !merged.contains(name)).forEach(all::add);
    return all;
  }
}
