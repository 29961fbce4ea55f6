package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor.Membership;
import io.trencadis.sql.rights.Roles;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.List;

/// GRANT and REVOKE of roles.
final class MembershipCommands {
  private final DdlContext cx;

  MembershipCommands(DdlContext cx) {
    this.cx = cx;
  }

  void grant(Statement.GrantRole grant) {
    RoleDescriptor grantor =
        grant.grantor() == null ? cx.role() : RoleNames.role(cx, grant.grantor());
    for (String name : grant.roles()) {
      RoleDescriptor role = RoleNames.role(cx, name);
      requireAllowed(role, grantor);
      for (String member : grant.grantees()) {
        if (grant.revoke()) {
          revoke(role, RoleNames.role(cx, member), grant.adminOption());
        } else {
          add(role, RoleNames.role(cx, member), grant.adminOption(), grantor.oid());
        }
      }
    }
  }

  /// What CREATE ROLE gives.
  void addByCreation(RoleDescriptor role, List<String> members, boolean admin) {
    if (members.isEmpty()) {
      return;
    }
    requireAllowed(role, cx.role());
    for (String member : members) {
      add(role, RoleNames.role(cx, member), admin, cx.role().oid());
    }
  }

  private Roles roles() {
    return new Roles(cx.catalog(), cx.databaseOid());
  }

  private void requireAllowed(RoleDescriptor role, RoleDescriptor grantor) {
    boolean superuser = cx.role().superuser();
    String obstacle = null;
    if (role.superuser()) {
      obstacle = superuser ? null : "must be superuser to alter superusers";
    } else if (!superuser
        && !cx.role().createRole()
        && !roles().isAdmin(grantor.oid(), role.oid())) {
      obstacle = "must have admin option on role \"" + role.name() + "\"";
    }
    if (obstacle == null && grantor.oid() != cx.role().oid() && !superuser) {
      obstacle = "must be superuser to set grantor";
    }
    if (obstacle != null) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, obstacle);
    }
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_GRANT_OPERATION, message);
  }

  private void add(RoleDescriptor role, RoleDescriptor member, boolean admin, int grantor) {
    if (role.oid() == PredefinedRoles.DATABASE_OWNER) {
      throw new SqlException(
          SqlState.INTERNAL_ERROR, "role \"" + role.name() + "\" cannot have explicit members");
    }
    if (member.oid() == PredefinedRoles.DATABASE_OWNER) {
      throw new SqlException(
          SqlState.INTERNAL_ERROR, "role \"" + member.name() + "\" cannot be a member of any role");
    }
    if (roles().isMemberByGrant(role.oid(), member.oid())) {
      throw invalid("role \"" + role.name() + "\" is a member of role \"" + member.name() + "\"");
    }
    List<Membership> all = new ArrayList<>(cx.catalog().role(member.oid()).memberships());
    for (int i = 0; i < all.size(); i++) {
      Membership known = all.get(i);
      if (known.roleOid() == role.oid()) {
        if (!admin || known.admin()) {
          cx.notice(
              Notice.notice(
                  "role \""
                      + member.name()
                      + "\" is already a member of role \""
                      + role.name()
                      + "\""));
          return;
        }
        all.set(i, new Membership(role.oid(), true, grantor));
        cx.put(member.withMemberships(all));
        return;
      }
    }
    all.add(new Membership(role.oid(), admin, grantor));
    cx.put(cx.catalog().role(member.oid()).withMemberships(all));
  }

  private void revoke(RoleDescriptor role, RoleDescriptor member, boolean adminOnly) {
    List<Membership> all = new ArrayList<>(cx.catalog().role(member.oid()).memberships());
    Membership known = null;
    for (Membership each : all) {
      known = each.roleOid() == role.oid() ? each : known;
    }
    if (known == null) {
      cx.notice(
          Notice.warning(
              SqlState.WARNING,
              "role \"" + member.name() + "\" is not a member of role \"" + role.name() + "\""));
      return;
    }
    int at = all.indexOf(known);
    all.remove(at);
    if (adminOnly) {
      all.add(at, new Membership(role.oid(), false, known.grantorOid()));
    }
    cx.put(cx.catalog().role(member.oid()).withMemberships(all));
  }

  /// Ends all memberships in a role that is dropped.
  void forget(RoleDescriptor role) {
    for (RoleDescriptor member : cx.catalog().all(RoleDescriptor.class)) {
      if (member.memberOf().contains(role.oid())) {
        List<Membership> left = new ArrayList<>(member.memberships());
        left.removeIf(each -> each.roleOid() == role.oid());
        cx.put(member.withMemberships(left));
      }
    }
  }
}
