package io.trencadis.sql.catalog;

/// The definition of one object of the catalog. Descriptors are immutable; a change is a new
/// descriptor under the same oid.
public sealed interface Descriptor
    permits DatabaseDescriptor,
        RoleDescriptor,
        SchemaDescriptor,
        TableDescriptor,
        SequenceDescriptor,
        TypeDescriptor,
        CollationDescriptor,
        ExtensionDescriptor,
        RoutineDescriptor,
        TriggerDescriptor,
        Annotation,
        DefaultAclDescriptor,
        StartSettingsDescriptor {
  /// Identifies the object for as long as it exists; unique over the whole cluster.
  int oid();

  String name();

  /// The database that the object lives in, or 0 for what all databases share.
  default int databaseOid() {
    return 0;
  }
}
