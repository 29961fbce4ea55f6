package io.trencadis.txn.lock;

/// A lock that a transaction holds, as it is written down.
///
/// @param relationId the relation that is locked; 0 where it is a row
/// @param key the row's key; null for a relation
/// @param modes a bit for each mode held: the ordinals of [io.trencadis.txn.RowLock] or
///   [io.trencadis.txn.RelationLock]
public record HeldLock(int relationId, byte[] key, int modes) {}
