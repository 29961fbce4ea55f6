package io.trencadis.sql.system;

import io.trencadis.sql.catalog.DefaultAclDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.StartSettingsDescriptor;
import io.trencadis.sql.rights.Acl;
import java.util.ArrayList;
import java.util.List;

/// Roles under the names they have in several relations. No view shows a password or what was made
/// of it.
final class RoleViews {
  private static final String HIDDEN = "********";

  private RoleViews() {}

  static void register(Registration to) {
    to.current("pg_roles", (rows, reading) -> roles(rows, reading, true));
    to.current("pg_authid", (rows, reading) -> roles(rows, reading, false));
    to.current("pg_user", (rows, reading) -> users(rows, reading, true));
    to.current("pg_shadow", (rows, reading) -> users(rows, reading, false));
    to.current("pg_group", RoleViews::groups);
    to.current("pg_auth_members", RoleViews::members);
    to.current("pg_db_role_setting", RoleViews::settings);
    to.current("pg_default_acl", RoleViews::defaults);
  }

  private static String password(RoleDescriptor role, boolean always) {
    return always || role.passwordVerifier() != null ? HIDDEN : null;
  }

  private static void roles(Rows rows, Reading reading, boolean always) {
    for (RoleDescriptor role : reading.roles()) {
      rows.add()
          .set("oid", role.oid())
          .set("rolname", role.name())
          .set("rolsuper", role.superuser())
          .set("rolinherit", role.inherit())
          .set("rolcreaterole", role.createRole())
          .set("rolcreatedb", role.createDatabase())
          .set("rolcanlogin", role.login())
          .set("rolreplication", role.replication())
          .set("rolbypassrls", role.bypassRowSecurity())
          .set("rolconnlimit", role.connectionLimit())
          .set("rolpassword", password(role, always))
          .set("rolvaliduntil", role.validUntilMicros());
      if (always) {
        rows.set("rolconfig", settings(reading, role));
      }
    }
  }

  private static void users(Rows rows, Reading reading, boolean always) {
    for (RoleDescriptor role : reading.roles()) {
      if (role.login()) {
        rows.add()
            .set("usename", role.name())
            .set("usesysid", role.oid())
            .set("usecreatedb", role.createDatabase())
            .set("usesuper", role.superuser())
            .set("userepl", role.replication())
            .set("usebypassrls", role.bypassRowSecurity())
            .set("passwd", password(role, always))
            .set("valuntil", role.validUntilMicros())
            .set("useconfig", settings(reading, role));
      }
    }
  }

  private static void groups(Rows rows, Reading reading) {
    for (RoleDescriptor group : reading.roles()) {
      if (!group.login()) {
        List<Integer> members = new ArrayList<>();
        for (RoleDescriptor member : reading.roles()) {
          if (member.memberOf().contains(group.oid())) {
            members.add(member.oid());
          }
        }
        rows.add()
            .set("groname", group.name())
            .set("grosysid", group.oid())
            .set("grolist", members);
      }
    }
  }

  private static void members(Rows rows, Reading reading) {
    for (RoleDescriptor member : reading.roles()) {
      for (RoleDescriptor.Membership each : member.memberships()) {
        rows.add()
            .set("roleid", each.roleOid())
            .set("member", member.oid())
            .set("grantor", each.grantorOid())
            .set("admin_option", each.admin());
      }
    }
  }

  private static void defaults(Rows rows, Reading reading) {
    for (DefaultAclDescriptor each :
        reading.catalog().all(DefaultAclDescriptor.class, reading.databaseOid())) {
      rows.add()
          .set("oid", each.oid())
          .set("defaclrole", each.roleOid())
          .set("defaclnamespace", each.schemaOid())
          .set("defaclobjtype", each.kind())
          .set("defaclacl", Acl.texts(each.items(), reading.catalog()));
    }
  }

  private static void settings(Rows rows, Reading reading) {
    for (StartSettingsDescriptor each : reading.catalog().all(StartSettingsDescriptor.class)) {
      rows.add()
          .set("setdatabase", each.databaseOid())
          .set("setrole", each.roleOid())
          .set("setconfig", each.settings());
    }
  }

  /// What sessions of a role begin with in any database, or null.
  private static List<String> settings(Reading reading, RoleDescriptor role) {
    for (StartSettingsDescriptor each : reading.catalog().all(StartSettingsDescriptor.class)) {
      if (each.roleOid() == role.oid() && each.databaseOid() == 0) {
        return each.settings();
      }
    }
    return null;
  }
}
