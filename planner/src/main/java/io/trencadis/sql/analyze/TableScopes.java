package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ColumnStatistics;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.rel.ColumnFigures;
import io.trencadis.sql.rel.IndexTerms;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rex.RexNode;

/// Scopes and expressions over one row of a table's live columns.
final class TableScopes {
  private TableScopes() {}

  /// The stored tables that a table's rows are in, which the statement depends on with all that is
  /// between them.
  ///
  /// @param only whether descendants are left out
  static List<TableDescriptor> leaves(Analysis analysis, TableDescriptor table, boolean only) {
    analysis.tables().add(table);
    if (only) {
      return table.isPartitioned() ? List.of() : List.of(table);
    }
    addFamily(analysis, table);
    return analysis.names().family(table);
  }

  private static void addFamily(Analysis analysis, TableDescriptor table) {
    for (TableDescriptor child : analysis.names().catalog().childrenOf(table.oid())) {
      analysis.tables().add(child);
      addFamily(analysis, child);
    }
  }

  /// The table's columns as the first columns of a row.
  static Scope row(Analysis analysis, TableDescriptor table, String alias) {
    return row(analysis, table, alias, null);
  }

  /// @param alias null where the table goes by its own name
  /// @param access what to tell which columns are read, or null
  static Scope row(Analysis analysis, TableDescriptor table, String alias, TableAccess access) {
    List<Scope.Column> columns = columns(analysis, table, access);
    Scope scope = scope(item(analysis, table, alias, columns, null));
    Set<Integer> generated = new HashSet<>();
    for (int place = 0; place < columns.size(); place++) {
      if (table.liveColumns().get(place).generated()) {
        generated.add(place);
      }
    }
    scope.generated(generated);
    return scope;
  }

  /// A table or view that a statement changes, as what its expressions may name.
  ///
  /// @param alias null where it goes by its own name, which its schema may stand before
  static Scope.Item item(
      Analysis analysis,
      TableDescriptor table,
      String alias,
      List<Scope.Column> columns,
      RexNode locator) {
    String schema =
        alias == null
                && analysis.names().catalog().byOid(table.schemaOid()) instanceof SchemaDescriptor s
            ? s.name()
            : null;
    return new Scope.Item(
        schema, alias == null ? table.name() : alias, columns, locator, table.oid(), false);
  }

  static Scope scope(Scope.Item item) {
    return new Scope(List.of(item), item.columns(), null);
  }

  static List<Scope.Column> columns(Analysis analysis, TableDescriptor table) {
    return columns(analysis, table, null);
  }

  /// @param access what to tell which columns are read, or null
  static List<Scope.Column> columns(Analysis analysis, TableDescriptor table, TableAccess access) {
    List<Scope.Column> columns = new ArrayList<>();
    List<Column> live = table.liveColumns();
    for (int i = 0; i < live.size(); i++) {
      Column column = live.get(i);
      columns.add(
          new Scope.Column(
              column.name(),
              analysis.rex().makeInputRef(PgTypeFactory.of(column), i),
              table.oid(),
              column.number(),
              access));
    }
    return columns;
  }

  /// The conditions of the table's CHECK constraints, which are looked at by their names' order.
  static List<Analyzed.NamedCheck> checks(Analysis analysis, TableDescriptor table) {
    List<Analyzed.NamedCheck> checks = new ArrayList<>();
    Scope scope = row(analysis, table, table.name());
    List<CheckConstraint> sorted = new ArrayList<>(table.checks());
    sorted.sort(Comparator.comparing(CheckConstraint::name));
    for (CheckConstraint check : sorted) {
      ExpressionAnalyzer expressions =
          new ExpressionAnalyzer(analysis, null, scope, null, ExpressionAnalyzer.Clause.CHECK);
      Expr expr = SqlParser.parseExpression(check.text());
      checks.add(
          new Analyzed.NamedCheck(
              check.name(), stored(analysis, () -> expressions.condition(expr)), false));
    }
    return checks;
  }

  /// What the indexes of tables compute, by oid. Their constants become those of the statement, so
  /// that conditions can be compared with them.
  static Map<Integer, IndexTerms> indexTerms(Analysis analysis, List<TableDescriptor> tables) {
    Map<Integer, IndexTerms> terms = new HashMap<>();
    for (TableDescriptor table : tables) {
      for (IndexDescriptor index : table.indexes()) {
        if (!index.isPlain()) {
          terms.put(index.oid(), indexTerms(analysis, table, index));
        }
      }
    }
    return terms;
  }

