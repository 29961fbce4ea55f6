package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/// A column of what a function in FROM returns.
record FunctionColumn(String name, RelDataType type) {
  RowAnalyzer.Field field() {
    return new RowAnalyzer.Field(name, type);
  }

  static boolean isRow(RexNode call) {
    return Analysis.typeOf(call).baseType().isRow();
  }

  static String uniqueName(String name, int at) {
    return at == 0 ? name : name + "\u0000" + at;
  }

  static String plainName(String name) {
    int end = name.indexOf('\u0000');
    return end < 0 ? name : name.substring(0, end);
  }

  /// @param name what the column of a function is called that returns one value
  /// @param definitions the columns that the query declares
  static List<FunctionColumn> of(
      Names names,
      RexNode call,
      String name,
      List<TableRef.ColumnDefinition> definitions,
      TableRef.FunctionTable ref) {
    PgType type = Analysis.typeOf(call);
    if (type != Types.RECORD && type.baseType().isRow() && definitions.isEmpty()) {
      List<FunctionColumn> columns = new ArrayList<>();
      List<RowAnalyzer.Field> fields = RowAnalyzer.fieldsOf(call.getType());
      if (fields == null) {
        throw SqlException.notSupported("rows of type " + type.displayName() + " in FROM")
            .at(ref.pos());
      }
      for (RowAnalyzer.Field field : fields) {
        columns.add(new FunctionColumn(field.name(), field.type()));
      }
      return columns;
    }
    if (type != Types.RECORD) {
      if (!definitions.isEmpty()) {
        throw new SqlException(
                SqlState.SYNTAX_ERROR,
                "a column definition list is only allowed for functions returning \"record\"")
            .at(definitions.getFirst().pos());
      }
      // A function with one OUT argument calls its column by that.
      var single = procOf(call);
      boolean named = single != null && single.outputTypes().length == 1;
      return List.of(
          new FunctionColumn(named ? single.outputNames().getFirst() : name, call.getType()));
    }
    List<FunctionColumn> fields = new ArrayList<>();
    if (!definitions.isEmpty()) {
      for (TableRef.ColumnDefinition definition : definitions) {
        Names.TypeReference column = names.type(definition.type());
        fields.add(
            new FunctionColumn(
                definition.name(), PgTypeFactory.of(column.type(), column.typmod())));
      }
      return fields;
    }
    ResolvedCall resolved = callOf(call);
    if (resolved != null && !resolved.outputs().isEmpty()) {
      List<String> outputs = resolved.proc().outputNames();
      for (int i = 0; i < outputs.size(); i++) {
        fields.add(new FunctionColumn(outputs.get(i), PgTypeFactory.of(resolved.outputs().get(i))));
      }
      return fields;
    }
    List<RowAnalyzer.Field> known = RowAnalyzer.fieldsOf(call.getType());
    if (known != null) {
      known.forEach(field -> fields.add(new FunctionColumn(field.name(), field.type())));
      return fields;
    }
    throw new SqlException(
            SqlState.SYNTAX_ERROR,
            "a column definition list is required for functions returning \"record\"")
        .at(ref.pos());
  }

  /// The function that an expression calls, or null.
  private static ProcInfo procOf(RexNode call) {
    ResolvedCall resolved = callOf(call);
    return resolved == null ? null : resolved.proc();
  }

  private static ResolvedCall callOf(RexNode call) {
    if (call instanceof RexCall rexCall && rexCall.getOperator() instanceof PgCall pgCall) {
      return switch (pgCall.operation()) {
        case Operation.SetReturning set -> set.call();
        case Operation.Function function -> function.call();
        default -> null;
      };
    }
    return null;
  }
}
