package io.trencadis.sql.session;

import java.util.List;

/// A lock of some session, as `pg_locks` has it.
///
/// @param type `relation`, `tuple`, `transactionid`, `virtualxid` or `advisory`
/// @param databaseOid of an advisory lock; else 0
/// @param relationId the key prefix of the relation, or of the one whose row it is; else 0
/// @param transactionId for type `transactionid`
/// @param high `classid` of an advisory lock, `low` its `objid`, `space` its `objsubid`
/// @param processId 0 for a transaction that is prepared by name
/// @param virtualTransaction what stands for the session's transaction
/// @param mode such as `ShareLock`
/// @param blockers for one that is waited for: the processes in the way
public record LockInfo(
    String type,
    int databaseOid,
    int relationId,
    long transactionId,
    int high,
    int low,
    int space,
    int processId,
    String virtualTransaction,
    String mode,
    boolean granted,
    List<Integer> blockers) {}
