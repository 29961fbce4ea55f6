package io.trencadis.sql.rights;

import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DefaultAclDescriptor;
import java.util.HashSet;
import java.util.List;

/// What objects get when they are made (PostgreSQL 15 manual, ALTER DEFAULT PRIVILEGES).
public final class DefaultRights {
  private DefaultRights() {}

  /// `pg_default_acl.defaclobjtype`.
  public static char letter(Kind kind) {
    return switch (kind) {
      case SEQUENCE -> 'S';
      case FUNCTION, PROCEDURE -> 'f';
      case TYPE -> 'T';
      case SCHEMA -> 'n';
      default -> 'r';
    };
  }

  /// Or null.
  public static DefaultAclDescriptor find(
      Catalog catalog, int databaseOid, int role, int schema, Kind kind) {
    for (DefaultAclDescriptor each : catalog.all(DefaultAclDescriptor.class, databaseOid)) {
      if (each.roleOid() == role && each.schemaOid() == schema && each.kind() == letter(kind)) {
        return each;
      }
    }
    return null;
  }

  public static List<AclItem> hardWired(Kind kind, int owner) {
    return Rights.initial(kind, owner, kind.initialPublic(), false);
  }

  /// Whether two lists say the same, in any order.
  public static boolean same(List<AclItem> a, List<AclItem> b) {
    return new HashSet<>(a).equals(new HashSet<>(b));
  }

  /// The privileges of a new object; null for what it is born with.
  public static List<AclItem> ofNew(Catalog catalog, Target target, int schema) {
    Kind kind = target.kind();
    int owner = target.ownerOid();
    DefaultAclDescriptor global = find(catalog, target.databaseOid(), owner, 0, kind);
    DefaultAclDescriptor local =
        schema == 0 ? null : find(catalog, target.databaseOid(), owner, schema, kind);
    if (global == null && local == null) {
      return null;
    }
    List<AclItem> items = global == null ? hardWired(kind, owner) : global.items();
    if (local != null) {
      for (AclItem item : local.items()) {
        items = Acl.add(items, item, owner);
      }
    }
    return same(items, hardWired(kind, owner)) ? null : items;
  }
}
