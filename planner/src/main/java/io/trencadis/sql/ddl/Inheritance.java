package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tables that inherit from others (PostgreSQL 15 manual, 5.10): what CREATE TABLE … INHERITS takes
/// from the parents, and ALTER TABLE … INHERIT.
final class Inheritance {
  private final DdlContext cx;

  Inheritance(DdlContext cx) {
    this.cx = cx;
  }

  /// How many of a table's direct parents are among others.
  static int parentsWithin(TableDescriptor table, List<TableDescriptor> family) {
    int count = 0;
    for (TableDescriptor each : family) {
      count += table.inherits().contains(each.oid()) ? 1 : 0;
    }
    return count;
  }

  /// The tables that INHERITS names.
  ///
  /// @param temporary whether the child is a temporary table
  List<TableDescriptor> parents(List<QualifiedName> names, boolean temporary) {
    List<TableDescriptor> parents = new ArrayList<>();
    for (QualifiedName name : names) {
      TableDescriptor parent = cx.names().table(name);
      if (parents.stream().anyMatch(other -> other.oid() == parent.oid())) {
        throw twice(parent);
      }
      if (parent.isPartitioned()) {
        throw wrongKind("cannot inherit from partitioned table \"" + parent.name() + "\"");
      }
      if (parent.parentOid() != 0) {
        throw wrongKind("cannot inherit from partition \"" + parent.name() + "\"");
      }
      if (parent.isView()) {
        throw wrongKind(
            "inherited relation \"" + parent.name() + "\" is not a table or foreign table");
      }
      if (isTemporary(parent) && !temporary) {
        throw wrongKind("cannot inherit from temporary relation \"" + parent.name() + "\"");
      }
      parents.add(parent);
    }
    return parents;
  }

  private boolean isTemporary(TableDescriptor table) {
    return cx.catalog().byOid(table.schemaOid()) instanceof SchemaDescriptor schema
        && schema.isTemporary();
  }

  private static SqlException twice(TableDescriptor parent) {
    return new SqlException(
        SqlState.DUPLICATE_TABLE,
        "relation \"" + parent.name() + "\" would be inherited from more than once");
  }

  private static SqlException wrongKind(String message) {
    return new SqlException(SqlState.WRONG_OBJECT_TYPE, message);
  }

  /// What a new table has from its parents.
  ///
  /// @param disputed by name, columns that the parents give different defaults; they need one of
  ///   the child's own
  record Estate(
      List<Column> columns, List<CheckConstraint> checks, Map<String, SqlException> disputed) {}

  Estate estate(List<TableDescriptor> parents) {
    Map<String, Column> columns = new LinkedHashMap<>();
    Map<String, CheckConstraint> checks = new LinkedHashMap<>();
    Map<String, SqlException> disputed = new LinkedHashMap<>();
    for (TableDescriptor parent : parents) {
      for (Column column : parent.liveColumns()) {
        Column bare = column.withMissing(null);
        Column inherited =
            (bare.identity() == ' ' ? bare : bare.withIdentity(' ', 0)).withOrigin(1, false);
        Column known = columns.get(column.name());
        columns.put(column.name(), known == null ? inherited : merged(known, inherited, disputed));
      }
      for (CheckConstraint check : parent.checks()) {
        if (check.noInherit()) {
          continue;
        }
        CheckConstraint known = checks.get(check.name());
        if (known != null && !same(known.text(), check.text())) {
          throw new SqlException(
              SqlState.DUPLICATE_OBJECT,
              "check constraint name \""
                  + check.name()
                  + "\" appears multiple times but with different expressions");
        }
        checks.put(
            check.name(), check.withOrigin(known == null ? 1 : known.inherited() + 1, false));
      }
    }
    return new Estate(
        new ArrayList<>(columns.values()), new ArrayList<>(checks.values()), disputed);
  }

