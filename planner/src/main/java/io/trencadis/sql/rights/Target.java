package io.trencadis.sql.rights;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;

/// An object as far as rights go.
///
/// @param databaseOid 0 where all databases share it
/// @param builtIn whether it came with the server, so that its rows are not for users to change
public record Target(
    Kind kind, int oid, int databaseOid, int ownerOid, String name, boolean builtIn) {
  public static Target of(TableDescriptor table) {
    return new Target(
        table.isView() ? Kind.VIEW : Kind.TABLE,
        table.oid(),
        table.databaseOid(),
        table.ownerOid(),
        table.name(),
        false);
  }

  public static Target of(SequenceDescriptor sequence) {
    return new Target(
        Kind.SEQUENCE,
        sequence.oid(),
        sequence.databaseOid(),
        sequence.ownerOid(),
        sequence.name(),
        false);
  }

  public static Target of(SchemaDescriptor schema) {
    return new Target(
        Kind.SCHEMA, schema.oid(), schema.databaseOid(), schema.ownerOid(), schema.name(), false);
  }

  /// @param name what messages call it: with its schema unless the search path finds it
  public static Target of(TypeDescriptor type, String name) {
    return new Target(Kind.TYPE, type.oid(), type.databaseOid(), type.ownerOid(), name, false);
  }

  public static Target of(RoutineDescriptor routine) {
    return new Target(
        routine.isProcedure() ? Kind.PROCEDURE : Kind.FUNCTION,
        routine.oid(),
        routine.databaseOid(),
        routine.ownerOid(),
        routine.name(),
        false);
  }

  public static Target of(DatabaseDescriptor database) {
    return new Target(
        Kind.DATABASE, database.oid(), 0, database.ownerOid(), database.name(), false);
  }

  /// An object that came with the server.
  public static Target builtIn(Kind kind, int oid, int databaseOid, String name) {
    return new Target(
        kind, oid, kind.shared() ? 0 : databaseOid, Catalog.BOOTSTRAP_ROLE, name, true);
  }
}
