package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import org.apache.calcite.rex.RexNode;

/// Finds collations by name: those that came with the server, and those that users made.
public final class Collations {
  private static final String BUILT_IN = "pg_catalog";

  private Collations() {}

  /// The collation that is written for something of a type.
  ///
  /// @param collation null where none was written
  /// @return null where none was written
  /// @throws SqlException 42704 for one that is not there, 42804 for a type without any
  public static Collation find(Names names, QualifiedName collation, PgType type) {
    return find(names, collation, type, -1);
  }

  /// The same, where PostgreSQL says where the error is.
  public static Collation find(Names names, QualifiedName collation, PgType type, int pos) {
    if (collation == null) {
      return null;
    }
    Collation found = find(names, collation);
    if (found == null) {
      throw undefined(collation).at(pos);
    }
    if (type != Types.UNKNOWN && type.collationOid() == 0) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "collations are not supported by type " + type.displayName())
          .at(pos);
    }
    return found;
  }

  /// The collation of a column or key that rows are placed by, as [#find] finds it.
  ///
  /// @throws SqlException 0A000 for one that is not the order of code points, too
  public static void requirePlain(
      Names names, QualifiedName collation, PgType type, String construct) {
    Collation found = find(names, collation, type);
    if (Collation.special(found) != null) {
      throw SqlException.notSupported(construct + " with collation \"" + found.name() + "\"");
    }
  }

  public static SqlException undefined(QualifiedName collation) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "collation \"" + collation + "\" for encoding \"UTF8\" does not exist");
  }

  /// The collation of that name, or null.
  public static Collation find(Names names, QualifiedName name) {
    if (name.schema() == null || name.schema().equals(BUILT_IN)) {
      Collation builtIn = builtIn(name.name());
      if (builtIn != null) {
        return builtIn;
      }
    }
    CollationDescriptor made = made(names, name);
    return made == null ? null : made.collation(names.catalog());
  }

  /// What a user made of that name, or null.
  public static CollationDescriptor made(Names names, QualifiedName name) {
    if (name.schema() != null) {
      SchemaDescriptor schema = names.findSchema(name.schema());
      return schema == null ? null : names.catalog().collation(schema.oid(), name.name());
    }
    for (SchemaDescriptor schema : names.schemasOnPath()) {
      CollationDescriptor found = names.catalog().collation(schema.oid(), name.name());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// The name of an expression's collation: `COLLATION FOR (…)`.
  static RexNode nameOf(Analysis analysis, RexNode node, int pos) {
    PgType type = Analysis.typeOf(node);
    if (type == Types.UNKNOWN) {
      return analysis.nullOf(Types.TEXT);
    }
    if (type.collationOid() == 0) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "collations are not supported by type " + type.displayName())
          .at(pos);
    }
    Collation own = CollationRules.of(node);
    if (own != null && own.isConflict()) {
      return analysis.nullOf(Types.TEXT);
    }
    boolean isName = own == null && type == Types.NAME;
    return analysis.fixed(
        isName ? "\"C\"" : text(own == null ? Collation.DEFAULT : own, analysis.names()),
        Types.TEXT);
  }

  /// A collation's name as it has to be written.
  private static String text(Collation collation, Names names) {
    // A column knows it by the name that it had then.
    return names.catalog().byOid(collation.oid()) instanceof CollationDescriptor made
        ? text(made, names)
        : quoted(collation.name());
  }

  /// The name of a user's collation as it has to be written.
  public static String text(CollationDescriptor made, Names names) {
    Collation visible = find(names, QualifiedName.of(made.name(), -1));
    return visible != null && visible.oid() == made.oid()
        ? quoted(made.name())
        : Identifiers.quote(names.catalog().byOid(made.schemaOid()).name())
            + "."
            + quoted(made.name());
  }

  private static String quoted(String name) {
    // `default` is a word of SQL's, and so no name without quotes.
    return name.equals("default") ? "\"default\"" : Identifiers.quote(name);
  }

  private static Collation builtIn(String name) {
    if (name.equals("default")) {
      return Collation.DEFAULT;
    }
    String known = name.equals("C.UTF-8") ? "C.utf8" : name;
    for (String[] row : PgCatalog.rows("pg_collation")) {
      if (row[1].equals(known)) {
        return new Collation(
            Integer.parseInt(row[0]), BUILT_IN, row[1], row[7].isEmpty() ? null : row[7], true);
      }
    }
    return null;
  }
}