  /// A column that several parents have.
  private Column merged(Column known, Column other, Map<String, SqlException> disputed) {
    cx.notice(
        Notice.notice("merging multiple inherited definitions of column \"" + known.name() + "\""));
    if (known.typeOid() != other.typeOid() || known.typmod() != other.typmod()) {
      throw conflict("inherited column", known, other.typeOid(), other.typmod());
    }
    if (known.generated() != other.generated()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "inherited column \"" + known.name() + "\" has a generation conflict");
    }
    Column both =
        known
            .withNotNull(known.notNull() || other.notNull())
            .withOrigin(known.inherited() + 1, false);
    if (other.defaultText() == null || same(other.defaultText(), known.defaultText())) {
      return both;
    }
    if (known.defaultText() == null) {
      return both.withDefault(other.defaultText());
    }
    String what = known.generated() ? "generation expression" : "default";
    disputed.put(
        known.name(),
        new SqlException(
                SqlState.INVALID_COLUMN_DEFINITION,
                "column \""
                    + known.name()
                    + "\" inherits conflicting "
                    + (known.generated() ? "generation expressions" : "default values"))
            .hint("To resolve the conflict, specify a " + what + " explicitly."));
    return both;
  }

  /// Columns of one name and different types.
  static SqlException conflict(String what, Column inherited, int typeOid, int typmod) {
    return new SqlException(
            SqlState.DATATYPE_MISMATCH, what + " \"" + inherited.name() + "\" has a type conflict")
        .detail(
            Types.formatType(inherited.typeOid(), inherited.typmod())
                + " versus "
                + Types.formatType(typeOid, typmod));
  }

  /// Whether two stored expressions are the same but for how they are written.
  static boolean same(String one, String other) {
    return one.equals(other) || other != null && bare(one).equals(bare(other));
  }

  /// A text without the white space outside of quotes.
  private static String bare(String text) {
    StringBuilder out = new StringBuilder();
    char quote = 0;
    for (char each : text.toCharArray()) {
      if (quote == 0 && Character.isWhitespace(each)) {
        continue;
      }
      if (each == '\'' || each == '"') {
        quote = quote == 0 ? each : quote == each ? 0 : quote;
      }
      out.append(quote == 0 ? Character.toLowerCase(each) : each);
    }
    return out.toString();
  }

  // ---- ALTER TABLE

  void alter(TableDescriptor child, AlterAction.Inherit inherit) {
    if (child.parentOid() != 0) {
      throw wrongKind("cannot change inheritance of a partition");
    }
    if (child.isPartitioned()) {
      throw wrongKind("cannot change inheritance of partitioned table");
    }
    TableDescriptor parent = cx.names().table(inherit.parent());
    if (inherit.remove()) {
      cx.put(left(child, parent));
    } else {
      cx.put(joined(child, parent));
    }
    // Plans for the parent have to find its new family.
    cx.put(cx.catalog().table(parent.oid()).change().build());
  }

  private TableDescriptor joined(TableDescriptor child, TableDescriptor parent) {
    if (isTemporary(parent) && !isTemporary(child)) {
      throw wrongKind("cannot inherit from temporary relation \"" + parent.name() + "\"");
    }
    if (parent.isPartitioned()) {
      throw wrongKind("cannot inherit from partitioned table \"" + parent.name() + "\"");
    }
    if (parent.parentOid() != 0) {
      throw wrongKind("cannot inherit from a partition");
    }
    if (cx.catalog().family(child).stream().anyMatch(each -> each.oid() == parent.oid())) {
      throw new SqlException(SqlState.DUPLICATE_TABLE, "circular inheritance not allowed")
          .detail("\"" + parent.name() + "\" is already a child of \"" + child.name() + "\".");
    }
    if (child.inherits().contains(parent.oid())) {
      throw twice(parent);
    }
    TableDescriptor.Builder change = child.change();
    for (Column column : parent.liveColumns()) {
      Column own = child.column(column.name());
      requireLike(child, own, column);
      change.column(own.withOrigin(own.inherited() + 1, !own.notLocal()));
    }
    List<CheckConstraint> checks = new ArrayList<>(child.checks());
    for (CheckConstraint check : parent.checks()) {
      if (!check.noInherit()) {
        int place = place(checks, check.name());
        requireLike(child, place < 0 ? null : checks.get(place), check);
        CheckConstraint own = checks.get(place);
        checks.set(place, own.withOrigin(own.inherited() + 1, !own.notLocal()));
      }
    }
    List<Integer> parents = new ArrayList<>(child.inherits());
    parents.add(parent.oid());
    return change.checks(checks).inherits(parents).build();
  }

  private static int place(List<CheckConstraint> checks, String name) {
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static void requireLike(TableDescriptor child, Column own, Column column) {
    String fault = null;
    if (own == null) {
      fault = "child table is missing column \"" + column.name() + "\"";
    } else if (own.typeOid() != column.typeOid() || own.typmod() != column.typmod()) {
      fault =
          "child table \""
              + child.name()
              + "\" has different type for column \""
              + column.name()
              + "\"";
    } else if (column.notNull() && !own.notNull()) {
      fault = "column \"" + column.name() + "\" in child table must be marked NOT NULL";
    } else if (column.generated() && !own.generated()) {
      fault = "column \"" + column.name() + "\" in child table must be a generated column";
    }
    if (fault != null) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, fault);
    }
  }

  private static void requireLike(
      TableDescriptor child, CheckConstraint own, CheckConstraint check) {
    if (own == null) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "child table is missing constraint \"" + check.name() + "\"");
    }
    if (!same(own.text(), check.text())) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "child table \""
              + child.name()
              + "\" has different definition for check constraint \""
              + check.name()
              + "\"");
    }
    String kind = own.noInherit() ? "non-inherited" : own.notValid() ? "NOT VALID" : null;
    if (kind != null) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION,
          "constraint \""
              + check.name()
              + "\" conflicts with "
              + kind
              + " constraint on child table \""
              + child.name()
              + "\"");
    }
  }

  private TableDescriptor left(TableDescriptor child, TableDescriptor parent) {
    if (!child.inherits().contains(parent.oid())) {
      throw new SqlException(
          SqlState.UNDEFINED_TABLE,
          "relation \""
              + parent.name()
              + "\" is not a parent of relation \""
              + child.name()
              + "\"");
    }
    return withoutParent(child, parent);
  }

  /// A child whose columns and constraints no longer come from a parent.
  static TableDescriptor withoutParent(TableDescriptor child, TableDescriptor parent) {
    TableDescriptor.Builder change = child.change();
    for (Column own : child.liveColumns()) {
      if (parent.column(own.name()) != null && own.inherited() > 0) {
        change.column(own.withOrigin(own.inherited() - 1, !own.notLocal() || own.inherited() == 1));
      }
    }
    List<CheckConstraint> checks = new ArrayList<>();
    for (CheckConstraint own : child.checks()) {
      boolean shared =
          own.inherited() > 0
              && parent.checks().stream().anyMatch(check -> check.name().equals(own.name()));
      checks.add(
          shared
              ? own.withOrigin(own.inherited() - 1, !own.notLocal() || own.inherited() == 1)
              : own);
    }
    List<Integer> parents = new ArrayList<>(child.inherits());
    parents.remove((Integer) parent.oid());
    return change.checks(checks).inherits(parents).build();
  }
}
