package io.trencadis.sql.ddl;

import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.DefaultAclDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ExtensionDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What keeps a role from being dropped.
final class RoleDependents {
  private final DdlContext cx;

  RoleDependents(DdlContext cx) {
    this.cx = cx;
  }

  private record Line(int oid, int column, String text) {}

  /// A line for each object of this database, and one for each other database.
  List<String> of(RoleDescriptor role) {
    List<Line> lines = new ArrayList<>();
    Map<Integer, Integer> elsewhere = new TreeMap<>(Integer::compareUnsigned);
    ObjectDescriptions descriptions = new ObjectDescriptions(cx);
    for (Descriptor descriptor : cx.catalog().all()) {
      boolean owned = owner(descriptor) == role.oid();
      boolean granted = privileges(descriptor, role.oid());
      if (!owned && !granted) {
        continue;
      }
      int database = descriptor.databaseOid();
      if (database != 0 && database != cx.databaseOid()) {
        elsewhere.merge(database, 1, Integer::sum);
        continue;
      }
      if (owned) {
        lines.add(new Line(descriptor.oid(), 0, "owner of " + descriptions.of(descriptor)));
      }
      if (granted) {
        lines.add(
            descriptor instanceof AclDescriptor acl
                ? new Line(acl.objectOid(), acl.column(), "privileges for " + descriptions.of(acl))
                : new Line(descriptor.oid(), 0, "privileges for " + descriptions.of(descriptor)));
      }
    }
    lines.sort(
        Comparator.comparingLong((Line line) -> Integer.toUnsignedLong(line.oid))
            .thenComparing(Line::column));
    List<String> texts = new ArrayList<>(lines.stream().map(Line::text).toList());
    elsewhere.forEach(
        (database, count) ->
            texts.add(
                count
                    + (count == 1 ? " object" : " objects")
                    + " in database "
                    + cx.catalog().byOid(database).name()));
    return texts;
  }

  static int owner(Descriptor descriptor) {
    return switch (descriptor) {
      case TableDescriptor table -> table.ownerOid();
      case SequenceDescriptor sequence -> sequence.ownerOid();
      case TypeDescriptor type -> type.ownerOid();
      case RoutineDescriptor routine -> routine.ownerOid();
      case CollationDescriptor collation -> collation.ownerOid();
      case ExtensionDescriptor extension -> extension.ownerOid();
      case SchemaDescriptor schema -> schema.ownerOid();
      case DatabaseDescriptor database -> database.ownerOid();
      case DefaultAclDescriptor defaults -> defaults.roleOid();
      default -> 0;
    };
  }

  private boolean privileges(Descriptor descriptor, int role) {
    int owner = owner(descriptor);
    List<AclItem> items =
        switch (descriptor) {
          case AclDescriptor acl -> {
            Descriptor object = cx.catalog().byOid(acl.objectOid());
            owner = object == null ? 0 : owner(object);
            yield acl.items();
          }
          case DefaultAclDescriptor defaults -> defaults.items();
          default -> List.of();
        };
    int except = owner;
    return role != except
        && items.stream().anyMatch(item -> item.granteeOid() == role || item.grantorOid() == role);
  }
}
