package io.trencadis.sql.rights;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoleDescriptor;
import java.util.ArrayList;
import java.util.List;

/// Lists of privileges, and how they change. All methods give new lists.
public final class Acl {
  /// The grantee that stands for everybody.
  public static final int PUBLIC = 0;

  private Acl() {}

  /// One privilege list's text, as `pg_class.relacl` has it.
  public static List<String> texts(List<AclItem> items, Catalog catalog) {
    return items.stream().map(item -> text(item, catalog)).toList();
  }

  static String text(AclItem item, Catalog catalog) {
    StringBuilder out = new StringBuilder();
    if (item.granteeOid() != PUBLIC) {
      out.append(name(item.granteeOid(), catalog));
    }
    out.append('=');
    for (Privilege each : Privilege.values()) {
      if ((item.privileges() & each.bit()) != 0) {
        out.append(each.letter());
        if ((item.grantable() & each.bit()) != 0) {
          out.append('*');
        }
      }
    }
    return out.append('/').append(name(item.grantorOid(), catalog)).toString();
  }

  private static String name(int role, Catalog catalog) {
    RoleDescriptor found = catalog.role(role);
    if (found == null) {
      return Integer.toUnsignedString(role);
    }
    String name = found.name();
    boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
    return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /// Adds privileges that a grantor gives to a grantee.
  ///
  /// @throws SqlException 0LP01 where grant options would go round in a circle
  public static List<AclItem> add(List<AclItem> items, AclItem added, int owner) {
    if (added.grantable() != 0 && added.grantorOid() != owner) {
      requireNoCircle(items, added, owner);
    }
    List<AclItem> all = new ArrayList<>(items);
    for (int i = 0; i < all.size(); i++) {
      AclItem item = all.get(i);
      if (item.granteeOid() == added.granteeOid() && item.grantorOid() == added.grantorOid()) {
        all.set(
            i,
            new AclItem(
                item.granteeOid(),
                item.grantorOid(),
                item.privileges() | added.privileges(),
                item.grantable() | added.grantable()));
        return all;
      }
    }
    if (added.privileges() != 0) {
      all.add(added);
    }
    return all;
  }

  private static void requireNoCircle(List<AclItem> items, AclItem added, int owner) {
    if (added.granteeOid() == owner) {
      return;
    }
    // Without what the grantee has, would the grantor still have the options?
    List<AclItem> left = new ArrayList<>(items);
    boolean removed = true;
    while (removed) {
      removed = false;
      for (AclItem item : left) {
        if (item.granteeOid() == added.granteeOid() && item.privileges() != 0) {
          left = remove(left, item, item.privileges(), item.grantable(), owner, true);
          removed = true;
          break;
        }
      }
    }
    if ((options(left, added.grantorOid()) & added.grantable()) != added.grantable()) {
      throw new SqlException(
          SqlState.INVALID_GRANT_OPERATION,
          "grant options cannot be granted back to your own grantor");
    }
  }

  private static long options(List<AclItem> items, int grantee) {
    long options = 0;
    for (AclItem item : items) {
      if (item.granteeOid() == grantee) {
        options |= item.grantable();
      }
    }
    return options;
  }

  /// Takes away privileges, and grant options, that a grantor gave to a grantee; with `cascade`
  /// what the grantee gave by them, too.
  ///
  /// @param of the grantee and grantor
  /// @throws SqlException 2BP01 where there is such and `cascade` was not said
  public static List<AclItem> remove(
      List<AclItem> items, AclItem of, long privileges, long options, int owner, boolean cascade) {
    List<AclItem> all = new ArrayList<>(items);
    long lost = 0;
    for (int i = 0; i < all.size(); i++) {
      AclItem item = all.get(i);
      if (item.granteeOid() == of.granteeOid() && item.grantorOid() == of.grantorOid()) {
        AclItem left =
            new AclItem(
                item.granteeOid(),
                item.grantorOid(),
                item.privileges() & ~privileges,
                item.grantable() & ~options & ~privileges);
        lost = item.grantable() & ~left.grantable();
        if (left.privileges() == 0) {
          all.remove(i);
        } else {
          all.set(i, left);
        }
        break;
      }
    }
    if (lost == 0 || of.granteeOid() == owner) {
      return all;
    }
    return removeDependent(all, of.granteeOid(), lost, owner, cascade);
  }

  private static List<AclItem> removeDependent(
      List<AclItem> items, int grantor, long lost, int owner, boolean cascade) {
    List<AclItem> all = items;
    long gone = lost & ~options(all, grantor);
    for (boolean again = true; again; ) {
      again = false;
      for (AclItem item : all) {
        if (item.grantorOid() == grantor && (item.privileges() & gone) != 0) {
          if (!cascade) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "dependent privileges exist")
                .hint("Use CASCADE to revoke them too.");
          }
          all = remove(all, item, gone, gone, owner, true);
          again = true;
          break;
        }
      }
    }
    return all;
  }

  /// The same privileges with another owner in the old one's place.
  static List<AclItem> withOwner(List<AclItem> items, int old, int owner) {
    List<AclItem> all = new ArrayList<>();
    for (AclItem item : items) {
      AclItem changed =
          new AclItem(
              item.granteeOid() == old ? owner : item.granteeOid(),
              item.grantorOid() == old ? owner : item.grantorOid(),
              item.privileges(),
              item.grantable());
      boolean merged = false;
      for (int i = 0; i < all.size() && !merged; i++) {
        AclItem known = all.get(i);
        if (known.granteeOid() == changed.granteeOid()
            && known.grantorOid() == changed.grantorOid()) {
          all.set(
              i,
              new AclItem(
                  known.granteeOid(),
                  known.grantorOid(),
                  known.privileges() | changed.privileges(),
                  known.grantable() | changed.grantable()));
          merged = true;
        }
      }
      if (!merged) {
        all.add(changed);
      }
    }
    return all;
  }
}
