package io.trencadis.sql.ddl;

import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// What ADD COLUMN brings: the column, its sequences, the constraints it comes with.
///
/// @param value what rows that are there get, or null for null
record ColumnAddition(
    Column column,
    List<SequenceDescriptor> sequences,
    Expressions.Compiled value,
    List<TableElement.TableConstraint> constraints) {

  static ColumnAddition of(
      DdlContext cx, TableDescriptor table, TableElement.ColumnDef definition) {
    List<TableElement.ColumnConstraint> own = new ArrayList<>();
    List<TableElement.TableConstraint> others = new ArrayList<>();
    List<String> name = List.of(definition.name());
    TableElement.ColumnConstraint.Generated generation = null;
    for (TableElement.ColumnConstraint constraint : definition.constraints()) {
      switch (constraint) {
        case TableElement.ColumnConstraint.Unique unique ->
            others.add(
                new TableElement.TableConstraint.Unique(
                    unique.name(),
                    name,
                    unique.nullsNotDistinct(),
                    unique.index(),
                    unique.deferral(),
                    unique.pos()));
        case TableElement.ColumnConstraint.PrimaryKey key ->
            others.add(
                new TableElement.TableConstraint.PrimaryKey(
                    key.name(), name, key.index(), key.deferral(), key.pos()));
        case TableElement.ColumnConstraint.Check check ->
            others.add(
                new TableElement.TableConstraint.Check(
                    check.name(), check.expr(), check.text(), check.noInherit(), check.pos()));
        case TableElement.ColumnConstraint.References references ->
            others.add(ForeignKeyCommands.ofColumn(references, definition.name()));
        case TableElement.ColumnConstraint.Generated written -> generation = written;
        default -> own.add(constraint);
      }
    }
    // A table of one column shows what the definition comes to.
    SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(table.schemaOid());
    TableBuilder builder = new TableBuilder(cx, schema, table.name());
    builder.add(
        new TableElement.ColumnDef(
            definition.name(), definition.type(), definition.collation(), own, definition.pos()));
    int number = table.columns().size() + 1;
    Column column = builder.build().columns().getFirst().withNumber(number);
    List<SequenceDescriptor> sequences = new ArrayList<>();
    builder.sequences().forEach(sequence -> sequences.add(sequence.withOwner(table.oid(), number)));
    if (column.identity() != ' ' || (!sequences.isEmpty() && column.defaultText() != null)) {
      sequences.forEach(cx::put);
    }
    if (generation != null) {
      column = column.withGeneration(StoredText.ofExpression(cx.names(), generation.text()));
      List<Column> all = new ArrayList<>(table.columns());
      all.add(column);
      TableDescriptor with = table.change().columns(all).build();
      return new ColumnAddition(
          column,
          sequences,
          new Expressions(cx).generation(generation.expr(), column, with),
          others);
    }
    PgType type = Types.byOid(column.typeOid());
    if (column.identity() != ' ') {
      Expr next = SqlParser.parseExpression("nextval('" + column.sequenceOid() + "'::regclass)");
      return new ColumnAddition(
          column,
          sequences,
          new Expressions(cx).value(next, column.name(), type, column.typmod()),
          others);
    }
    Expressions.Compiled value =
        column.defaultText() == null
            ? type.hasRules() ? new Expressions(cx).absent(column) : null
            : new Expressions(cx)
                .value(
                    SqlParser.parseExpression(column.defaultText()),
                    column.name(),
                    Types.byOid(column.typeOid()),
                    column.typmod());
    if (column.defaultText() != null
        && !(SqlParser.parseExpression(column.defaultText()) instanceof Expr.NullLiteral)) {
      CompositeCommands.requireUnstored(cx, table);
    }
    return new ColumnAddition(column, sequences, value, others);
  }
}