  /// What an index computes from a row of the table's live columns.
  static IndexTerms indexTerms(Analysis analysis, TableDescriptor table, IndexDescriptor index) {
    Scope scope = row(analysis, table, table.name());
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(analysis, null, scope, null, ExpressionAnalyzer.Clause.INDEX);
    List<RexNode> computed = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      if (part.expression() != null) {
        computed.add(term(analysis, expressions, part.expression()));
      }
    }
    RexNode predicate = null;
    if (index.predicate() != null) {
      Expr expr = SqlParser.parseExpression(index.predicate().text());
      predicate = stored(analysis, () -> expressions.booleanOperand(expr, "argument of WHERE"));
    }
    return new IndexTerms(computed, predicate);
  }

  private static RexNode term(
      Analysis analysis, ExpressionAnalyzer expressions, IndexExpression term) {
    Expr expr = SqlParser.parseExpression(term.text());
    PgType type = Types.byOid(term.typeOid());
    return stored(analysis, () -> expressions.coerce(expressions.analyze(expr), type, -1));
  }

  /// The expressions of a partitioned table's key.
  static List<RexNode> partitionTerms(Analysis analysis, TableDescriptor table) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis,
            null,
            row(analysis, table, table.name()),
            null,
            ExpressionAnalyzer.Clause.PARTITION);
    List<RexNode> terms = new ArrayList<>();
    for (IndexExpression each : table.partitioning().expressions()) {
      terms.add(term(analysis, expressions, each));
    }
    return terms;
  }

  /// What the generated columns are computed from, by place; null for the others.
  static List<RexNode> generated(Analysis analysis, TableDescriptor table) {
    List<RexNode> all = noGenerated(table);
    List<Column> live = table.liveColumns();
    for (int place = 0; place < all.size(); place++) {
      Column column = live.get(place);
      if (column.generated()) {
        ExpressionAnalyzer expressions =
            new ExpressionAnalyzer(
                analysis,
                null,
                row(analysis, table, table.name()),
                null,
                ExpressionAnalyzer.Clause.GENERATED);
        Expr expr = SqlParser.parseExpression(column.defaultText());
        all.set(
            place,
            stored(
                analysis,
                () ->
                    expressions
                        .conversions()
                        .assign(
                            expressions.analyze(expr),
                            column.name(),
                            Types.byOid(column.typeOid()),
                            column.typmod(),
                            -1)));
      }
    }
    return all;
  }

  /// What [#generated] is where nothing is computed.
  static List<RexNode> noGenerated(TableDescriptor table) {
    return new ArrayList<>(Collections.nCopies(table.liveColumns().size(), null));
  }

  /// The value that a column gets where none is given: its default, the next number of its
  /// sequence, or null.
  static RexNode defaultValue(Analysis analysis, Column column) {
    var type = Types.byOid(column.typeOid());
    String text =
        column.identity() != ' '
            ? "pg_catalog.nextval(" + column.sequenceOid() + "::pg_catalog.regclass)"
            : column.defaultText();
    if (text == null && type.hasRules() && !column.generated()) {
      text = domainDefault(analysis, type);
      if (text == null) {
        return type.isDomain()
            ? new ExpressionAnalyzer(
                    analysis, null, Scope.empty(null), null, ExpressionAnalyzer.Clause.DEFAULT)
                .conversions()
                .checked(analysis.nullOf(type.baseType()), type, CastContext.ASSIGNMENT)
            : analysis.nullOf(type);
      }
    }
    if (text == null || column.generated()) {
      return analysis.nullOf(type);
    }
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, null, Scope.empty(null), null, ExpressionAnalyzer.Clause.DEFAULT);
    Expr expr = SqlParser.parseExpression(text);
    return stored(
        analysis,
        () ->
            expressions
                .conversions()
                .assign(expressions.analyze(expr), column.name(), type, column.typmod(), -1));
  }

  /// The default of a domain, or of the nearest that it is over and that has one; or null.
  private static String domainDefault(Analysis analysis, PgType type) {
    for (PgType at = type; at.isDomain(); at = at.directBase()) {
      TypeDescriptor domain = analysis.names().catalog().types().descriptor(at.oid());
      if (domain != null && domain.defaultText() != null) {
        return domain.defaultText();
      }
    }
    return null;
  }

  /// Analyzes an expression out of the catalog: its literals are not the statement's.
  private static RexNode stored(Analysis analysis, java.util.function.Supplier<RexNode> work) {
    return analysis.withoutLiterals(work);
  }

  /// What is known of the values of a table's live columns, each null where nothing is.
  static ColumnFigures[] figures(Analysis analysis, TableDescriptor table, double rows) {
    List<Column> columns = table.liveColumns();
    ColumnFigures[] figures = new ColumnFigures[columns.size()];
    StatisticsDescriptor known = StatisticsDescriptor.of(analysis.names().catalog(), table);
    for (int i = 0; known != null && i < figures.length; i++) {
      ColumnStatistics found = known.columnNumbered(columns.get(i).number());
      figures[i] =
          found == null
              ? null
              : new ColumnFigures(found, Types.byOid(columns.get(i).typeOid()), rows);
    }
    return figures;
  }
}
