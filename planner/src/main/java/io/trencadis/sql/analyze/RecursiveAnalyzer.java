package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.WorkTable;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/// Analyzes a WITH query that names itself.
final class RecursiveAnalyzer {
  private final Analysis analysis;
  private final QueryAnalyzer queries;

  RecursiveAnalyzer(Analysis analysis, QueryAnalyzer queries) {
    this.analysis = analysis;
    this.queries = queries;
  }

  QueryAnalyzer.Result analyze(Ctes.Found found) {
    Query.Cte cte = found.cte();
    Query query = ((Statement.Select) cte.statement()).query();
    if (!(query.body() instanceof Query.SetOperation written
        && written.kind() == Query.SetKind.UNION)) {
      throw new SqlException(
              SqlState.INVALID_RECURSION,
              "recursive query \""
                  + cte.name()
                  + "\" does not have the form non-recursive-term UNION [ALL] recursive-term")
          .at(cte.pos());
    }
    requirePlain(query);
    Query.SetOperation operation = written;
    OuterReferences outer = found.outer();
    Ctes around =
        query.with() == null
            ? found.ctes()
            : queries.written(Ctes.with(found.ctes(), query.with(), outer), found.ctes());
    WorkTable table = new WorkTable(cte.name());
    Ctes.Work unknown = new Ctes.Work(table, null, List.of(), true);
    QueryAnalyzer.Result first =
        queries.term(
            operation.left(),
            outer,
            Ctes.working(around, cte, outer, unknown, "its non-recursive term"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.columns().size(); i++) {
      names.add(i < cte.columns().size() ? cte.columns().get(i) : first.columns().get(i).name());
    }
    List<String> hidden = List.of();
    if (cte.search() != null || cte.cycle() != null) {
      SearchCycle clauses = new SearchCycle(cte, names);
      operation = clauses.rewritten(operation);
      hidden = clauses.hidden();
      first = queries.term(operation.left(), outer, around);
    }
    List<QueryAnalyzer.Output> columns = outputs(names);
    RelDataType rowType = first.rel().getRowType();
    Ctes.Work work = new Ctes.Work(table, rowType, columns, outputs(hidden), true);
    QueryAnalyzer.Result second =
        queries.operand(operation.right(), outer, Ctes.working(around, cte, outer, work, null));
    if (second.columns().size() != first.columns().size()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "each UNION query must have the same number of columns")
          .at(QueryAnalyzer.targetPosition(operation.right(), 0));
    }
    List<RelDataType> types = new ArrayList<>();
    for (int i = 0; i < first.columns().size(); i++) {
      types.add(type(cte.name(), operation, first, second, i));
    }
    ShapeRels.Recursive rel =
        new ShapeRels.Recursive(
            analysis.cluster(),
            analysis.cluster().traitSetOf(Convention.NONE),
            first.rel(),
            queries.coerced(second, types),
            table,
            !operation.all());
    List<QueryAnalyzer.Output> outputs = new ArrayList<>();
    first.columns().forEach(output -> outputs.add(new QueryAnalyzer.Output(output.name(), 0, 0)));
    return new QueryAnalyzer.Result(rel, outputs);
  }

  private static List<QueryAnalyzer.Output> outputs(List<String> names) {
    return names.stream().map(name -> new QueryAnalyzer.Output(name, 0, 0)).toList();
  }

  private static void requirePlain(Query query) {
    String offence =
        !query.orderBy().isEmpty()
            ? "ORDER BY"
            : query.offset() != null
                ? "OFFSET"
                : query.limit() != null
                    ? "LIMIT"
                    : !query.locking().isEmpty() ? "FOR UPDATE/SHARE" : null;
    if (offence != null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, offence + " in a recursive query is not implemented")
          .at(
              !query.orderBy().isEmpty()
                  ? query.orderBy().getFirst().pos()
                  : query.offset() != null
                      ? query.offset().pos()
                      : query.limit() != null ? query.limit().pos() : query.pos());
    }
  }

  /// The column's type by the first term, which the second has to fit.
  private static RelDataType type(
      String name,
      Query.SetOperation operation,
      QueryAnalyzer.Result first,
      QueryAnalyzer.Result second,
      int column) {
    PgType left = first.type(column);
    PgType right = second.type(column);
    PgType common;
    try {
      common = Casts.selectCommonType(List.of(left, right), "UNION");
    } catch (SqlException e) {
      throw e.at(QueryAnalyzer.targetPosition(operation.right(), column));
    }
    int leftTypmod = typmod(first, column);
    int typmod =
        right == Types.UNKNOWN || (left == right && leftTypmod == typmod(second, column))
            ? leftTypmod
            : -1;
    if (common != left || typmod != leftTypmod) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "recursive query \""
                  + name
                  + "\" column "
                  + (column + 1)
                  + " has type "
                  + Types.formatType(left, leftTypmod)
                  + " in non-recursive term but type "
                  + Types.formatType(common, typmod)
                  + " overall")
          .at(QueryAnalyzer.targetPosition(operation.left(), column))
          .hint("Cast the output of the non-recursive term to the correct type.");
    }
    return field(first, column).getType();
  }

  private static RelDataTypeField field(QueryAnalyzer.Result result, int column) {
    return result.rel().getRowType().getFieldList().get(column);
  }

  private static int typmod(QueryAnalyzer.Result result, int column) {
    return PgRelType.typmodOf(field(result, column).getType());
  }
}
