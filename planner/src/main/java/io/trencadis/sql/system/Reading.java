package io.trencadis.sql.system;

import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.CatalogAccess;
import java.util.ArrayList;
import java.util.List;

/// The catalog as one statement reads it.
record Reading(CatalogAccess access) {
  Catalog catalog() {
    return access.names().catalog();
  }

  int databaseOid() {
    return access.names().databaseOid();
  }

  String databaseName() {
    Descriptor database = catalog().byOid(databaseOid());
    return database == null ? access.currentDatabase() : database.name();
  }

  Rights rights() {
    return new Rights(catalog(), databaseOid());
  }

  Target target(SystemRelation relation) {
    return Target.builtIn(
        relation.kind() == 'v' ? Kind.VIEW : Kind.TABLE,
        relation.oid(),
        databaseOid(),
        relation.name());
  }

  /// A table, view or sequence, a user's or the server's; null if the oid means none.
  Target relationTarget(int oid) {
    return switch (catalog().byOid(oid)) {
      case TableDescriptor table -> Target.of(table);
      case SequenceDescriptor sequence -> Target.of(sequence);
      case null, default -> {
        for (SystemRelation relation : PgCatalog.systemRelations()) {
          if (relation.oid() == oid) {
            yield target(relation);
          }
        }
        yield null;
      }
    };
  }

  /// What a system relation shows of an object's privileges; null for those it is born with.
  List<String> acl(Target target) {
    List<AclItem> items = rights().shown(target);
    return items == null ? null : Acl.texts(items, catalog());
  }

  /// The same of a column.
  List<String> acl(Target target, int column) {
    List<AclItem> items = rights().granted(target, column);
    return items == null ? null : Acl.texts(items, catalog());
  }

  List<DatabaseDescriptor> databases() {
    return catalog().all(DatabaseDescriptor.class);
  }

  List<RoleDescriptor> roles() {
    return catalog().all(RoleDescriptor.class);
  }

  /// The users' schemas of this database.
  List<SchemaDescriptor> schemas() {
    return catalog().all(SchemaDescriptor.class, databaseOid());
  }

  /// Tables, partitioned tables and views of this database.
  List<TableDescriptor> relations() {
    return catalog().all(TableDescriptor.class, databaseOid());
  }

  List<TableDescriptor> views() {
    List<TableDescriptor> views = new ArrayList<>(relations());
    views.removeIf(each -> !each.isView());
    return views;
  }

  /// Tables and partitioned tables of this database.
  List<TableDescriptor> tables() {
    List<TableDescriptor> tables = new ArrayList<>(relations());
    tables.removeIf(TableDescriptor::isView);
    return tables;
  }

  List<SequenceDescriptor> sequences() {
    return catalog().all(SequenceDescriptor.class, databaseOid());
  }

  /// The types that users made in this database.
  List<TypeDescriptor> types() {
    return catalog().all(TypeDescriptor.class, databaseOid());
  }

  String schemaName(int oid) {
    return Oids.systemSchema(oid) != null
        ? Oids.systemSchema(oid)
        : catalog().byOid(oid) instanceof SchemaDescriptor schema ? schema.name() : null;
  }

  /// The oid of a schema of this database, built-in ones included; 0 if there is none.
  int schemaOid(String name) {
    int system = Oids.systemSchema(name);
    SchemaDescriptor schema = system != 0 ? null : catalog().schema(databaseOid(), name);
    return schema == null ? system : schema.oid();
  }

  String roleName(int oid) {
    RoleDescriptor role = catalog().role(oid);
    return role == null ? null : role.name();
  }
}
