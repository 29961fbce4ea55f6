package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Target;

/// `pg_init_privs`: what may be done with the server's own objects as long as nobody grants or
/// revokes anything, where that is not what any object of the kind is born with.
final class InitialRights {
  private InitialRights() {}

  static void register(Registration to) {
    to.current("pg_init_privs", InitialRights::all);
  }

  private static void all(Rows rows, Reading reading) {
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      row(rows, reading, reading.target(relation));
    }
    for (int oid : new int[] {Catalog.PG_CATALOG, Catalog.INFORMATION_SCHEMA}) {
      String name = Oids.systemSchema(oid);
      row(rows, reading, Target.builtIn(Kind.SCHEMA, oid, reading.databaseOid(), name));
    }
    for (SchemaDescriptor schema : reading.schemas()) {
      if (schema.name().equals("public")) {
        row(rows, reading, Target.of(schema));
      }
    }
  }

  private static void row(Rows rows, Reading reading, Target target) {
    rows.add()
        .set("objoid", target.oid())
        .set("classoid", target.kind().classOid())
        .set("privtype", 'i')
        .set("initprivs", Acl.texts(reading.rights().initial(target), reading.catalog()));
  }
}
