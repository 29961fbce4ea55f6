package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// Whether the current role may run a DDL statement: owners change and drop what is theirs, and
/// what is made needs a place where it may be made. Objects that are not there are left to the
/// statement, which has the words for that.
final class DdlRights {
  private final DdlContext cx;

  DdlRights(DdlContext cx) {
    this.cx = cx;
  }

  /// @throws SqlException 42501 with PostgreSQL's texts
  void require(Statement statement) {
    if (cx.role().superuser()) {
      return;
    }
    switch (statement) {
      case Statement.CreateTable create -> {
        requirePlace(create.name(), create.persistence() == Statement.Persistence.TEMPORARY);
        if (create.partitionOf() != null) {
          requireOwnerOfRelation(create.partitionOf().parent());
        }
      }
      case Statement.CreateTableAs create ->
          requirePlace(create.name(), create.persistence() == Statement.Persistence.TEMPORARY);
      case Statement.CreateTableAsExecute create ->
          requirePlace(
              create.target().name(),
              create.target().persistence() == Statement.Persistence.TEMPORARY);
      case Statement.CreateView create -> {
        requirePlace(create.name(), create.temporary());
        if (create.orReplace()) {
          requireOwnerOfRelation(create.name());
        }
      }
      case Statement.CreateSequence create ->
          requirePlace(create.name(), create.persistence() == Statement.Persistence.TEMPORARY);
      case Statement.CreateCompositeType create -> requirePlace(create.name(), false);
      case Statement.CreateEnum create -> requirePlace(create.name(), false);
      case Statement.CreateDomain create -> requirePlace(create.name(), false);
      case Statement.CreateCollation create -> requirePlace(create.name(), false);
      case Statement.CreateRoutine create -> requirePlace(create.name(), false);
      case Statement.AlterEnumAddValue add -> requireOwnerOfType(add.name());
      case Statement.AlterEnumRenameValue rename -> requireOwnerOfType(rename.name());
      case Statement.CreateIndex create -> requireOwnerOfRelation(create.table());
      case Statement.CreateSchema create -> createSchema(create);
      case Statement.AlterSequence alter -> requireOwnerOfRelation(alter.name());
      case Statement.AlterTable alter -> alter(alter);
      case Statement.AlterDatabase alter -> requireOwnerOfDatabase(alter.name());
      case Statement.DropDatabase drop -> requireOwnerOfDatabase(drop.name());
      case Statement.Drop drop -> drop(drop);
      case Statement.Truncate truncate -> truncate.names().forEach(this::requireTruncate);
      default -> {}
    }
  }

  /// Requires that the role may make something of a type.
  static void requireUsage(DdlContext cx, PgType type) {
    PgType element = type.isArray() ? type.elementType() : type;
    TypeDescriptor own = cx.catalog().types().descriptor(element.oid());
    if (element.isUsers() && own == null) {
      return;
    }
    Target target =
        own != null
            ? Target.of(own, element.displayName())
            : Target.builtIn(Kind.TYPE, element.oid(), cx.databaseOid(), element.displayName());
    new Rights(cx.catalog(), cx.databaseOid()).require(cx.role().oid(), target, Privilege.USAGE);
  }

  private Rights rights() {
    return new Rights(cx.catalog(), cx.databaseOid());
  }

  private int role() {
    return cx.role().oid();
  }

  private Target database() {
    return Target.of((DatabaseDescriptor) cx.catalog().byOid(cx.databaseOid()));
  }

  // ---------------------------------------------------------------- what is made

  /// Requires that a relation may be made where its name says.
  private void requirePlace(QualifiedName name, boolean temporary) {
    boolean own = name.schema() != null && name.schema().equals("pg_temp");
    if (temporary || own) {
      requireTemporary();
      return;
    }
    SchemaDescriptor schema =
        name.schema() != null ? cx.names().findSchema(name.schema()) : firstOnPath();
    if (schema != null) {
      requireCreate(schema);
    }
  }

  private SchemaDescriptor firstOnPath() {
    try {
      return cx.names().creationSchema();
    } catch (SqlException e) {
      // The statement will say so.
      return null;
    }
  }

  void requireCreate(SchemaDescriptor schema) {
    if (!schema.isTemporary()) {
      rights().require(role(), Target.of(schema), Privilege.CREATE);
    }
  }

