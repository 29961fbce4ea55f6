package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.SchemaDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/// Names of new objects: where they go, whether they are free, and PostgreSQL's choice where none
/// was given.
final class ObjectNames {
  private static final int MAX_BYTES = 63;

  private ObjectNames() {}

  /// The schema that a new object goes to.
  ///
  /// @param temporary whether TEMPORARY was said
  /// @throws SqlException 42P16 for a temporary object in a schema that holds others
  static SchemaDescriptor schemaFor(DdlContext cx, QualifiedName name, boolean temporary) {
    String schema = name.schema();
    boolean own =
        schema != null
            && (schema.equals("pg_temp") || schema.equals(cx.names().temporarySchemaName()));
    if (own || (temporary && schema == null)) {
      return cx.temporarySchema();
    }
    if (temporary) {
      cx.names().schema(name);
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "cannot create temporary relation in non-temporary schema")
          .at(name.pos());
    }
    if (schema == null) {
      if (!cx.names().searchPath().isEmpty()
          && cx.names().searchPath().getFirst().equals("pg_temp")) {
        return cx.temporarySchema();
      }
      return cx.names().creationSchema();
    }
    if (name.schema().equals("pg_catalog") || name.schema().equals("information_schema")) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to create \"" + name + "\"")
          .detail("System catalog modifications are currently disallowed.")
          .at(name.pos());
    }
    return cx.names().schema(name);
  }

  static boolean isTemporary(DdlContext cx, int schemaOid) {
    return cx.catalog().byOid(schemaOid) instanceof SchemaDescriptor schema && schema.isTemporary();
  }

  static SqlException taken(String name) {
    return new SqlException(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
  }

  /// Fails where a table or a view cannot have the name.
  static void requireFree(Catalog catalog, int schemaOid, String name) {
    if (catalog.relationNameTaken(schemaOid, name)) {
      throw taken(name);
    }
    TypeNaming.requireNoType(catalog, schemaOid, name);
  }

  /// `part1_part2_label`, shortened to fit and numbered until nobody has it.
  static String choose(String part1, String part2, String label, Predicate<String> taken) {
    for (int number = 0; ; number++) {
      String suffix = number == 0 ? label : label + number;
      String name = join(part1, part2, suffix);
      if (!taken.test(name)) {
        return name;
      }
    }
  }

  private static String join(String part1, String part2, String label) {
    String first = part1;
    String second = part2 == null ? "" : part2;
    while (bytes(first) + bytes(second) + bytes(label) + (second.isEmpty() ? 1 : 2) > MAX_BYTES) {
      if (bytes(first) > bytes(second)) {
        first = first.substring(0, first.length() - 1);
      } else {
        second = second.substring(0, second.length() - 1);
      }
    }
    return first + (second.isEmpty() ? "" : "_" + second) + "_" + label;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
