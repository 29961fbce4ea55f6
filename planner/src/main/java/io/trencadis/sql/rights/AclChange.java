package io.trencadis.sql.rights;

import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.AclItem;
import java.util.List;

/// Changes of whole privilege lists that follow from other changes.
public final class AclChange {
  private AclChange() {}

  public static AclDescriptor withItems(AclDescriptor acl, List<AclItem> items) {
    return new AclDescriptor(
        acl.oid(), acl.databaseOid(), acl.classOid(), acl.objectOid(), acl.column(), items);
  }

  /// The privileges of an object that another role owns now.
  public static AclDescriptor withOwner(AclDescriptor acl, int old, int owner) {
    return withItems(acl, Acl.withOwner(acl.items(), old, owner));
  }

  /// The privileges without what a role was granted, and what it granted by that.
  public static List<AclItem> without(List<AclItem> items, int role, int owner) {
    List<AclItem> left = items;
    for (AclItem item : items) {
      if (item.granteeOid() == role || item.grantorOid() == role) {
        left = Acl.remove(left, item, item.privileges(), item.grantable(), owner, true);
      }
    }
    return left;
  }
}
