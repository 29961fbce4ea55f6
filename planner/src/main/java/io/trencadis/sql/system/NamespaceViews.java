package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Target;

/// Databases, schemas and tablespaces.
final class NamespaceViews {
  private static final int UTF8 = 6;

  private NamespaceViews() {}

  static void register(Registration to) {
    to.current("pg_namespace", NamespaceViews::schemas);
    to.current("pg_database", NamespaceViews::databases);
    to.fixed("pg_tablespace", NamespaceViews::tablespaces);
  }

  private static void systemSchemas(Rows rows, Reading reading) {
    for (int oid : new int[] {Oids.PG_TOAST, Catalog.PG_CATALOG, Catalog.INFORMATION_SCHEMA}) {
      rows.add()
          .set("oid", oid)
          .set("nspname", Oids.systemSchema(oid))
          .set("nspowner", Catalog.BOOTSTRAP_ROLE)
          .set(
              "nspacl",
              reading.acl(
                  Target.builtIn(Kind.SCHEMA, oid, reading.databaseOid(), Oids.systemSchema(oid))));
    }
  }

  private static void schemas(Rows rows, Reading reading) {
    systemSchemas(rows, reading);
    for (SchemaDescriptor schema : reading.schemas()) {
      rows.add()
          .set("oid", schema.oid())
          .set("nspname", schema.name())
          .set("nspowner", schema.ownerOid())
          .set("nspacl", reading.acl(Target.of(schema)));
    }
  }

  private static void databases(Rows rows, Reading reading) {
    for (DatabaseDescriptor database : reading.databases()) {
      rows.add()
          .set("oid", database.oid())
          .set("datname", database.name())
          .set("datdba", database.ownerOid())
          .set("encoding", UTF8)
          .set("datlocprovider", 'c')
          .set("datistemplate", database.template())
          .set("datallowconn", !database.closed())
          .set("datconnlimit", database.connectionLimit())
          .set("datfrozenxid", 3)
          .set("datminmxid", 1)
          .set("dattablespace", Oids.DEFAULT_TABLESPACE)
          .set("datcollate", reading.access().settings().get("lc_collate"))
          .set("datctype", reading.access().settings().get("lc_ctype"))
          .set("datacl", reading.acl(Target.of(database)));
    }
  }

  private static void tablespaces(Rows rows) {
    rows.add()
        .set("oid", Oids.DEFAULT_TABLESPACE)
        .set("spcname", "pg_default")
        .set("spcowner", Catalog.BOOTSTRAP_ROLE);
    rows.add()
        .set("oid", Oids.GLOBAL_TABLESPACE)
        .set("spcname", "pg_global")
        .set("spcowner", Catalog.BOOTSTRAP_ROLE);
  }
}
