package io.trencadis.sql.rights;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.RoleDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who is a member of whom.
///
/// @param databaseOid the database whose owner is the member of `pg_database_owner`
public record Roles(Catalog catalog, int databaseOid) {
  public boolean isSuperuser(int role) {
    RoleDescriptor found = catalog.role(role);
    return found != null && found.superuser();
  }

  /// The role itself and all that it is a member of, the nearest first.
  ///
  /// @param inherited whether only those whose privileges it has without SET ROLE
  public Set<Integer> of(int role, boolean inherited) {
    Set<Integer> found = new LinkedHashSet<>();
    found.add(role);
    List<Integer> open = new ArrayList<>(List.of(role));
    for (int i = 0; i < open.size(); i++) {
      RoleDescriptor member = catalog.role(open.get(i));
      if (member == null || inherited && !member.inherit()) {
        continue;
      }
      for (int group : member.memberOf()) {
        if (found.add(group)) {
          open.add(group);
        }
      }
      if (catalog.byOid(databaseOid) instanceof DatabaseDescriptor database
          && database.ownerOid() == member.oid()
          && found.add(PredefinedRoles.DATABASE_OWNER)) {
        open.add(PredefinedRoles.DATABASE_OWNER);
      }
    }
    return found;
  }

  /// Whether the role has the other's privileges.
  public boolean has(int role, int other) {
    return role == other || isSuperuser(role) || of(role, true).contains(other);
  }

  /// Whether the role may become the other.
  public boolean isMember(int role, int other) {
    return role == other || isSuperuser(role) || of(role, false).contains(other);
  }

  /// Whether it is a member by grants alone.
  public boolean isMemberByGrant(int role, int other) {
    return of(role, false).contains(other);
  }

  /// Whether the role may grant membership in the other.
  public boolean isAdmin(int role, int other) {
    if (isSuperuser(role)) {
      return true;
    }
    for (int each : of(role, false)) {
      RoleDescriptor member = catalog.role(each);
      if (member != null && member.adminOf().contains(other)) {
        return true;
      }
    }
    return false;
  }
}
