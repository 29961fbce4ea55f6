package io.trencadis.sql.catalog;

import java.util.List;

/// A role: a user, a group, or both.
///
/// @param passwordVerifier the SCRAM-SHA-256 verifier in PostgreSQL's form, or null without a
///   password; the password itself is never kept
/// @param validUntilMicros when the password stops being valid, in microseconds since 2000-01-01
///   UTC, or null
/// @param memberOf oids of the roles that this one was granted
public record RoleDescriptor(
    int oid,
    String name,
    boolean superuser,
    boolean inherit,
    boolean createRole,
    boolean createDatabase,
    boolean login,
    boolean replication,
    boolean bypassRowSecurity,
    int connectionLimit,
    String passwordVerifier,
    Long validUntilMicros,
    List<Integer> memberOf)
    implements Descriptor {}
