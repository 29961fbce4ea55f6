package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.PgType;
import java.nio.charset.StandardCharsets;

/// Names of types: whether they are free, what the array type is called, and which type a statement
/// means.
final class TypeNaming {
  private static final int MAX_BYTES = 63;

  private final DdlContext cx;

  TypeNaming(DdlContext cx) {
    this.cx = cx;
  }

  /// Whether the type is that of a table's rows, or the array type over it.
  static boolean isTableRow(PgType type) {
    return type != null && RowTypes.isOfTable(type.oid());
  }

  static boolean taken(Catalog catalog, int schemaOid, String name) {
    return catalog.types().byName(schemaOid, name) != null
        || catalog.relation(schemaOid, name) instanceof TableDescriptor;
  }

  /// The schema for a new type, in which its name is free.
  SchemaDescriptor schemaFor(QualifiedName name) {
    SchemaDescriptor schema = ObjectNames.schemaFor(cx, name, false);
    requireFree(schema, name.name());
    return schema;
  }

  void requireFree(SchemaDescriptor schema, String name) {
    if (taken(cx.catalog(), schema.oid(), name)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name + "\" already exists");
    }
  }

  /// Fails where a table would have the name of a type: its rows are of a type of that name, too.
  static void requireNoType(Catalog catalog, int schemaOid, String name) {
    PgType type = catalog.types().byName(schemaOid, name);
    if (type != null && !isTableRow(type)) {
      if (type.isRow()) {
        throw ObjectNames.taken(name);
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name + "\" already exists")
          .hint(
              "A relation has an associated type of the same name, so you must use a name that"
                  + " doesn't conflict with any existing type.");
    }
  }

  /// The name of the array type over a new type: an underscore more, as often as need be.
  String arrayName(SchemaDescriptor schema, String name) {
    String candidate = name;
    do {
      candidate = "_" + candidate;
      while (candidate.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
        candidate = candidate.substring(0, candidate.length() - 1);
      }
    } while (taken(cx.catalog(), schema.oid(), candidate));
    return candidate;
  }

  static SqlException missing(QualifiedName name) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
  }

  /// The user's type that ALTER names.
  ///
  /// @throws SqlException 42704 if there is none, 42809 if it belongs to a table or another type
  TypeDescriptor toAlter(QualifiedName name) {
    PgType type = cx.names().findType(name.parts(), -1);
    if (isTableRow(type) && !type.isArray()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, type.displayName() + " is a table's row type")
          .hint("Use ALTER TABLE instead.");
    }
    if (type == null) {
      throw missing(name);
    }
    if (!type.isUsers()) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of type " + type.displayName());
    }
    if (type.isArray()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "cannot alter array type " + type.displayName())
          .hint(
              "You can alter type "
                  + type.elementType().displayName()
                  + ", which will alter the array type as well.");
    }
    return cx.catalog().types().descriptor(type.oid());
  }

  /// The enum that ALTER TYPE … VALUE names.
  TypeDescriptor enumToAlter(QualifiedName name) {
    PgType type = cx.names().findType(name.parts(), -1);
    if (type == null) {
      throw missing(name);
    }
    if (!type.isEnum()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, type.displayName() + " is not an enum");
    }
    return cx.catalog().types().descriptor(type.oid());
  }

  /// The type that DROP names; null if there is none.
  TypeDescriptor toDrop(QualifiedName name, boolean domain) {
    PgType type = cx.names().findType(name.parts(), -1);
    if (type == null) {
      return null;
    }
    if (isTableRow(type) && !type.isArray() && !domain) {
      TableDescriptor table = cx.catalog().table(type.relationOid());
      String shown = (table.isView() ? "view " : "table ") + type.displayName();
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop type " + type.displayName() + " because " + shown + " requires it")
          .hint("You can drop " + shown + " instead.");
    }
    if (domain && !type.isDomain()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a domain");
    }
    if (!type.isUsers()) {
      throw new SqlException(
          SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
          "cannot drop type "
              + type.displayName()
              + " because it is required by the database system");
    }
    if (type.isArray()) {
      String element = type.elementType().displayName();
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop type "
                  + type.displayName()
                  + " because type "
                  + element
                  + " requires it")
          .hint("You can drop type " + element + " instead.");
    }
    return cx.catalog().types().descriptor(type.oid());
  }
}
