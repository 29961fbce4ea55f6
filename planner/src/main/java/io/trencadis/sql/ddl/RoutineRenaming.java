package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Another name or schema for a function in the texts that the catalog keeps: of views, defaults,
/// generated columns, checks, indexes, conditions of triggers, domains, and of routines with a body
/// in SQL's own syntax.
final class RoutineRenaming {
  private final DdlContext cx;
  private final RoutineDescriptor routine;
  private final String schema;
  private final String to;
  private final Map<Integer, Descriptor> changes = new LinkedHashMap<>();

  private RoutineRenaming(DdlContext cx, RoutineDescriptor routine, String to) {
    this.cx = cx;
    this.routine = routine;
    this.schema = cx.catalog().byOid(routine.schemaOid()).name();
    this.to = to;
  }

  /// Gives a routine its new name wherever it is called, and stores it.
  ///
  /// @throws SqlException 0A000 where a text calls other functions of the old name, too
  static void move(
      DdlContext cx, RoutineDescriptor routine, SchemaDescriptor schema, String newName) {
    RoutineRenaming renaming =
        new RoutineRenaming(
            cx, routine, Identifiers.quote(schema.name()) + "." + Identifiers.quote(newName));
    int users = new RoutineUses(cx).of(Set.of(routine)).size();
    if (users > 0) {
      renaming.follow();
    }
    RoutineDescriptor moved = routine.withName(schema.oid(), newName);
    renaming.changes.put(routine.oid(), moved);
    cx.change(renaming.changes);
    if (users > 0 && new RoutineUses(cx).of(Set.of(moved)).size() != users) {
      throw SqlException.notSupported(
          "a new name for a function that is used together with others of its name");
    }
  }

  private void follow() {
    for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
      TableDescriptor changed = changed(table);
      if (changed != null) {
        changes.put(table.oid(), changed);
      }
      for (TriggerDescriptor trigger : cx.catalog().triggersOf(table.oid())) {
        String text = expression(trigger.whenText());
        if (text != null && !text.equals(trigger.whenText())) {
          changes.put(trigger.oid(), trigger.withWhen(text));
        }
      }
    }
    for (TypeDescriptor type : cx.catalog().all(TypeDescriptor.class, cx.databaseOid())) {
      if (type.isDomain()) {
        List<TypeDescriptor.DomainCheck> checks = new ArrayList<>();
        for (TypeDescriptor.DomainCheck check : type.checks()) {
          checks.add(
              new TypeDescriptor.DomainCheck(
                  check.oid(), check.name(), expression(check.text()), check.validated()));
        }
        TypeDescriptor changed =
            type.withRules(type.notNull(), expression(type.defaultText()), checks);
        if (!changed.equals(type)) {
          changes.put(type.oid(), changed);
        }
      }
    }
    for (RoutineDescriptor other : cx.catalog().all(RoutineDescriptor.class, cx.databaseOid())) {
      if (other.oid() != routine.oid()) {
        RoutineDescriptor changed = changed(other);
        if (!changed.equals(other)) {
          changes.put(other.oid(), changed);
        }
      }
    }
  }

  private RoutineDescriptor changed(RoutineDescriptor other) {
    List<RoutineDescriptor.Argument> arguments = new ArrayList<>();
    for (RoutineDescriptor.Argument each : other.arguments()) {
      arguments.add(
          new RoutineDescriptor.Argument(
              each.mode(), each.name(), each.typeOid(), expression(each.defaultText())));
    }
    return other.withText(renamed(other.body(), SqlParser::parseBody, true), arguments);
  }

  /// @return null where nothing changes
  private TableDescriptor changed(TableDescriptor table) {
    TableDescriptor.Builder change = table.change();
    boolean any = false;
    if (table.isView()) {
      String text = renamed(table.viewText(), SqlParser::parseQuery, false);
      any = !text.equals(table.viewText());
      change.viewText(text);
    }
    for (Column column : table.liveColumns()) {
      String text = expression(column.defaultText());
      if (text != null && !text.equals(column.defaultText())) {
        change.column(column.generated() ? column.withGeneration(text) : column.withDefault(text));
        any = true;
      }
    }
    List<CheckConstraint> checks = new ArrayList<>();
    for (CheckConstraint check : table.checks()) {
      checks.add(check.withText(expression(check.text())));
    }
    List<IndexDescriptor> indexes = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      indexes.add(changed(index));
    }
    any |= !checks.equals(table.checks()) || !indexes.equals(table.indexes());
    return any ? change.checks(checks).indexes(indexes).build() : null;
  }

  private IndexDescriptor changed(IndexDescriptor index) {
    if (index.isPlain()) {
      return index;
    }
    List<KeyPart> parts = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      parts.add(
          part.expression() == null
              ? part
              : new KeyPart(
                  0,
                  part.descending(),
                  part.nullsFirst(),
                  changed(part.expression()),
                  part.operatorClass()));
    }
    return index.withParts(parts, index.predicate() == null ? null : changed(index.predicate()));
  }

  private IndexExpression changed(IndexExpression expression) {
    return new IndexExpression(
        expression(expression.text()),
        expression.typeOid(),
        expression.columns(),
        expression.collation());
  }

  private String expression(String text) {
    return renamed(text, SqlParser::parseExpression, false);
  }

  /// @param text null for none
  /// @param unqualified whether the name may stand there without its schema
  private String renamed(String text, Function<String, ?> parser, boolean unqualified) {
    if (text == null || !text.contains(routine.name())) {
      return text;
    }
    TreeMap<Integer, Integer> places = new TreeMap<>();
    AstWalk.visit(
        parser.apply(text),
        each -> {
          if (each instanceof Expr.FunctionCall call && isCalled(call.name(), unqualified)) {
            places.put(call.name().pos(), end(text, call.name()));
          }
        });
    StringBuilder out = new StringBuilder(text);
    places.descendingMap().forEach((start, end) -> out.replace(start, end, to));
    return out.toString();
  }

  private boolean isCalled(QualifiedName name, boolean unqualified) {
    return name.name().equals(routine.name())
        && (name.schema() == null ? unqualified : name.schema().equals(schema));
  }

  private static int end(String text, QualifiedName name) {
    int end = name.pos();
    for (int part = 0; part < name.parts().size(); part++) {
      while (part > 0 && !isStart(text.charAt(end))) {
        // The dot, and spaces around it.
        end++;
      }
      end = ColumnRenaming.end(text, end);
    }
    return end;
  }

  private static boolean isStart(char c) {
    return c == '"' || Character.isLetter(c) || c == '_';
  }
}
