package io.trencadis.sql.catalog;

/// A sequence's definition; its current value is not part of the catalog.
///
/// @param typeOid int2, int4 or int8
/// @param ownerTableOid the table whose column owns it, or 0
/// @param ownerColumn that column's number, or 0
/// @param identity whether it serves an identity column (and is dropped only with it)
/// @param generation changes when the sequence starts anew (RESTART by ALTER SEQUENCE or TRUNCATE)
public record SequenceDescriptor(
    int oid,
    int databaseOid,
    int schemaOid,
    String name,
    int ownerOid,
    int typeOid,
    long start,
    long increment,
    long minimum,
    long maximum,
    long cache,
    boolean cycle,
    int ownerTableOid,
    int ownerColumn,
    boolean identity,
    int generation)
    implements Descriptor {
  public SequenceDescriptor withName(int newSchemaOid, String newName) {
    return new SequenceDescriptor(
        oid,
        databaseOid,
        newSchemaOid,
        newName,
        ownerOid,
        typeOid,
        start,
        increment,
        minimum,
        maximum,
        cache,
        cycle,
        ownerTableOid,
        ownerColumn,
        identity,
        generation);
  }

  public SequenceDescriptor withOwner(int tableOid, int column) {
    return new SequenceDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        typeOid,
        start,
        increment,
        minimum,
        maximum,
        cache,
        cycle,
        tableOid,
        column,
        identity,
        generation);
  }

  public SequenceDescriptor withIdentity(boolean value) {
    return new SequenceDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        typeOid,
        start,
        increment,
        minimum,
        maximum,
        cache,
        cycle,
        ownerTableOid,
        ownerColumn,
        value,
        generation);
  }

  /// The same sequence begun again at its start value.
  public SequenceDescriptor restarted(long newStart) {
    return new SequenceDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        typeOid,
        newStart,
        increment,
        minimum,
        maximum,
        cache,
        cycle,
        ownerTableOid,
        ownerColumn,
        identity,
        generation + 1);
  }

  /// The same sequence owned by another role.
  public SequenceDescriptor withRole(int roleOid) {
    return new SequenceDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        roleOid,
        typeOid,
        start,
        increment,
        minimum,
        maximum,
        cache,
        cycle,
        ownerTableOid,
        ownerColumn,
        identity,
        generation);
  }
}
