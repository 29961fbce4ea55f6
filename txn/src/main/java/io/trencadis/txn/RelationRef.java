package io.trencadis.txn;

import io.trencadis.storage.encoding.ColumnBits;

/// A relation as a plan knows it. Every request names the schema version its plan was made for, and
/// a shard that has another one at the request's timestamp refuses it.
///
/// @param relationId the first four bytes of every key of the relation; 0 is the system's own
/// @param schemaVersion the version written by the last DDL; 0 where none was ever written
/// @param name for messages only
/// @param columns of its rows, those that a read looks at ([ColumnBits]): what others do to the
///   rest of a row does not make the read another one
public record RelationRef(int relationId, long schemaVersion, String name, long columns) {
  /// As reads know it that look at whole rows, and writes.
  public RelationRef(int relationId, long schemaVersion, String name) {
    this(relationId, schemaVersion, name, ColumnBits.ALL);
  }

  /// The same for reads that look at some columns only.
  public RelationRef reading(long some) {
    return new RelationRef(relationId, schemaVersion, name, some);
  }
}
