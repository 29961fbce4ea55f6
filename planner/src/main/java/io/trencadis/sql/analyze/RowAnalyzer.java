package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.RowField;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/// Analyzes row values: ROW(…), tables as values, and the fields of both.
final class RowAnalyzer {
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;

  RowAnalyzer(Analysis analysis, ExpressionAnalyzer expressions) {
    this.analysis = analysis;
    this.expressions = expressions;
  }

  /// A field of a row type.
  record Field(String name, RelDataType type) {}

  /// The fields that values of a type are known to have; null if it is no row type, or one whose
  /// fields only its values tell.
  static List<Field> fieldsOf(RelDataType type) {
    PgRelType pg = (PgRelType) type;
    PgType base = pg.type().baseType();
    List<Field> fields = new ArrayList<>();
    if (base.isRow() && base.isUsers()) {
      for (int i = 0; i < base.fields().size(); i++) {
        RowField field = base.fields().get(i);
        fields.add(new Field(field.name(), PgTypeFactory.of(base.fieldType(i), field.typmod())));
      }
      return fields;
    }
    for (int i = 0; i < pg.fieldNames().size(); i++) {
      fields.add(new Field(pg.fieldNames().get(i), PgTypeFactory.of(pg.fieldTypes().get(i))));
    }
    return fields.isEmpty() ? null : fields;
  }

  /// The values that a row value is put together from; null if it is not written out.
  static List<RexNode> parts(RexNode node) {
    return node instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && pg.operation() instanceof Operation.RowOf row
            && !row.nullIfEmpty()
        ? call.getOperands()
        : null;
  }

  /// A call of a function that returns records, with the fields that the query declares.
  RexNode returning(RexNode node, List<Field> fields) {
    if (!(node instanceof RexCall call && call.getOperator() instanceof PgCall pg)) {
      return node;
    }
    List<RowField> declared = new ArrayList<>();
    for (Field field : fields) {
      declared.add(
          new RowField(
              field.name(),
              PgRelType.of(field.type()).oid(),
              PgRelType.typmodOf(field.type()),
              declared.size() + 1));
    }
    PgType type = PgType.anonymousRow(declared);
    Operation operation =
        switch (pg.operation()) {
          case Operation.SetReturning set -> new Operation.SetReturning(set.call().returning(type));
          case Operation.Function function ->
              new Operation.Function(function.call().returning(type), function.operator());
          default -> pg.operation();
        };
    return analysis.rex().makeCall(call.getType(), new PgCall(operation), call.getOperands());
  }

  /// `ROW(…)`.
  RexNode row(Expr.Row row) {
    List<RexNode> values = values(row.fields());
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= values.size(); i++) {
      names.add("f" + i);
    }
    return rowOf(names, values, null, false);
  }

  /// Values with rows that end in `.*` replaced by their fields.
  List<RexNode> values(List<Expr> list) {
    List<RexNode> values = new ArrayList<>();
    for (Expr each : list) {
      if (each instanceof Expr.ColumnRef ref && ref.star()) {
        expressions.star(ref).forEach(column -> values.add(column.value()));
      } else if (each instanceof Expr.FieldAccess access && access.field() == null) {
        expand(access).forEach(column -> values.add(column.value()));
      } else {
        values.add(expressions.analyze(each));
      }
    }
    return values;
  }

  /// @param type the named row type that the values make, or null
  private RexNode rowOf(
      List<String> names, List<RexNode> values, PgType type, boolean nullIfEmpty) {
    return expressions.call(
        new Operation.RowOf(names, nullIfEmpty),
        type == null
            ? PgTypeFactory.row(names, CallAnalyzer.typesOf(values))
            : PgTypeFactory.of(type),
        values);
  }

  /// A FROM item as a value: of the table's row type, if the item is one.
  RexNode wholeRow(Scope.Item item, List<Scope.Column> columns) {
    List<String> names = new ArrayList<>();
    List<RexNode> values = new ArrayList<>();
    for (Scope.Column column : columns) {
      names.add(column.name());
      values.add(column.value());
    }
    PgType type =
        item == null || item.tableOid() == 0
            ? null
            : analysis.names().catalog().types().byOid(RowTypes.of(item.tableOid()));
    if (type != null && !type.fieldTypes().equals(CallAnalyzer.typesOf(values))) {
      type = null;
    }
    return rowOf(
        type == null ? names : type.fieldNames(), values, type, item != null && item.optional());
  }

  /// The fields of `(row).*`, each as a column.
  List<Scope.Column> expand(Expr.FieldAccess access) {
    List<Scope.Column> columns = expressions.wholeRow(access.base());
    if (columns != null) {
      return columns;
    }
    return expand(expressions.analyze(access.base()), access.pos());
  }

  /// The fields of a row value.
  List<Scope.Column> expand(RexNode base, int pos) {
    List<Field> fields = fieldsOf(base.getType());
    if (fields == null) {
      PgType type = Analysis.typeOf(base);
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              type == Types.RECORD
                  ? "record type has not been registered"
                  : "type " + type.displayName() + " is not composite")
          .at(pos);
    }
    List<Scope.Column> expanded = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      expanded.add(new Scope.Column(fields.get(i).name(), field(base, i), 0, 0));
    }
    return expanded;
  }

  /// A field of a row value by its place.
  RexNode field(RexNode row, int index) {
    List<RexNode> parts = parts(row);
    return parts != null
        ? parts.get(index)
        : expressions.call(
            new Operation.Field(index), fieldsOf(row.getType()).get(index).type(), List.of(row));
  }

  /// The field of that name, or null.
  RexNode fieldOrNull(RexNode row, String name) {
    List<Field> fields = fieldsOf(row.getType());
    if (fields != null) {
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).name().equals(name)) {
          return field(row, i);
        }
      }
    }
    return null;
  }

  /// `(row).field`, or a function's call that is written like one.
  RexNode field(Expr.FieldAccess access) {
    if (access.field() == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "row expansion via \"*\" is not supported here")
          .at(access.pos());
    }
    List<Scope.Column> columns = expressions.wholeRow(access.base());
    if (columns != null) {
      for (Scope.Column column : columns) {
        if (column.name().equals(access.field())) {
          return column.value();
        }
      }
    }
    if (columns != null) {
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column "
                  + ((Expr.ColumnRef) access.base()).parts().getLast()
                  + "."
                  + access.field()
                  + " does not exist")
          .at(access.pos());
    }
    RexNode base = expressions.analyze(access.base());
    RexNode field = fieldOrNull(base, access.field());
    if (field != null) {
      return field;
    }
    PgType type = Analysis.typeOf(base);
    try {
      return expressions.function(
          FunctionResolver.function(access.field(), List.of(type)),
          List.of(base),
          access.pos(),
          null);
    } catch (SqlException e) {
      throw missing(type, access);
    }
  }

  private static SqlException missing(PgType type, Expr.FieldAccess access) {
    if (type == Types.RECORD) {
      return new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "could not identify column \"" + access.field() + "\" in record data type")
          .at(access.pos());
    }
    if (type.baseType().isRow()) {
      return new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column \"" + access.field() + "\" not found in data type " + type.displayName())
          .at(access.pos());
    }
    return new SqlException(
            SqlState.WRONG_OBJECT_TYPE,
            "column notation ."
                + access.field()
                + " applied to type "
                + type.displayName()
                + ", which is not a composite type")
        .at(access.pos());
  }
}