  private void requireTemporary() {
    if (!rights().has(role(), database(), Privilege.TEMPORARY)) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "permission denied to create temporary tables in database \"" + database().name() + "\"");
    }
  }

  private void createSchema(Statement.CreateSchema create) {
    if (create.authorization() != null) {
      rights().requireMember(role(), RoleNames.role(cx, create.authorization()).oid());
    }
    rights().require(role(), database(), Privilege.CREATE);
  }

  // ---------------------------------------------------------------- what is changed

  private Descriptor find(QualifiedName name) {
    return name.schema() != null && cx.names().findSchema(name.schema()) == null
        ? null
        : cx.names().findRelation(name);
  }

  void requireOwnerOfRelation(QualifiedName name) {
    Descriptor found = find(name);
    if (found != null) {
      rights().requireOwner(role(), OwnerCommands.target(found));
      return;
    }
    TableDescriptor indexed = cx.names().tableOfIndex(name);
    if (indexed != null) {
      rights().requireOwner(role(), index(indexed, name.name()));
    }
  }

  private static Target index(TableDescriptor table, String name) {
    return new Target(Kind.INDEX, table.oid(), table.databaseOid(), table.ownerOid(), name, false);
  }

  private void requireOwnerOfDatabase(String name) {
    DatabaseDescriptor database = cx.catalog().database(name);
    if (database != null) {
      rights().requireOwner(role(), Target.of(database));
    }
  }

  private void requireOwnerOfSchema(String name) {
    SchemaDescriptor schema = cx.names().findSchema(name);
    if (schema != null) {
      rights().requireOwner(role(), Target.of(schema));
    } else if (List.of("pg_catalog", "information_schema", "pg_toast").contains(name)) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of schema " + name);
    }
  }

  private void alter(Statement.AlterTable alter) {
    if (alter.kind() == Statement.ObjectKind.SCHEMA) {
      requireOwnerOfSchema(alter.name().name());
      if (alter.actions().stream().anyMatch(AlterAction.RenameTable.class::isInstance)) {
        rights().require(role(), database(), Privilege.CREATE);
      }
      return;
    }
    if (alter.kind() == Statement.ObjectKind.COLLATION) {
      // It asks for itself: first of all the collation has to be there.
      return;
    }
    boolean ofType =
        alter.kind() == Statement.ObjectKind.TYPE || alter.kind() == Statement.ObjectKind.DOMAIN;
    if (ofType) {
      requireOwnerOfType(alter.name());
    } else {
      requireOwnerOfRelation(alter.name());
    }
    for (AlterAction action : alter.actions()) {
      switch (action) {
        case AlterAction.RenameTable _ -> {
          int schema = OwnerCommands.schemaOf(ofType ? findType(alter.name()) : find(alter.name()));
          if (cx.catalog().byOid(schema) instanceof SchemaDescriptor found) {
            requireCreate(found);
          }
        }
        case AlterAction.SetSchema set -> {
          SchemaDescriptor schema = cx.names().findSchema(set.schema());
          if (schema != null) {
            requireCreate(schema);
          }
        }
        case AlterAction.AttachPartition attach -> requireOwnerOfRelation(attach.partition());
        case AlterAction.Inherit inherit when !inherit.remove() ->
            requireOwnerOfRelation(inherit.parent());
        default -> {}
      }
    }
  }

  private void drop(Statement.Drop drop) {
    for (QualifiedName name : drop.names()) {
      switch (drop.kind()) {
        case TABLE, VIEW, SEQUENCE, INDEX -> requireMayDrop(name);
        case SCHEMA -> requireOwnerOfSchema(name.name());
        case TYPE, DOMAIN -> requireMayDropType(name);
        default -> {}
      }
    }
  }

  /// The user's type of that name, or null.
  private TypeDescriptor findType(QualifiedName name) {
    if (name.schema() != null && cx.names().findSchema(name.schema()) == null) {
      return null;
    }
    PgType type = cx.names().findType(name.parts(), -1);
    return type == null || !type.isUsers() || type.isArray()
        ? null
        : cx.catalog().types().descriptor(type.oid());
  }

  private String nameOf(TypeDescriptor type) {
    return cx.catalog().types().byOid(type.oid()).displayName();
  }

  private void requireOwnerOfType(QualifiedName name) {
    TypeDescriptor type = findType(name);
    if (type != null) {
      rights().requireOwner(role(), Target.of(type, nameOf(type)));
    }
  }

  private void requireMayDropType(QualifiedName name) {
    TypeDescriptor type = findType(name);
    if (type != null
        && !(cx.catalog().byOid(type.schemaOid()) instanceof SchemaDescriptor schema
            && rights().owns(role(), Target.of(schema)))) {
      rights().requireOwner(role(), Target.of(type, nameOf(type)));
    }
  }

  /// The owner of a schema may drop what others have in it.
  private void requireMayDrop(QualifiedName name) {
    Descriptor found = find(name);
    TableDescriptor indexed = found == null ? cx.names().tableOfIndex(name) : null;
    int schemaOid = OwnerCommands.schemaOf(found == null ? indexed : found);
    if (cx.catalog().byOid(schemaOid) instanceof SchemaDescriptor schema
        && rights().owns(role(), Target.of(schema))) {
      return;
    }
    requireOwnerOfRelation(name);
  }

  private void requireTruncate(QualifiedName name) {
    if (find(name) instanceof TableDescriptor table) {
      rights().require(role(), Target.of(table), Privilege.TRUNCATE);
    }
  }

  // ---------------------------------------------------------------- what is referred to

  /// Requires that a foreign key may refer to columns of a table.
  void requireReferences(TableDescriptor table, List<Integer> columns) {
    Rights rights = rights();
    Target target = Target.of(table);
    if (cx.role().superuser() || rights.has(role(), target, Privilege.REFERENCES)) {
      return;
    }
    for (int column : columns) {
      long held = rights.columnPrivileges(role(), target, column);
      if ((held & Privilege.REFERENCES.bit()) == 0) {
        throw Rights.denied(target);
      }
    }
    if (columns.isEmpty()) {
      throw Rights.denied(target);
    }
  }
}
