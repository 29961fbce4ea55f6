package io.trencadis.sql.deparse;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.analyze.Trace;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Writes kept expressions and queries as PostgreSQL shows them. What it cannot write, because a
/// construct is not known here or because what the text names is gone, it shows as it is kept. For
/// one reader; not thread-safe.
public final class Deparser {
  private final Names names;
  private final boolean pretty;

  /// @param reader the names of whoever reads: schemas on their path are left out
  /// @param pretty whether parentheses that change nothing are left out
  public Deparser(Names reader, boolean pretty) {
    this.names = reader.unguarded();
    this.pretty = pretty;
  }

  /// A written expression.
  ///
  /// @param call whether it looks like a call, which needs no parentheses of its own
  /// @param collation the collation that it has by COLLATE, which is not in the text; else null
  public record Written(String text, boolean call, String collation) {
    /// The expression as a part of an index or of a partition key.
    public String asPart() {
      return (call ? text : "(" + text + ")") + (collation == null ? "" : " COLLATE " + collation);
    }

    /// The same for whoever asks for the collation elsewhere.
    public Written withoutCollation() {
      return new Written(text, call, null);
    }

    private Written(String text, boolean call) {
      this(text, call, null);
    }
  }

  /// What a column gets where nothing is given, or what it is computed from.
  public String defaultOf(TableDescriptor table, Column column) {
    PgType type = Types.byOid(column.typeOid());
    return written(
            column.defaultText(),
            List.of(table.oid(), column.number(), column.typeOid(), column.typmod()),
            (analyzer, expr) -> {
              if (column.generated()) {
                analyzer.generation(expr, table, column);
              } else {
                analyzer.value(expr, column.name(), type, column.typmod());
              }
            })
        .text();
  }

  /// The default of a domain.
  public String value(String text, PgType type, int typmod) {
    return written(
            text,
            List.of(type.oid(), typmod),
            (analyzer, expr) -> analyzer.value(expr, "", type, typmod))
        .text();
  }

  /// A condition over a table's columns: of a CHECK or of a partial index.
  public String condition(TableDescriptor table, String text) {
    return written(text, table.oid(), (analyzer, expr) -> analyzer.condition(expr, table)).text();
  }

  /// The condition of a domain.
  public String rule(TypeDescriptor domain, String text) {
    return written(
            text,
            domain.oid(),
            new Frames("VALUE"),
            (analyzer, expr) -> analyzer.condition(expr, domain.valueRow()))
        .text();
  }

  /// An expression over a table's columns that an index or a partition key has.
  public Written expression(TableDescriptor table, String text) {
    Expr expr = SqlParser.parseExpression(text);
    Written whole =
        written(
            text, List.of("part", table.oid()), (analyzer, each) -> analyzer.anything(each, table));
    if (!(expr instanceof Expr.Collate collate)) {
      return whole;
    }
    // The collation is said of the part, and not in its expression.
    String collation = Identifiers.quote(collate.collation().name());
    String inner = whole.text().replaceAll("^\\(|\\)$", "");
    String suffix = " COLLATE " + collation;
    if (!inner.endsWith(suffix)) {
      return whole;
    }
    Expr operand = collate.operand();
    return new Written(
        inner.substring(0, inner.length() - suffix.length()),
        operand instanceof Expr.ColumnRef || operand instanceof Expr.FunctionCall,
        collation);
  }

  /// An expression that is shown already, once more: without the parentheses it has.
  ///
  /// @param table whose columns it names; null for none
  public String again(TableDescriptor table, String text) {
    return written(
            text,
            List.of("again", table == null ? 0 : table.oid()),
            (analyzer, expr) -> {
              if (table == null) {
                analyzer.value(expr);
              } else {
                analyzer.anything(expr, table);
              }
            })
        .text();
  }

  /// A view's query, without a semicolon.
  ///
  /// @param columns the view's, which may have got other names than the query gives them
  /// @param wrap how many characters a line may have before the next column begins another
  public String query(String text, List<String> columns, int wrap) {
    return once(text, List.of("query", columns, wrap), () -> written(text, columns, wrap)).text();
  }

  private Written written(String text, List<String> columns, int wrap) {
    try {
      Query query = SqlParser.parseQuery(text);
      Analyzer analyzer = new Analyzer(names, QueryPlanner.newCluster(), new int[0]);
      Trace trace = analyzer.traced();
      analyzer.analyze(query);
      QueryPrinter printer = new QueryPrinter(names, trace, new Frames(true), pretty, wrap);
      printer.query(query, columns, true);
      return new Written(printer.out().toString(), false);
    } catch (SqlException | TreeBuilder.Unwritable e) {
      return new Written(" " + StoredText.shownQuery(names, text).strip(), false);
    }
  }

  /// What analyzes an expression in its place.
  private interface Place {
    void analyze(Analyzer analyzer, Expr expr);
  }

  private Written written(String text, Object owner, Place place) {
    return written(text, owner, new Frames(false), place);
  }

  private Written written(String text, Object owner, Frames frames, Place place) {
    return once(text, owner, () -> analyzed(text, frames, place));
  }

  /// What is written of a text, which is remembered as long as the catalog is the same.
  ///
  /// @param owner what the text is of
  private Written once(String text, Object owner, Supplier<Written> writes) {
    TypeContext settings = names.context();
    List<Object> key =
        List.of(
            text,
            owner,
            pretty,
            names.databaseOid(),
            names.searchPath(),
            settings.dateOrder(),
            settings.dateStyle(),
            settings.intervalStyle(),
            settings.timeZone());
    Map<List<Object>, Written> known = WrittenTexts.of(names.catalog());
    Written before = known.get(key);
    if (before != null) {
      return before;
    }
    Written now = writes.get();
    known.put(key, now);
    return now;
  }

  private Written analyzed(String text, Frames frames, Place place) {
    Expr expr;
    try {
      expr = SqlParser.parseExpression(text);
    } catch (SqlException e) {
      return new Written(text, false);
    }
    try {
      Analyzer analyzer = new Analyzer(names, QueryPlanner.newCluster(), new int[0]);
      Trace trace = analyzer.traced();
      place.analyze(analyzer, expr);
      Tree tree = new TreeBuilder(names, trace, frames).as(expr);
      Output out = new Output();
      Consumer<Query> inner =
          _ -> {
            throw new TreeBuilder.Unwritable("a query in an expression");
          };
      new TreePrinter(out, pretty, inner).print(tree, false);
      return new Written(out.toString(), isCall(tree));
    } catch (SqlException | TreeBuilder.Unwritable e) {
      String kept = StoredText.shownExpression(names, text);
      boolean alone = expr instanceof Expr.FunctionCall || expr instanceof Expr.ColumnRef;
      return new Written(
          pretty || alone || isEnclosed(kept) ? kept : "(" + kept + ")",
          expr instanceof Expr.FunctionCall);
    }
  }

  private static boolean isCall(Tree tree) {
    return tree instanceof Tree.Call
        || tree instanceof Tree.Syntax
        || tree instanceof Tree.Listing
        || tree instanceof Tree.Word
        || tree instanceof Tree.Aggregate;
  }

  /// Whether the first parenthesis is closed by the last one.
  private static boolean isEnclosed(String text) {
    if (!text.startsWith("(") || !text.endsWith(")")) {
      return false;
    }
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0 && i < text.length() - 1) {
        return false;
      }
    }
    return true;
  }
}
