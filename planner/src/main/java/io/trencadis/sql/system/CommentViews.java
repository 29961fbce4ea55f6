package io.trencadis.sql.system;

import io.trencadis.sql.catalog.CommentDescriptor;
import io.trencadis.sql.functions.Extension;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;

/// Comments: `pg_description`, `pg_shdescription`, and the functions that look into them.
final class CommentViews {
  private static final int EXTENSIONS = 3079;

  private CommentViews() {}

  private static CommentDescriptor comment(Reading reading, int oid, int relation) {
    return reading
        .catalog()
        .annotation(CommentDescriptor.class, reading.databaseOid(), relation, oid, 0);
  }

  static void register(Registration to) {
    to.current(
        "pg_description",
        (rows, reading) -> {
          if (comment(reading, Extension.PLPGSQL_OID, EXTENSIONS) == null) {
            rows.add()
                .set("objoid", Extension.PLPGSQL_OID)
                .set("classoid", EXTENSIONS)
                .set("objsubid", 0)
                .set("description", Extension.named("plpgsql").comment());
          }
          for (CommentDescriptor each :
              reading.catalog().all(CommentDescriptor.class, reading.databaseOid())) {
            rows.add()
                .set("objoid", each.objectOid())
                .set("classoid", each.classOid())
                .set("objsubid", each.column())
                .set("description", each.text());
          }
        });
    to.current(
        "pg_shdescription",
        (rows, reading) -> {
          for (CommentDescriptor each : reading.catalog().all(CommentDescriptor.class, 0)) {
            rows.add()
                .set("objoid", each.objectOid())
                .set("classoid", each.classOid())
                .set("description", each.text());
          }
        });
  }

  /// The comment on an object, or null.
  ///
  /// @param relation the system relation that lists such objects; null for any
  /// @param shared whether all databases share the object
  static String of(Reading reading, int oid, int column, String relation, boolean shared) {
    int databaseOid = shared ? 0 : reading.databaseOid();
    if (relation == null) {
      for (CommentDescriptor each : reading.catalog().all(CommentDescriptor.class, databaseOid)) {
        if (each.objectOid() == oid && each.column() == column) {
          return each.text();
        }
      }
      return null;
    }
    for (SystemRelation each : PgCatalog.systemRelations()) {
      if (each.name().equals(relation) && each.schema().equals("pg_catalog")) {
        CommentDescriptor found =
            reading
                .catalog()
                .annotation(CommentDescriptor.class, databaseOid, each.oid(), oid, column);
        return found == null ? null : found.text();
      }
    }
    return null;
  }
}
