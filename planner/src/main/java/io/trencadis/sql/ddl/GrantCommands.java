package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.AclChange;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// GRANT and REVOKE of privileges on objects.
final class GrantCommands {
  private final DdlContext cx;
  private final GrantTargets targets;

  GrantCommands(DdlContext cx) {
    this.cx = cx;
    this.targets = new GrantTargets(cx);
  }

  /// Who privileges are granted to: oids, 0 for PUBLIC.
  static List<Integer> grantees(DdlContext cx, List<String> names) {
    List<Integer> oids = new ArrayList<>();
    for (String name : names) {
      oids.add(name.equals("public") ? Acl.PUBLIC : RoleNames.role(cx, name).oid());
    }
    return oids;
  }

  void grant(Statement.Grant grant) {
    if (grant.grantor() != null && RoleNames.role(cx, grant.grantor()).oid() != cx.role().oid()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "grantor must be current user");
    }
    List<Integer> grantees = grantees(cx, grant.grantees());
    Kind kind = GrantTargets.kind(grant.kind());
    requirePublicMay(grant, grantees);
    List<Target> objects = targets.of(grant, kind);
    if (kind != Kind.TABLE) {
      requireNoColumns(grant.privileges());
    }
    for (Target target : objects) {
      long whole = whole(grant.privileges(), kind, target);
      Map<Integer, Long> columns = columns(grant.privileges(), target, grant.revoke());
      boolean all = grant.privileges().getFirst().name().equals("all");
      if (whole != 0) {
        change(target, 0, whole, all, grant, grantees);
        if (grant.revoke() && target.kind().isRelation()) {
          revokeOfColumns(target, whole & Kind.COLUMN.all(), grant, grantees);
        }
      }
      columns.forEach(
          (column, privileges) -> change(target, column, privileges, all, grant, grantees));
    }
  }

  private static void requirePublicMay(Statement.Grant grant, List<Integer> grantees) {
    if (!grant.revoke() && grant.grantOption() && grantees.contains(Acl.PUBLIC)) {
      throw new SqlException(
          SqlState.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
    }
  }

  private static void requireNoColumns(List<Statement.Privilege> privileges) {
    for (Statement.Privilege privilege : privileges) {
      if (!privilege.columns().isEmpty()) {
        throw new SqlException(
            SqlState.INVALID_GRANT_OPERATION, "column privileges are only valid for relations");
      }
    }
  }

  // ---------------------------------------------------------------- privileges

  static Privilege named(Statement.Privilege privilege) {
    Privilege found = Privilege.named(privilege.name());
    if (found == null) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "unrecognized privilege type \"" + privilege.name() + "\"");
    }
    return found;
  }

  /// The privileges on whole objects that a statement names.
  ///
  /// @throws SqlException 0LP01 where such objects have no such privilege
  static long whole(List<Statement.Privilege> privileges, Kind kind) {
    long bits = 0;
    for (Statement.Privilege privilege : privileges) {
      if (!privilege.columns().isEmpty()) {
        continue;
      }
      if (privilege.name().equals("all")) {
        bits |= kind.all();
        continue;
      }
      Privilege one = named(privilege);
      if ((kind.all() & one.bit()) == 0) {
        throw new SqlException(
            SqlState.INVALID_GRANT_OPERATION,
            "invalid privilege type "
                + one.word()
                + " for "
                + (kind == Kind.TABLE ? "relation" : kind.word()));
      }
      bits |= one.bit();
    }
    return bits;
  }

  /// GRANT … ON TABLE takes sequences, too, and then only what they have.
  private long whole(List<Statement.Privilege> privileges, Kind kind, Target target) {
    if (kind != Kind.TABLE || target.kind() != Kind.SEQUENCE) {
      if (kind == Kind.TABLE) {
        for (Statement.Privilege each : privileges) {
          if (each.name().equals("usage")) {
            throw new SqlException(
                SqlState.INVALID_GRANT_OPERATION, "invalid privilege type USAGE for table");
          }
        }
      }
      return whole(privileges, kind);
    }
    if (privileges.getFirst().name().equals("all")) {
      return Kind.SEQUENCE.all();
    }
    long bits = 0;
    for (Statement.Privilege each : privileges) {
      bits |= named(each).bit();
    }
    if ((bits & ~Kind.SEQUENCE.all()) != 0) {
      cx.notice(
          Notice.warning(
              SqlState.INVALID_GRANT_OPERATION,
              "sequence \""
                  + target.name()
                  + "\" only supports USAGE, SELECT, and UPDATE privileges"));
    }
    return bits & Kind.SEQUENCE.all();
  }

  /// The privileges on single columns that a statement names.
  private Map<Integer, Long> columns(
      List<Statement.Privilege> privileges, Target target, boolean revoke) {
    Map<Integer, Long> found = new LinkedHashMap<>();
    for (Statement.Privilege privilege : privileges) {
      for (String name : privilege.columns()) {
        long bits = Kind.COLUMN.all();
        if (!privilege.name().equals("all")) {
          Privilege one = named(privilege);
          if ((Kind.COLUMN.all() & one.bit()) == 0) {
            throw new SqlException(
                SqlState.INVALID_GRANT_OPERATION,
                "invalid privilege type " + one.word() + " for column");
          }
          bits = one.bit();
        }
        found.merge(targets.column(target, name), bits, (a, b) -> a | b);
      }
    }
    return found;
  }

  // ---------------------------------------------------------------- changes

  /// A role that grants, and what it may grant.
  private record Grantor(int oid, long options) {}

  private Grantor grantor(Rights rights, Target target, int column, long privileges) {
    int role = cx.role().oid();
    if (rights.roles().has(role, target.ownerOid())) {
      return new Grantor(target.ownerOid(), privileges);
    }
    List<AclItem> items = new ArrayList<>(rights.items(target));
    if (column != 0) {
      items.addAll(rights.items(target, column));
    }
    Grantor best = new Grantor(role, 0);
    for (int each : rights.roles().of(role, true)) {
      long options = 0;
      for (AclItem item : items) {
        options |= item.granteeOid() == each ? item.grantable() : 0;
      }
      options &= privileges;
      if (Long.bitCount(options) > Long.bitCount(best.options)) {
        best = new Grantor(each, options);
      }
    }
    return best;
  }

  private void change(
      Target target,
      int column,
      long privileges,
      boolean all,
      Statement.Grant grant,
      List<Integer> grantees) {
    Rights rights = new Rights(cx.catalog(), cx.databaseOid());
    Grantor grantor = grantor(rights, target, column, privileges);
    if (grantor.options == 0) {
      long held = rights.privileges(cx.role().oid(), target);
      if (column != 0) {
        held |= rights.columnPrivileges(cx.role().oid(), target, column);
      }
      if (held == 0) {
        throw column == 0
            ? Rights.denied(target)
            : new SqlException(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "permission denied for column \""
                    + targets.columnName(target, column)
                    + "\" of relation \""
                    + target.name()
                    + "\"");
      }
    }
    long changed = privileges & grantor.options;
    warn(target, column, changed, privileges, all, grant.revoke());
    List<AclItem> before = column == 0 ? rights.items(target) : rights.items(target, column);
    List<AclItem> items = before;
    for (int grantee : grantees) {
      items =
          changed(
              items,
              grantee,
              grantor.oid,
              changed,
              grant.revoke(),
              grant.grantOption(),
              grant.cascade(),
              target.ownerOid());
    }
    put(target, column, items);
  }

  static List<AclItem> changed(
      List<AclItem> items,
      int grantee,
      int grantor,
      long privileges,
      boolean revoke,
      boolean option,
      boolean cascade,
      int owner) {
    if (!revoke) {
      return Acl.add(
          items, new AclItem(grantee, grantor, privileges, option ? privileges : 0), owner);
    }
    return Acl.remove(
        items,
        new AclItem(grantee, grantor, 0, 0),
        option ? 0 : privileges,
        privileges,
        owner,
        cascade);
  }

  private void warn(
      Target target, int column, long changed, long wanted, boolean all, boolean revoke) {
    String name =
        column == 0
            ? "\"" + target.name() + "\""
            : "column \""
                + targets.columnName(target, column)
                + "\" of relation \""
                + target.name()
                + "\"";
    SqlState state =
        revoke ? SqlState.WARNING_PRIVILEGE_NOT_REVOKED : SqlState.WARNING_PRIVILEGE_NOT_GRANTED;
    String verb = revoke ? "could be revoked" : "were granted";
    if (changed == 0) {
      cx.notice(Notice.warning(state, "no privileges " + verb + " for " + name));
    } else if (!all && changed != wanted) {
      cx.notice(Notice.warning(state, "not all privileges " + verb + " for " + name));
    }
  }

  /// REVOKE of a table's privilege takes the same one of its columns away.
  private void revokeOfColumns(
      Target target, long privileges, Statement.Grant grant, List<Integer> grantees) {
    Rights rights = new Rights(cx.catalog(), cx.databaseOid());
    int grantor = grantor(rights, target, 0, privileges).oid;
    for (AclDescriptor acl : cx.catalog().all(AclDescriptor.class)) {
      if (acl.classOid() != target.kind().classOid()
          || acl.objectOid() != target.oid()
          || acl.column() == 0) {
        continue;
      }
      List<AclItem> items = acl.items();
      for (int grantee : grantees) {
        items =
            changed(
                items,
                grantee,
                grantor,
                privileges,
                true,
                grant.grantOption(),
                grant.cascade(),
                target.ownerOid());
      }
      put(target, acl.column(), items);
    }
  }

  private void put(Target target, int column, List<AclItem> items) {
    AclDescriptor known =
        cx.catalog()
            .annotation(
                AclDescriptor.class,
                target.databaseOid(),
                target.kind().classOid(),
                target.oid(),
                column);
    if (known != null && known.items().equals(items)) {
      return;
    }
    if (known == null && column != 0 && items.isEmpty()) {
      return;
    }
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    int oid = known == null ? cx.newOid() : known.oid();
    changes.put(
        oid,
        column != 0 && items.isEmpty()
            ? null
            : known == null
                ? new AclDescriptor(
                    oid,
                    target.databaseOid(),
                    target.kind().classOid(),
                    target.oid(),
                    column,
                    items)
                : AclChange.withItems(known, items));
    cx.change(changes);
  }
}
