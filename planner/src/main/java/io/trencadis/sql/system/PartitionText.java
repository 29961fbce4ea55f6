package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.StringJoiner;

/// PARTITION BY and FOR VALUES clauses as PostgreSQL prints them.
final class PartitionText {
  private PartitionText() {}

  /// `RANGE (k)`, or null for a table that is not partitioned.
  static String key(Reading reading, TableDescriptor table) {
    if (table.partitioning() == null) {
      return null;
    }
    String strategy =
        switch (table.partitioning().strategy()) {
          case 'h' -> "HASH";
          case 'l' -> "LIST";
          default -> "RANGE";
        };
    StringJoiner names = new StringJoiner(", ", strategy + " (", ")");
    for (int i = 0; i < table.partitioning().columns().size(); i++) {
      names.add(part(reading, table, i));
    }
    return names.toString();
  }

  /// A part of a table's partition key.
  static String part(Reading reading, TableDescriptor table, int part) {
    IndexExpression expression = table.partitioning().expression(part);
    if (expression == null) {
      return Identifiers.quote(table.partitioning().name(part, table));
    }
    return DefinitionText.deparser(reading, false).expression(table, expression.text()).asPart();
  }

  /// `FOR VALUES …` or `DEFAULT`, or null for a table that is no partition.
  static String bound(Catalog catalog, TableDescriptor table) {
    TableDescriptor parent = catalog.table(table.parentOid());
    if (parent == null) {
      return null;
    }
    return switch (table.bound()) {
      case null -> null;
      case PartitionBound.Default _ -> "DEFAULT";
      case PartitionBound.Hash hash ->
          "FOR VALUES WITH (modulus " + hash.modulus() + ", remainder " + hash.remainder() + ")";
      case PartitionBound.ListOf list -> {
        StringJoiner values = new StringJoiner(", ", "FOR VALUES IN (", ")");
        for (String value : list.values()) {
          values.add(literal(value, parent.partitioning().typeOid(0, parent)));
        }
        yield values.toString();
      }
      case PartitionBound.Range range ->
          "FOR VALUES FROM " + edges(parent, range.lower()) + " TO " + edges(parent, range.upper());
    };
  }

  private static String edges(TableDescriptor parent, List<PartitionBound.Edge> edges) {
    StringJoiner out = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < edges.size(); i++) {
      PartitionBound.Edge edge = edges.get(i);
      int type = parent.partitioning().typeOid(i, parent);
      out.add(
          edge.infinity() < 0
              ? "MINVALUE"
              : edge.infinity() > 0 ? "MAXVALUE" : literal(edge.value(), type));
    }
    return out.toString();
  }

  /// A constant without its type. Only what SQL reads back as the same type without quotes has
  /// none.
  private static String literal(String value, int typeOid) {
    if (value == null) {
      return "NULL";
    }
    if (typeOid == Types.BOOL.oid()) {
      return value.equals("t") ? "true" : "false";
    }
    boolean bare =
        typeOid == Types.INT4.oid() && !value.startsWith("-")
            || typeOid == Types.NUMERIC.oid()
                && value.indexOf('.') >= 0
                && Character.isDigit(value.charAt(0));
    return bare ? value : "'" + value.replace("'", "''") + "'";
  }
}
