package io.trencadis.txn;

/// A relation as a plan knows it. Every request names the schema version its plan was made for, and
/// a shard that has another one at the request's timestamp refuses it.
///
/// @param relationId the first four bytes of every key of the relation; 0 is the system's own
/// @param schemaVersion the version written by the last DDL; 0 where none was ever written
/// @param name for messages only
public record RelationRef(int relationId, long schemaVersion, String name) {}
