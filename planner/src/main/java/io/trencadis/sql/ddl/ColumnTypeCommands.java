package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.analyze.SystemColumns;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// ALTER TABLE … ALTER COLUMN … TYPE, of a table and of those below it. The rows are written again,
/// unless the column only becomes wider; defaults, checks, indexes and foreign keys that name the
/// column are analyzed and checked again, and what cannot follow keeps the type as it is.
final class ColumnTypeCommands {
  private final DdlContext cx;
  private final ForeignKeyCommands foreignKeys;
  private final TableShape shape;
  private final IndexCommands indexes;
  private final Expressions expressions;

  ColumnTypeCommands(
      DdlContext cx, ForeignKeyCommands foreignKeys, TableShape shape, IndexCommands indexes) {
    this.cx = cx;
    this.foreignKeys = foreignKeys;
    this.shape = shape;
    this.indexes = indexes;
    this.expressions = new Expressions(cx);
  }

  void change(TableDescriptor named, AlterAction.AlterColumnType change, boolean only) {
    if (SystemColumns.isOne(change.column())) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot alter system column \"" + change.column() + "\"");
    }
    Column column = ColumnCommands.require(named, change.column());
    if (column.generated() && change.using() != null) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_DEFINITION,
              "cannot specify USING when altering type of generated column")
          .detail("Column \"" + column.name() + "\" is a generated column.");
    }
    if (column.inherited() > 0) {
      throw invalid("cannot alter inherited column \"" + column.name() + "\"");
    }
    if (named.isPartitioned()) {
      change(named, change);
      return;
    }
    List<TableDescriptor> family = cx.catalog().family(named);
    if (only && family.size() > 1) {
      throw invalid(
          "type of inherited column \"" + column.name() + "\" must be changed in child tables too");
    }
    for (TableDescriptor child : family.subList(1, family.size())) {
      Column own = ColumnCommands.require(child, column.name());
      if (own.inherited() > Inheritance.parentsWithin(child, family)) {
        throw invalid(
            "cannot alter inherited column \""
                + own.name()
                + "\" of relation \""
                + child.name()
                + "\"");
      }
    }
    family.forEach(each -> change(cx.catalog().table(each.oid()), change));
  }

  private void change(TableDescriptor table, AlterAction.AlterColumnType change) {
    Column column = ColumnCommands.require(table, change.column());
    if (table.isPartitioned() && table.partitioning().uses(column.number())) {
      throw invalid(
          "cannot alter column \""
              + column.name()
              + "\" because it is part of the partition key of relation \""
              + table.name()
              + "\"");
    }
    Names.TypeReference type = cx.names().type(change.type());
    DdlRights.requireUsage(cx, type.type());
    Collation collation = Collations.find(cx.names(), change.collation(), type.type());
    Expressions.Compiled conversion = conversion(table, column, change, type);
    CompositeCommands.requireUnstored(cx, table);
    Column changed = column.withType(type.type().oid(), type.typmod()).withCollation(collation);
    changed = withFollowingDefault(column, changed);
    requireUnused(table, column);
    followIdentity(column, type.type());
    if (change.using() == null
        && ColumnRules.widens(column, type)
        && Collation.sameOrder(column.collation(), collation)) {
      widen(table, column, changed);
      return;
    }
    TableDescriptor definition = redefined(table, changed);
    if (table.isPartitioned()) {
      shape.put(table, definition.change());
      cx.catalog().partitionsOf(table.oid()).forEach(each -> change(each, change));
    } else {
      rewrite(table, definition, changed, conversion);
    }
    requireReferences(table.oid(), column.number());
  }

  private Expressions.Compiled conversion(
      TableDescriptor table,
      Column column,
      AlterAction.AlterColumnType change,
      Names.TypeReference type) {
    Expr source =
        change.using() != null
            ? change.using()
            : new Expr.ColumnRef(List.of(column.name()), false, change.pos());
    try {
      return expressions.conversion(source, table, column.name(), type.type(), type.typmod());
    } catch (SqlException e) {
      if (change.using() == null && e.state() == SqlState.DATATYPE_MISMATCH) {
        String name = Types.formatType(type.type(), type.typmod());
        SqlException refused =
            uncastable("column \"" + column.name() + "\"", type.type(), type.typmod());
        throw column.generated()
            ? refused
            : refused.hint(
                "You might need to specify \"USING " + column.name() + "::" + name + "\".");
      }
      throw e;
    }
  }

  private static SqlException uncastable(String what, PgType type, int typmod) {
    return new SqlException(
        SqlState.DATATYPE_MISMATCH,
        what + " cannot be cast automatically to type " + Types.formatType(type, typmod));
  }

  /// The changed column with the default or generation expression that it had, which must be one
  /// for the new type.
  private Column withFollowingDefault(Column column, Column changed) {
    if (column.defaultText() == null || column.generated()) {
      return changed;
    }
    PgType type = Types.byOid(changed.typeOid());
    PgType before = Types.byOid(column.typeOid());
    PgType own = expressions.typeOf(SqlParser.parseExpression(column.defaultText()));
    if (!Casts.exists(own == null ? before : own, type, CastContext.ASSIGNMENT)) {
      throw uncastable("default for column \"" + column.name() + "\"", type, changed.typmod());
    }
    if (own != null || before == type) {
      return changed;
    }
    // A constant means what it meant for the old type: '7' as a text is no number.
    return changed.withDefault(
        StoredText.ofExpression(
            cx.names(), column.defaultText() + "::" + Types.formatType(before, column.typmod())));
  }

  /// Fails where something uses the column that cannot follow it to another type.
  private void requireUnused(TableDescriptor table, Column column) {
    String name = "column \"" + column.name() + "\"";
    List<Column> computed = expressions.generatedFrom(table, column);
    if (!computed.isEmpty()) {
      throw used("a column used by a generated column")
          .detail(
              "Column \""
                  + column.name()
                  + "\" is used by generated column \""
                  + computed.getFirst().name()
                  + "\".");
    }
    ColumnUses uses = new ColumnUses(cx);
    for (TableDescriptor view : uses.views(table, column)) {
      throw used("a column used by a view or rule")
          .detail("rule _RETURN on view " + view.name() + " depends on " + name);
    }
    for (var trigger : uses.triggers(table, column)) {
      throw used("a column used in a trigger definition")
          .detail(
              "trigger " + trigger.name() + " on table " + table.name() + " depends on " + name);
    }
  }

  private static SqlException used(String what) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot alter type of " + what);
  }

  /// The sequence of an identity column gets the column's type.
  private void followIdentity(Column column, PgType type) {
    if (column.identity() == ' ') {
      return;
    }
    IdentityCommands.requireType(type);
    SequenceDescriptor sequence = (SequenceDescriptor) cx.catalog().byOid(column.sequenceOid());
    cx.put(new SequenceCommands(cx).retyped(sequence, type));
  }

  /// Only the definition changes, here and in partitions.
  private void widen(TableDescriptor table, Column column, Column changed) {
    shape.put(table, table.change().column(changed));
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      Column own = ColumnCommands.require(partition, column.name());
      requireUnused(partition, own);
      widen(partition, own, own.withTypmod(changed.typmod()).withCollation(changed.collation()));
    }
  }

  /// The table with the changed column, and with what is computed from it as that is now.
  private TableDescriptor redefined(TableDescriptor table, Column changed) {
    TableDescriptor definition = table.change().column(changed).build();
    try {
      if (changed.generated()) {
        requireGeneration(definition, changed);
      }
      Map<Integer, IndexDescriptor> renewed = new LinkedHashMap<>();
      for (IndexDescriptor index : definition.indexes()) {
        if (index.uses(changed.number())) {
          renewed.put(index.oid(), indexes.retyped(definition, index));
        }
      }
      if (renewed.isEmpty()) {
        return definition;
      }
      List<IndexDescriptor> all = new ArrayList<>();
      IndexDescriptor primary = definition.primaryKey();
      for (IndexDescriptor index : definition.indexes()) {
        IndexDescriptor one = renewed.getOrDefault(index.oid(), index);
        all.add(one);
        primary = one.ordersRows() ? one : primary;
      }
      return definition.change().indexes(all).primaryKey(primary).build();
    } catch (SqlException e) {
      // The place is in a text that was stored long ago.
      throw e.inside(null);
    }
  }

  private void requireGeneration(TableDescriptor definition, Column changed) {
    try {
      expressions.generation(changed, definition);
    } catch (SqlException e) {
      if (e.state() != SqlState.DATATYPE_MISMATCH) {
        throw e;
      }
      throw uncastable(
          "generation expression for column \"" + changed.name() + "\"",
          Types.byOid(changed.typeOid()),
          changed.typmod());
    }
  }

  private record Check(String name, Expressions.Compiled condition) {}

  private List<Check> checks(TableDescriptor definition, Column changed) {
    List<Check> checks = new ArrayList<>();
    for (CheckConstraint check : definition.checks()) {
      if (check.columns().contains(changed.number())) {
        try {
          Expressions.Compiled condition =
              expressions.condition(SqlParser.parseExpression(check.text()), definition);
          if (!check.notValid()) {
            checks.add(new Check(check.name(), condition));
          }
        } catch (SqlException e) {
          throw e.inside(null);
        }
      }
    }
    return checks;
  }

  private void rewrite(
      TableDescriptor table,
      TableDescriptor definition,
      Column changed,
      Expressions.Compiled conversion) {
    int place = definition.liveColumns().indexOf(changed);
    List<Check> checks = checks(definition, changed);
    IndexBuilds.building(
        definition,
        () ->
            shape.rewritten(
                table,
                definition,
                row -> {
                  Object[] out = row.clone();
                  out[place] = conversion.eval().eval(row, expressions.execution(conversion));
                  ColumnRules.requireNotNull(out[place], changed, definition);
                  checks.forEach(check -> requireHolds(check, out, definition));
                  return out;
                }));
  }

  private void requireHolds(Check check, Object[] row, TableDescriptor table) {
    Object holds = check.condition().eval().eval(row, expressions.execution(check.condition()));
    if (Boolean.FALSE.equals(holds)) {
      throw ConstraintCommands.violatedBySomeRow(table, check.name());
    }
  }

  /// The foreign keys of the column, and those that refer to it, must still make sense, and hold.
  private void requireReferences(int tableOid, int column) {
    TableDescriptor table = cx.catalog().table(tableOid);
    foreignKeys.requireComparable(table);
    table.foreignKeys().stream()
        .filter(key -> key.validated() && key.columns().contains(column))
        .forEach(key -> foreignKeys.validate(table, key));
    for (var reference : cx.catalog().referencesTo(tableOid)) {
      if (reference.key().validated() && reference.key().referenced().contains(column)) {
        foreignKeys.validate(reference.table(), reference.key());
      }
    }
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_TABLE_DEFINITION, message);
  }
}
