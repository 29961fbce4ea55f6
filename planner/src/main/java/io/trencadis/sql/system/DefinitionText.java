package io.trencadis.sql.system;

import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.InheritedKeys;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.OperatorClasses;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.deparse.Deparser;
import io.trencadis.sql.types.Identifiers;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntPredicate;

/// Definitions of indexes, constraints and views as the `pg_get_…def` functions print them.
final class DefinitionText {
  private DefinitionText() {}

  /// The statement that makes an index.
  ///
  /// @param pretty without parentheses that are not needed, and without a schema on the path
  static String index(
      Reading reading, TableDescriptor table, IndexDescriptor index, boolean pretty) {
    StringBuilder out = new StringBuilder("CREATE ");
    out.append(index.unique() ? "UNIQUE INDEX " : "INDEX ");
    out.append(Identifiers.quote(index.name()))
        .append(table.isPartitioned() ? " ON ONLY " : " ON ");
    if (!pretty
        || reading.access().names().findRelation(QualifiedName.of(table.name(), -1)) != table) {
      out.append(Identifiers.quote(reading.schemaName(table.schemaOid()))).append('.');
    }
    out.append(Identifiers.quote(table.name()))
        .append(" USING ")
        .append(index.method() == null ? "btree" : index.method())
        .append(" (");
    for (int i = 0; i < index.parts().size(); i++) {
      out.append(i == 0 ? "" : ", ")
          .append(part(reading, table, index, index.parts().get(i), pretty));
    }
    out.append(')');
    if (!index.included().isEmpty()) {
      out.append(" INCLUDE (").append(columns(table, index.included())).append(')');
    }
    if (index.nullsNotDistinct()) {
      out.append(" NULLS NOT DISTINCT");
    }
    if (!index.options().isEmpty()) {
      out.append(" WITH (").append(options(index.options())).append(')');
    }
    if (index.predicate() != null) {
      String predicate = deparser(reading, pretty).condition(table, index.predicate().text());
      out.append(" WHERE ").append(predicate);
    }
    return out.toString();
  }

