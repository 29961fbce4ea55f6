package io.trencadis.sql.catalog;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// The definition of one object of the catalog. Descriptors are immutable; a change is a new
/// descriptor under the same oid.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = DatabaseDescriptor.class, name = "database"),
  @JsonSubTypes.Type(value = RoleDescriptor.class, name = "role"),
  @JsonSubTypes.Type(value = SchemaDescriptor.class, name = "schema"),
  @JsonSubTypes.Type(value = TableDescriptor.class, name = "table"),
  @JsonSubTypes.Type(value = SequenceDescriptor.class, name = "sequence")
})
public sealed interface Descriptor
    permits DatabaseDescriptor,
        RoleDescriptor,
        SchemaDescriptor,
        TableDescriptor,
        SequenceDescriptor {
  /// Identifies the object for as long as it exists; unique over the whole cluster.
  int oid();

  String name();

  /// The database that the object lives in, or 0 for what all databases share.
  default int databaseOid() {
    return 0;
  }
}
