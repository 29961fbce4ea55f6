package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.collation.TextOrder;
import io.trencadis.sql.functions.PgCatalog;

/// The collations that came with the server, and those that users made.
final class CollationRows {
  private CollationRows() {}

  /// `pg_collation`.
  static void all(Rows rows, Reading reading) {
    for (String[] row : PgCatalog.rows("pg_collation")) {
      rows.add()
          .set("oid", Integer.parseInt(row[0]))
          .set("collname", row[1])
          .set("collnamespace", Catalog.PG_CATALOG)
          .set("collowner", Catalog.BOOTSTRAP_ROLE)
          .set("collprovider", row[2].charAt(0))
          .set("collisdeterministic", row[3].equals("1"))
          .set("collencoding", Integer.parseInt(row[4]));
      String[] optional = {"collcollate", "collctype", "colliculocale", "collversion"};
      for (int i = 0; i < optional.length; i++) {
        rows.set(optional[i], row[5 + i].isEmpty() ? null : row[5 + i]);
      }
    }
    for (CollationDescriptor each : made(reading)) {
      rows.add()
          .set("oid", each.oid())
          .set("collname", each.name())
          .set("collnamespace", each.schemaOid())
          .set("collowner", each.ownerOid())
          .set("collprovider", each.provider())
          .set("collisdeterministic", each.deterministic())
          .set("collencoding", each.provider() == 'i' ? -1 : 6)
          .set("collcollate", each.collate())
          .set("collctype", each.ctype())
          .set("colliculocale", each.locale())
          .set("collversion", each.version());
    }
  }

  private static java.util.List<CollationDescriptor> made(Reading reading) {
    return reading.catalog().all(CollationDescriptor.class, reading.databaseOid());
  }

  /// The version that the collation's data has now; null for one without versions.
  ///
  /// @throws SqlException 42704 for an oid that is no collation's
  static String actualVersion(Reading reading, int oid) {
    if (reading.catalog().byOid(oid) instanceof CollationDescriptor made) {
      return made.locale() == null ? null : new TextOrder(made.locale()).version();
    }
    for (String[] row : PgCatalog.rows("pg_collation")) {
      if (Integer.parseInt(row[0]) == oid) {
        return row[7].isEmpty() ? null : new TextOrder(row[7]).version();
      }
    }
    throw new SqlException(SqlState.UNDEFINED_OBJECT, "cache lookup failed for collation " + oid);
  }

  /// The collation that a name means, or -1.
  static long oid(Reading reading, String text) {
    QualifiedName name =
        new QualifiedName(io.trencadis.sql.functions.QualifiedName.parse(text, true), -1);
    Collation found = Collations.find(reading.access().names(), name);
    return found == null ? -1 : found.oid() & 0xffff_ffffL;
  }

  /// The name that has to be written for a collation, or null.
  static String name(Reading reading, int oid) {
    return reading.catalog().byOid(oid) instanceof CollationDescriptor made
        ? Collations.text(made, reading.access().names())
        : BuiltInNames.name("pg_collation", oid);
  }

  /// Whether a collation is found by its bare name; null if there is none of that oid.
  static Boolean isVisible(Reading reading, int oid) {
    if (!(reading.catalog().byOid(oid) instanceof CollationDescriptor made)) {
      return BuiltInNames.exists("pg_collation", oid) ? Boolean.TRUE : null;
    }
    Collation found = Collations.find(reading.access().names(), QualifiedName.of(made.name(), -1));
    return found != null && found.oid() == oid;
  }

  /// What information_schema says of a column's collation.
  static void describe(Rows rows, Reading reading, Collation collation) {
    if (collation == null || collation.oid() == Collation.DEFAULT.oid()) {
      return;
    }
    CollationDescriptor made =
        reading.catalog().byOid(collation.oid()) instanceof CollationDescriptor own ? own : null;
    rows.set("collation_catalog", reading.databaseName())
        .set(
            "collation_schema",
            made == null ? collation.schema() : reading.schemaName(made.schemaOid()))
        .set("collation_name", made == null ? collation.name() : made.name());
  }
}
