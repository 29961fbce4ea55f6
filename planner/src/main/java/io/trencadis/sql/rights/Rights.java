package io.trencadis.sql.rights;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.PredefinedRoles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Decides who may do what in one database at one version of the catalog. Immutable; thread-safe.
public final class Rights {
  private final Catalog catalog;
  private final int databaseOid;
  private final Roles roles;

  public Rights(Catalog catalog, int databaseOid) {
    this.catalog = catalog;
    this.databaseOid = databaseOid;
    this.roles = new Roles(catalog, databaseOid);
  }

  public Catalog catalog() {
    return catalog;
  }

  public int databaseOid() {
    return databaseOid;
  }

  public Roles roles() {
    return roles;
  }

  // ---------------------------------------------------------------- what is granted

  /// What was granted on an object by statements; null where nothing ever was.
  public List<AclItem> granted(Target target, int column) {
    AclDescriptor found =
        catalog.annotation(
            AclDescriptor.class,
            target.databaseOid(),
            target.kind().classOid(),
            target.oid(),
            column);
    return found == null ? null : found.items();
  }

  /// The privileges on an object, those included that it is born with.
  public List<AclItem> items(Target target) {
    List<AclItem> granted = granted(target, 0);
    return granted != null ? granted : initial(target);
  }

  /// The privileges of a column beside those of its table.
  public List<AclItem> items(Target target, int column) {
    List<AclItem> granted = granted(target, column);
    return granted != null ? granted : List.of();
  }

  /// What system relations show as the object's privileges; null for those it is born with.
  public List<AclItem> shown(Target target) {
    List<AclItem> granted = granted(target, 0);
    if (granted != null) {
      return granted;
    }
    boolean always = target.builtIn() && target.kind().isRelation() || isOpenSchema(target);
    return always ? initial(target) : null;
  }

  private static boolean isOpenSchema(Target target) {
    return target.kind() == Kind.SCHEMA
        && (target.builtIn() && !target.name().equals("pg_toast")
            || target.name().equals("public"));
  }

  /// What an object has before anything is granted or revoked.
  public List<AclItem> initial(Target target) {
    long forAll = target.kind().initialPublic();
    if (target.kind() == Kind.FUNCTION
        && target.builtIn()
        && BuiltInRights.isGuarded(target.name())) {
      forAll = 0;
    } else if (isOpenSchema(target)) {
      forAll = Privilege.USAGE.bit();
    } else if (target.builtIn() && target.kind().isRelation()) {
      forAll = BuiltInRights.isHidden(target.name()) ? 0 : Privilege.SELECT.bit();
    }
    boolean ownerFirst = isOpenSchema(target) || target.builtIn() && target.kind().isRelation();
    return initial(target.kind(), target.ownerOid(), forAll, ownerFirst);
  }

  /// What an object of a kind has when it is new.
  public static List<AclItem> initial(Kind kind, int owner) {
    return initial(kind, owner, kind.initialPublic(), false);
  }

  static List<AclItem> initial(Kind kind, int owner, long forAll, boolean ownerFirst) {
    List<AclItem> items = new ArrayList<>();
    AclItem own = new AclItem(owner, owner, kind.all(), 0);
    if (ownerFirst) {
      items.add(own);
    }
    if (forAll != 0) {
      items.add(new AclItem(Acl.PUBLIC, owner, forAll, 0));
    }
    if (!ownerFirst) {
      items.add(own);
    }
    return items;
  }

  // ---------------------------------------------------------------- what a role may

  /// All privileges that the role has on the object, directly or through others.
  public long privileges(int role, Target target) {
    if (roles.isSuperuser(role)) {
      return target.kind().all();
    }
    Set<Integer> all = roles.of(role, true);
    long found = held(items(target), all);
    Kind kind = target.kind();
    if (kind.isRelation()) {
      if (all.contains(PredefinedRoles.READ_ALL_DATA)) {
        found |= Privilege.SELECT.bit();
      }
      if (all.contains(PredefinedRoles.WRITE_ALL_DATA)) {
        found |= Privilege.INSERT.bit() | Privilege.UPDATE.bit() | Privilege.DELETE.bit();
      }
      if (target.builtIn()) {
        found &= ~(Privilege.bits("awdDU"));
      }
    } else if (kind == Kind.SCHEMA
        && (all.contains(PredefinedRoles.READ_ALL_DATA)
            || all.contains(PredefinedRoles.WRITE_ALL_DATA))) {
      found |= Privilege.USAGE.bit();
    }
    return found;
  }

  private static long held(List<AclItem> items, Set<Integer> by) {
    long found = 0;
    for (AclItem item : items) {
      if (item.granteeOid() == Acl.PUBLIC || by.contains(item.granteeOid())) {
        found |= item.privileges();
      }
    }
    return found;
  }

  /// The privileges that the role has on a column by grants on that column.
  public long columnPrivileges(int role, Target target, int column) {
    return roles.isSuperuser(role)
        ? Kind.COLUMN.all()
        : held(items(target, column), roles.of(role, true));
  }

  /// Whether the role has a privilege on any column by grants on columns.
  public boolean hasAnyColumn(int role, Target target, Privilege privilege) {
    Set<Integer> all = roles.of(role, true);
    for (AclDescriptor acl : catalog.all(AclDescriptor.class, target.databaseOid())) {
      if (acl.classOid() == target.kind().classOid()
          && acl.objectOid() == target.oid()
          && acl.column() != 0
          && (held(acl.items(), all) & privilege.bit()) != 0) {
        return true;
      }
    }
    return false;
  }

  /// What of the object's privileges the role may grant.
  public long grantable(int role, Target target, int column) {
    if (roles.has(role, target.ownerOid())) {
      return column == 0 ? target.kind().all() : Kind.COLUMN.all();
    }
    Set<Integer> all = roles.of(role, true);
    long found = 0;
    for (AclItem item : column == 0 ? items(target) : items(target, column)) {
      if (item.granteeOid() == Acl.PUBLIC || all.contains(item.granteeOid())) {
        found |= item.grantable();
      }
    }
    return found;
  }

  public boolean has(int role, Target target, Privilege privilege) {
    return (privileges(role, target) & privilege.bit()) != 0;
  }

  public boolean owns(int role, Target target) {
    return roles.has(role, target.ownerOid());
  }

  // ---------------------------------------------------------------- refusals

  /// @throws SqlException 42501 where the role lacks the privilege
  public void require(int role, Target target, Privilege privilege) {
    if (!has(role, target, privilege)) {
      throw denied(target);
    }
  }

  public static SqlException denied(Target target) {
    return denied(target.kind(), target.name());
  }

  public static SqlException denied(Kind kind, String name) {
    return new SqlException(
        SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + kind.word() + " " + name);
  }

  /// @throws SqlException 42501 where the role neither owns the object nor has its owner's rights
  public void requireOwner(int role, Target target) {
    if (!owns(role, target)) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "must be owner of " + target.kind().word() + " " + target.name());
    }
  }

  /// @throws SqlException 42501 where the role cannot become the other
  public void requireMember(int role, int other) {
    if (!roles.isMember(role, other)) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "must be member of role \"" + catalog.role(other).name() + "\"");
    }
  }
}
