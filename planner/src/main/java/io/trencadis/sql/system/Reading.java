package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
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
