package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
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
import io.trencadis.sql.rights.AclChange;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// ALTER … OWNER TO, REASSIGN OWNED and DROP OWNED.
final class OwnerCommands {
  private final DdlContext cx;
  private final TableLocks locks;
  private final DropCommands drops;

  OwnerCommands(DdlContext cx, TableLocks locks, DropCommands drops) {
    this.cx = cx;
    this.locks = locks;
    this.drops = drops;
  }

  /// ALTER … OWNER TO, of an object that the current role owns.
  void alter(Descriptor object, String newOwner) {
    RoleDescriptor owner = RoleNames.role(cx, newOwner);
    if (object instanceof SequenceDescriptor sequence && sequence.ownerTableOid() != 0) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot change owner of sequence \"" + sequence.name() + "\"")
          .detail(
              "Sequence \""
                  + sequence.name()
                  + "\" is linked to table \""
                  + cx.catalog().table(sequence.ownerTableOid()).name()
                  + "\".");
    }
    if (RoleDependents.owner(object) == owner.oid()) {
      return;
    }
    requireMayGive(object, owner);
    change(object, owner.oid());
  }

  private void requireMayGive(Descriptor object, RoleDescriptor owner) {
    if (cx.role().superuser()) {
      return;
    }
    Rights rights = new Rights(cx.catalog(), cx.databaseOid());
    rights.requireMember(cx.role().oid(), owner.oid());
    switch (object) {
      case TableDescriptor table -> requireCreate(rights, owner, table.schemaOid());
      case SequenceDescriptor sequence -> requireCreate(rights, owner, sequence.schemaOid());
      case TypeDescriptor type -> requireCreate(rights, owner, type.schemaOid());
      case RoutineDescriptor routine -> requireCreate(rights, owner, routine.schemaOid());
      case CollationDescriptor collation -> requireCreate(rights, owner, collation.schemaOid());
      case SchemaDescriptor _ ->
          // The new owner's right is not asked for, the changer's is.
          rights.require(
              cx.role().oid(),
              Target.of((DatabaseDescriptor) cx.catalog().byOid(cx.databaseOid())),
              Privilege.CREATE);
      case DatabaseDescriptor _ -> {
        if (!cx.role().createDatabase()) {
          throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to change owner of database");
        }
      }
      default -> {}
    }
  }

  private void requireCreate(Rights rights, RoleDescriptor owner, int schemaOid) {
    if (cx.catalog().byOid(schemaOid) instanceof SchemaDescriptor schema) {
      rights.require(owner.oid(), Target.of(schema), Privilege.CREATE);
    }
  }

  private void change(Descriptor object, int owner) {
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    collect(object, owner, changes);
    for (Descriptor changed : changes.values()) {
      if (changed instanceof TableDescriptor table) {
        locks.hold(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, false);
      }
    }
    cx.change(changes);
  }

  private void collect(Descriptor object, int owner, Map<Integer, Descriptor> changes) {
    int old = RoleDependents.owner(object);
    switch (object) {
      case TableDescriptor table -> {
        changes.put(table.oid(), table.change().owner(owner).build());
        for (SequenceDescriptor sequence : cx.catalog().sequencesOf(table)) {
          collect(sequence, owner, changes);
        }
      }
      case SequenceDescriptor sequence -> changes.put(sequence.oid(), sequence.withRole(owner));
      case TypeDescriptor type -> changes.put(type.oid(), type.withOwner(owner));
      case RoutineDescriptor routine -> changes.put(routine.oid(), routine.withOwner(owner));
      case ExtensionDescriptor extension ->
          changes.put(extension.oid(), extension.withOwner(owner));
      case CollationDescriptor collation ->
          changes.put(collation.oid(), collation.withOwner(owner));
      case SchemaDescriptor schema ->
          changes.put(
              schema.oid(),
              new SchemaDescriptor(schema.oid(), schema.databaseOid(), schema.name(), owner));
      case DatabaseDescriptor database -> changes.put(database.oid(), database.withOwner(owner));
      default -> {}
    }
    for (AclDescriptor acl : cx.catalog().all(AclDescriptor.class)) {
      if (acl.objectOid() == object.oid()) {
        changes.put(acl.oid(), AclChange.withOwner(acl, old, owner));
      }
    }
  }

  // ---------------------------------------------------------------- OWNED BY

  void owned(Statement.Owned owned) {
    Set<Integer> roles = new LinkedHashSet<>();
    Rights rights = new Rights(cx.catalog(), cx.databaseOid());
    boolean dropped = owned.newOwner() == null;
    for (String name : owned.roles()) {
      RoleDescriptor role = RoleNames.role(cx, name);
      if (!rights.roles().has(cx.role().oid(), role.oid())) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "permission denied to " + (dropped ? "drop" : "reassign") + " objects");
      }
      if (role.oid() < io.trencadis.sql.catalog.Catalog.FIRST_NORMAL_OID) {
        throw new SqlException(
            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
            (dropped ? "cannot drop objects owned by role " : "cannot reassign ownership of ")
                + (dropped ? "" : "objects owned by role ")
                + role.name()
                + " because they are required by the database system");
      }
      roles.add(role.oid());
    }
    if (dropped) {
      dropOwned(roles, owned.cascade());
      return;
    }
    RoleDescriptor owner = RoleNames.role(cx, owned.newOwner());
    if (!rights.roles().has(cx.role().oid(), owner.oid())) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to reassign objects");
    }
    for (Descriptor object : ownedBy(roles)) {
      // Those of a table have come along with it.
      Descriptor now = cx.catalog().byOid(object.oid());
      if (roles.contains(RoleDependents.owner(now))) {
        change(now, owner.oid());
      }
    }
  }

  /// What the roles own in this database, and databases.
  private List<Descriptor> ownedBy(Set<Integer> roles) {
    List<Descriptor> found = new ArrayList<>();
    for (Descriptor descriptor : cx.catalog().all(Descriptor.class)) {
      boolean near = descriptor.databaseOid() == cx.databaseOid() || descriptor.databaseOid() == 0;
      if (near
          && !(descriptor instanceof DefaultAclDescriptor)
          && roles.contains(RoleDependents.owner(descriptor))) {
        found.add(descriptor);
      }
    }
    return found;
  }

  private void dropOwned(Set<Integer> roles, boolean cascade) {
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    for (AclDescriptor acl : cx.catalog().all(AclDescriptor.class)) {
      if (acl.databaseOid() == cx.databaseOid() || acl.databaseOid() == 0) {
        Descriptor object = cx.catalog().byOid(acl.objectOid());
        int owner = object == null ? 0 : RoleDependents.owner(object);
        List<AclItem> left = acl.items();
        for (int role : roles) {
          left = role == owner ? left : AclChange.without(left, role, owner);
        }
        if (!left.equals(acl.items())) {
          changes.put(
              acl.oid(),
              left.isEmpty() && acl.column() != 0 ? null : AclChange.withItems(acl, left));
        }
      }
    }
    for (DefaultAclDescriptor defaults :
        cx.catalog().all(DefaultAclDescriptor.class, cx.databaseOid())) {
      if (roles.contains(defaults.roleOid())) {
        changes.put(defaults.oid(), null);
      } else {
        List<AclItem> left = defaults.items();
        for (int role : roles) {
          left = AclChange.without(left, role, defaults.roleOid());
        }
        if (!left.equals(defaults.items())) {
          changes.put(
              defaults.oid(),
              new DefaultAclDescriptor(
                  defaults.oid(),
                  defaults.databaseOid(),
                  defaults.roleOid(),
                  defaults.schemaOid(),
                  defaults.kind(),
                  left));
        }
      }
    }
    if (!changes.isEmpty()) {
      cx.change(changes);
    }
    Set<Descriptor> doomed = new LinkedHashSet<>();
    for (Descriptor object : ownedBy(roles)) {
      if (!(object instanceof DatabaseDescriptor)) {
        doomed.add(object);
      }
    }
    drops.dropOwned(doomed, cascade);
  }

  /// The object for rights.
  static Target target(Descriptor object) {
    Target found = targetOrNull(object);
    if (found == null) {
      throw new IllegalArgumentException("nobody owns " + object);
    }
    return found;
  }

  /// Null for what has no owner.
  static Target targetOrNull(Descriptor object) {
    return switch (object) {
      case TableDescriptor table -> Target.of(table);
      case SequenceDescriptor sequence -> Target.of(sequence);
      case TypeDescriptor type -> Target.of(type, type.name());
      case RoutineDescriptor routine -> Target.of(routine);
      case CollationDescriptor collation -> CollationCommands.target(collation);
      case ExtensionDescriptor extension -> ExtensionCommands.target(extension);
      case SchemaDescriptor schema -> Target.of(schema);
      case DatabaseDescriptor database -> Target.of(database);
      default -> null;
    };
  }

  /// The schema that an object is in, or 0; also for null.
  static int schemaOf(Descriptor object) {
    return switch (object) {
      case TableDescriptor table -> table.schemaOid();
      case SequenceDescriptor sequence -> sequence.schemaOid();
      case TypeDescriptor type -> type.schemaOid();
      case RoutineDescriptor routine -> routine.schemaOid();
      case CollationDescriptor collation -> collation.schemaOid();
      case null, default -> 0;
    };
  }
}