  /// Storage parameters as WITH takes them.
  private static String options(List<String> options) {
    StringJoiner out = new StringJoiner(", ");
    for (String option : options) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      out.add(
          Identifiers.quote(option.substring(0, equals))
              + "="
              + (!Identifiers.quote(value).equals(value)
                  ? "'" + value.replace("'", "''") + "'"
                  : value));
    }
    return out.toString();
  }

  private static String part(
      Reading reading, TableDescriptor table, IndexDescriptor index, KeyPart part, boolean pretty) {
    String name = partName(reading, table, part, pretty);
    int type =
        part.expression() != null
            ? part.expression().typeOid()
            : table.columnNumbered(part.column()).typeOid();
    int operatorClass = OperatorClasses.of(index, part, type);
    if (part.operatorClass() != null
        && operatorClass != OperatorClasses.forType(OperatorClasses.methodOf(index), type)) {
      name += " " + ExtensionViews.classShown(reading, part.operatorClass());
    }
    if (part.descending()) {
      return name + " DESC" + (part.nullsFirst() ? "" : " NULLS LAST");
    }
    return name + (part.nullsFirst() ? " NULLS FIRST" : "");
  }

  private static String columns(TableDescriptor table, List<Integer> numbers) {
    StringJoiner out = new StringJoiner(", ");
    for (int number : numbers) {
      out.add(Identifiers.quote(table.columnNumbered(number).name()));
    }
    return out.toString();
  }

  /// The expressions of an index's key, or null where it has none.
  static String expressions(Reading reading, TableDescriptor table, IndexDescriptor index) {
    StringJoiner out = new StringJoiner(", ");
    for (KeyPart part : index.parts()) {
      if (part.expression() != null) {
        out.add(deparser(reading, false).expression(table, part.expression().text()).text());
      }
    }
    return out.length() == 0 ? null : out.toString();
  }

  /// The predicate of an index, or null.
  static String predicate(Reading reading, TableDescriptor table, IndexDescriptor index) {
    return index.predicate() == null
        ? null
        : deparser(reading, false).condition(table, index.predicate().text());
  }

  private static String partName(
      Reading reading, TableDescriptor table, KeyPart part, boolean pretty) {
    return part.expression() == null
        ? Identifiers.quote(table.columnNumbered(part.column()).name())
        : deparser(reading, pretty).expression(table, part.expression().text()).asPart();
  }

  /// One column of an index, counted from 1; empty if there is none.
  static String indexColumn(
      Reading reading, TableDescriptor table, IndexDescriptor index, int position, boolean pretty) {
    List<Integer> columns = AttributeViews.columnsOf(index);
    if (position >= 1 && position <= index.parts().size()) {
      KeyPart part = index.parts().get(position - 1);
      // Without the collation, which is no part of the column's own definition.
      return part.expression() == null
          ? partName(reading, table, part, pretty)
          : deparser(reading, pretty)
              .expression(table, part.expression().text())
              .withoutCollation()
              .asPart();
    }
    return position < 1 || position > columns.size()
        ? ""
        : Identifiers.quote(table.columnNumbered(columns.get(position - 1)).name());
  }

  static Deparser deparser(Reading reading, boolean pretty) {
    return new Deparser(reading.access().names(), pretty);
  }

  /// A constraint that an index enforces, as in CREATE TABLE.
  static String constraint(Reading reading, TableDescriptor table, IndexDescriptor index) {
    if (index.exclusion()) {
      return exclusion(reading, table, index);
    }
    List<Integer> keys = AttributeViews.columnsOf(index).subList(0, index.parts().size());
    return (index.primary()
            ? "PRIMARY KEY ("
            : index.nullsNotDistinct() ? "UNIQUE NULLS NOT DISTINCT (" : "UNIQUE (")
        + columns(table, keys)
        + (index.included().isEmpty()
            ? ")"
            : ") INCLUDE (" + columns(table, index.included()) + ")")
        + (index.deferrable() ? " DEFERRABLE" : "")
        + (index.deferred() ? " INITIALLY DEFERRED" : "");
  }

  private static String exclusion(Reading reading, TableDescriptor table, IndexDescriptor index) {
    StringJoiner parts = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < index.parts().size(); i++) {
      parts.add(
          partName(reading, table, index.parts().get(i), true)
              + " WITH "
              + index.operators().get(i));
    }
    return "EXCLUDE USING "
        + (index.method() == null ? "btree" : index.method())
        + " "
        + parts
        + (index.predicate() == null ? "" : " WHERE (" + predicate(reading, table, index) + ")")
        + (index.deferrable() ? " DEFERRABLE" : "")
        + (index.deferred() ? " INITIALLY DEFERRED" : "");
  }

  /// The constraint with that oid as in CREATE TABLE, or null.
  ///
  /// @param pretty whether parentheses that change nothing are left out
  /// @param visible whether a table's oid needs no schema before its name
  static String constraint(Reading reading, int oid, boolean pretty, IntPredicate visible) {
    for (TypeDescriptor domain : reading.types()) {
      for (TypeDescriptor.DomainCheck check : domain.checks()) {
        if (check.oid() == oid) {
          return "CHECK ("
              + deparser(reading, pretty).rule(domain, check.text())
              + (check.validated() ? ")" : ") NOT VALID");
        }
      }
    }
    for (TableDescriptor table : reading.tables()) {
      for (CheckConstraint check : table.checks()) {
        if (check.oid() == oid) {
          return check(reading, table, check, pretty);
        }
      }
      for (IndexDescriptor index : table.indexes()) {
        if (index.constraint() && index.constraintOid() == oid) {
          return constraint(reading, table, index);
        }
      }
      for (ForeignKey key : table.foreignKeys()) {
        if (key.oid() == oid) {
          return foreignKey(reading, table, key, visible);
        }
      }
      if (InheritedKeys.isOid(oid)) {
        for (InheritedKeys.Inherited each : InheritedKeys.of(reading.catalog(), table)) {
          if (each.key().oid() == oid) {
            return foreignKey(reading, table, each.key(), visible);
          }
        }
      }
    }
    return null;
  }

  static String check(
      Reading reading, TableDescriptor table, CheckConstraint check, boolean pretty) {
    return "CHECK ("
        + deparser(reading, pretty).condition(table, check.text())
        + ")"
        + (check.noInherit() ? " NO INHERIT" : "")
        + (check.notValid() ? " NOT VALID" : "");
  }

  private static String foreignKey(
      Reading reading, TableDescriptor table, ForeignKey key, IntPredicate visible) {
    TableDescriptor parent = reading.catalog().table(key.tableOid());
    StringBuilder out = new StringBuilder("FOREIGN KEY (");
    out.append(columns(table, key.columns())).append(") REFERENCES ");
    if (!visible.test(parent.oid())) {
      out.append(Identifiers.quote(reading.schemaName(parent.schemaOid()))).append('.');
    }
    out.append(Identifiers.quote(parent.name()))
        .append('(')
        .append(columns(parent, key.referenced()))
        .append(')');
    if (key.match() == 'f') {
      out.append(" MATCH FULL");
    }
    if (key.onUpdate() != 'a') {
      out.append(" ON UPDATE ").append(actionName(key.onUpdate()));
    }
    if (key.onDelete() != 'a') {
      out.append(" ON DELETE ").append(actionName(key.onDelete()));
      if (!key.onDeleteColumns().isEmpty()) {
        out.append(" (").append(columns(table, key.onDeleteColumns())).append(')');
      }
    }
    if (key.deferrable()) {
      out.append(" DEFERRABLE");
    }
    if (key.deferred()) {
      out.append(" INITIALLY DEFERRED");
    }
    if (!key.validated()) {
      out.append(" NOT VALID");
    }
    return out.toString();
  }

  /// What a foreign key does, as SQL writes it.
  static String actionName(char letter) {
    return switch (letter) {
      case 'r' -> "RESTRICT";
      case 'c' -> "CASCADE";
      case 'n' -> "SET NULL";
      case 'd' -> "SET DEFAULT";
      default -> "NO ACTION";
    };
  }

  /// A view's query with the semicolon that PostgreSQL ends it with.
  ///
  /// @param wrap how many characters a line may have before the next column begins another one
  static String view(Reading reading, TableDescriptor view, boolean pretty, int wrap) {
    List<String> columns = view.liveColumns().stream().map(Column::name).toList();
    String text = deparser(reading, pretty).query(view.viewText(), columns, wrap);
    return text.endsWith(";") ? text : text + ";";
  }
}
