package io.trencadis.sql.catalog;

import java.util.ArrayList;
import java.util.List;

/// A role: a user, a group, or both.
///
/// @param passwordVerifier the SCRAM-SHA-256 verifier in PostgreSQL's form, or null without a
///   password; the password itself is never kept
/// @param validUntilMicros when the password stops being valid, in microseconds since 2000-01-01
///   UTC, or null
/// @param memberOf oids of the roles that this one was granted
/// @param adminOf those among them that it may grant to others
/// @param grantors who granted each of `memberOf`, in the same order; where the list is shorter,
///   the first superuser did
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
    List<Integer> memberOf,
    List<Integer> adminOf,
    List<Integer> grantors)
    implements Descriptor {
  /// That this role is a member of another.
  ///
  /// @param admin whether it may grant the other role to others
  public record Membership(int roleOid, boolean admin, int grantorOid) {}

  /// A role whose memberships are all without ADMIN OPTION.
  public RoleDescriptor(
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
      List<Integer> memberOf) {
    this(
        oid,
        name,
        superuser,
        inherit,
        createRole,
        createDatabase,
        login,
        replication,
        bypassRowSecurity,
        connectionLimit,
        passwordVerifier,
        validUntilMicros,
        memberOf,
        List.of(),
        List.of());
  }

  public List<Membership> memberships() {
    List<Membership> all = new ArrayList<>();
    for (int i = 0; i < memberOf.size(); i++) {
      int role = memberOf.get(i);
      all.add(
          new Membership(
              role,
              adminOf.contains(role),
              i < grantors.size() ? grantors.get(i) : Catalog.BOOTSTRAP_ROLE));
    }
    return all;
  }

  public RoleDescriptor withMemberships(List<Membership> all) {
    return new RoleDescriptor(
        oid,
        name,
        superuser,
        inherit,
        createRole,
        createDatabase,
        login,
        replication,
        bypassRowSecurity,
        connectionLimit,
        passwordVerifier,
        validUntilMicros,
        all.stream().map(Membership::roleOid).toList(),
        all.stream().filter(Membership::admin).map(Membership::roleOid).toList(),
        all.stream().map(Membership::grantorOid).toList());
  }

  public RoleDescriptor withName(String newName) {
    return new RoleDescriptor(
        oid,
        newName,
        superuser,
        inherit,
        createRole,
        createDatabase,
        login,
        replication,
        bypassRowSecurity,
        connectionLimit,
        passwordVerifier,
        validUntilMicros,
        memberOf,
        adminOf,
        grantors);
  }
}
