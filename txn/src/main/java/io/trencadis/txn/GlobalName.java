package io.trencadis.txn;

/// What a transaction that was prepared by name is known by.
///
/// @param gid the name that its client gave it; no other that is prepared has it
/// @param preparedMicros when, in microseconds since 2000-01-01 UTC
/// @param owner the oid of the role that prepared it
/// @param database the oid of the database it was prepared in
public record GlobalName(String gid, long preparedMicros, int owner, int database) {}
