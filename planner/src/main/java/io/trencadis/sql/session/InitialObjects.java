package io.trencadis.sql.session;

import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CommentDescriptor;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import java.util.ArrayList;
import java.util.List;

/// What a new data directory has: a superuser, the database `postgres`, and the two templates that
/// tools know, with PostgreSQL's oids.
final class InitialObjects {
  private static final int TEMPLATE1 = 1;
  private static final int TEMPLATE0 = 4;
  // Oids that PostgreSQL gives to nothing, for what belongs to the databases.
  private static final int PUBLIC_COMMENT = Catalog.PUBLIC + 1;
  private static final int OF_TEMPLATE1 = 6100;
  private static final int OF_TEMPLATE0 = 6110;

  private InitialObjects() {}

  /// @param passwordVerifier of the superuser, or null for no password
  static List<Descriptor> of(String passwordVerifier) {
    int role = Catalog.BOOTSTRAP_ROLE;
    List<Descriptor> all = new ArrayList<>();
    all.add(
        new RoleDescriptor(
            role,
            "postgres",
            true,
            true,
            true,
            true,
            true,
            true,
            true,
            -1,
            passwordVerifier,
            null,
            List.of()));
    database(
        all,
        new DatabaseDescriptor(Catalog.POSTGRES_DATABASE, "postgres", role, -1),
        Catalog.PUBLIC,
        PUBLIC_COMMENT);
    template(
        all, new DatabaseDescriptor(TEMPLATE1, "template1", role, -1, true, false), OF_TEMPLATE1);
    template(
        all, new DatabaseDescriptor(TEMPLATE0, "template0", role, -1, true, true), OF_TEMPLATE0);
    return all;
  }

  private static void database(
      List<Descriptor> all, DatabaseDescriptor database, int schema, int comment) {
    all.add(database);
    all.add(new SchemaDescriptor(schema, database.oid(), "public", PredefinedRoles.DATABASE_OWNER));
    all.add(CommentDescriptor.ofPublic(comment, database.oid(), schema));
  }

  /// @param oids the first of those for what belongs to it
  private static void template(List<Descriptor> all, DatabaseDescriptor database, int oids) {
    database(all, database, oids, oids + 1);
    int role = database.ownerOid();
    long connect = Privilege.CONNECT.bit();
    long whole = connect | Privilege.CREATE.bit() | Privilege.TEMPORARY.bit();
    all.add(
        new AclDescriptor(
            oids + 2,
            0,
            Kind.DATABASE.classOid(),
            database.oid(),
            0,
            List.of(new AclItem(Acl.PUBLIC, role, connect, 0), new AclItem(role, role, whole, 0))));
  }
}
