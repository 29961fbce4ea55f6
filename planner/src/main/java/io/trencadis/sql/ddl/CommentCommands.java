package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.CommentDescriptor;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.Notice;
import java.util.LinkedHashMap;
import java.util.Map;

/// COMMENT.
final class CommentCommands {
  private static final int ROLES = 1260;
  static final int CONSTRAINTS = 2606;
  private static final int TRIGGERS = 2620;

  private final DdlContext cx;

  CommentCommands(DdlContext cx) {
    this.cx = cx;
  }

  /// What a comment is on.
  private record Place(int databaseOid, int classOid, int objectOid, int column) {}

  void comment(Statement.Comment comment) {
    Place place = place(comment);
    if (place == null) {
      return;
    }
    CommentDescriptor known =
        cx.catalog()
            .annotation(
                CommentDescriptor.class,
                place.databaseOid,
                place.classOid,
                place.objectOid,
                place.column);
    boolean empty = comment.text() == null || comment.text().isEmpty();
    if (empty && known == null) {
      return;
    }
    int oid = known == null ? cx.newOid() : known.oid();
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(
        oid,
        empty
            ? null
            : new CommentDescriptor(
                oid,
                place.databaseOid,
                place.classOid,
                place.objectOid,
                place.column,
                comment.text()));
    cx.change(changes);
  }

  private Place place(Statement.Comment comment) {
    QualifiedName name = comment.name();
    return switch (comment.kind()) {
      case TABLE, VIEW, SEQUENCE, INDEX -> relation(comment);
      case COLUMN -> column(comment);
      case CONSTRAINT -> constraint(comment);
      case SCHEMA -> {
        Target schema = new GrantTargets(cx).schema(name.name(), -1);
        requireOwner(schema);
        yield new Place(cx.databaseOid(), Kind.SCHEMA.classOid(), schema.oid(), 0);
      }
      case DATABASE -> {
        DatabaseDescriptor database = cx.catalog().database(name.name());
        if (database == null) {
          // A warning, so that a dump can be restored under another name.
          cx.notice(
              Notice.warning(
                  SqlState.INVALID_CATALOG_NAME,
                  "database \"" + name.name() + "\" does not exist"));
          yield null;
        }
        requireOwner(Target.of(database));
        yield new Place(0, Kind.DATABASE.classOid(), database.oid(), 0);
      }
      case ROLE -> {
        RoleDescriptor role = RoleNames.role(cx, name.name());
        requireMayComment(role);
        yield new Place(0, ROLES, role.oid(), 0);
      }
      case TABLESPACE, TYPE, LANGUAGE -> {
        Kind kind = Kind.valueOf(comment.kind().name());
        Target target = new GrantTargets(cx).one(name, kind);
        requireOwner(target);
        yield new Place(target.databaseOid(), kind.classOid(), target.oid(), 0);
      }
      case EXTENSION ->
          new Place(
              cx.databaseOid(),
              Kind.EXTENSION.classOid(),
              new ExtensionCommands(cx).requireOwned(name.name()),
              0);
      case COLLATION -> {
        CollationDescriptor collation = new CollationCommands(cx).require(name);
        requireOwner(CollationCommands.target(collation));
        yield new Place(cx.databaseOid(), Kind.COLLATION.classOid(), collation.oid(), 0);
      }
      case TRIGGER ->
          new Place(
              cx.databaseOid(),
              TRIGGERS,
              new TriggerCommands(cx, null).require(name, comment.member()).oid(),
              0);
      case FUNCTION, PROCEDURE, ROUTINE -> {
        String kind = comment.kind().words().toLowerCase(java.util.Locale.ROOT);
        RoutineDescriptor routine = new RoutineNames(cx).find(kind, comment.signature());
        if (routine == null) {
          new AbsentObjects(cx).requireRoutine(kind, comment.signature());
          yield null;
        }
        requireOwner(Target.of(routine));
        yield new Place(cx.databaseOid(), Kind.FUNCTION.classOid(), routine.oid(), 0);
      }
      case DOMAIN -> {
        Target target = new GrantTargets(cx).one(name, Kind.TYPE);
        TypeDescriptor type = cx.catalog().types().descriptor(target.oid());
        if (type == null || !type.isDomain()) {
          throw wrongKind(cx.names().findType(name.parts(), -1).displayName(), "a domain");
        }
        requireOwner(target);
        yield new Place(target.databaseOid(), Kind.TYPE.classOid(), target.oid(), 0);
      }
      default ->
          throw SqlException.notSupported("COMMENT ON " + comment.kind().words()).at(comment.pos());
    };
  }

  private Rights rights() {
    return new Rights(cx.catalog(), cx.databaseOid());
  }

  private void requireOwner(Target target) {
    rights().requireOwner(cx.role().oid(), target);
  }

  private void requireMayComment(RoleDescriptor role) {
    boolean superuser = cx.role().superuser();
    String obstacle =
        superuser
            ? null
            : role.superuser()
                ? "must be superuser"
                : cx.role().createRole() ? null : "must have CREATEROLE privilege";
    if (obstacle != null) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, obstacle);
    }
  }

  private static SqlException wrongKind(String name, String wanted) {
    return new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not " + wanted);
  }

  private Place relation(Statement.Comment comment) {
    QualifiedName name = comment.name();
    Descriptor found = cx.names().findRelation(name);
    TableDescriptor indexed = found == null ? cx.names().tableOfIndex(name) : null;
    if (found == null && indexed == null) {
      if (cx.names().findSystemView(name) != null) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "permission denied: \"" + name.name() + "\" is a system catalog");
      }
      if (name.schema() != null) {
        cx.names().schema(name.schema(), -1);
      }
      throw Names.undefined(name);
    }
    switch (comment.kind()) {
      case TABLE -> {
        if (!(found instanceof TableDescriptor table) || table.isView()) {
          throw wrongKind(name.name(), "a table");
        }
      }
      case VIEW -> {
        if (!(found instanceof TableDescriptor table) || !table.isView()) {
          throw wrongKind(name.name(), "a view");
        }
      }
      case SEQUENCE -> {
        if (!(found instanceof SequenceDescriptor)) {
          throw wrongKind(name.name(), "a sequence");
        }
      }
      default -> {
        if (indexed == null) {
          throw wrongKind(name.name(), "an index");
        }
      }
    }
    int oid = found == null ? 0 : found.oid();
    if (indexed != null) {
      rights()
          .requireOwner(
              cx.role().oid(),
              new Target(
                  Kind.INDEX,
                  indexed.oid(),
                  indexed.databaseOid(),
                  indexed.ownerOid(),
                  name.name(),
                  false));
      for (IndexDescriptor index : indexed.indexes()) {
        oid = index.name().equals(name.name()) ? index.oid() : oid;
      }
    } else {
      requireOwner(OwnerCommands.target(found));
    }
    return new Place(cx.databaseOid(), Kind.TABLE.classOid(), oid, 0);
  }

  private TableDescriptor ownTable(QualifiedName name) {
    TableDescriptor table = cx.names().table(name);
    if (!rights().owns(cx.role().oid(), Target.of(table))) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of relation " + table.name());
    }
    return table;
  }

  private Place column(Statement.Comment comment) {
    TableDescriptor table = ownTable(new QualifiedName(comment.name().parts(), -1));
    Column column = table.column(comment.member());
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \""
              + comment.member()
              + "\" of relation \""
              + table.name()
              + "\" does not exist");
    }
    return new Place(cx.databaseOid(), Kind.TABLE.classOid(), table.oid(), column.number());
  }

  private Place constraint(Statement.Comment comment) {
    TableDescriptor table = ownTable(new QualifiedName(comment.name().parts(), -1));
    int oid = 0;
    for (CheckConstraint check : table.checks()) {
      oid = check.name().equals(comment.member()) ? check.oid() : oid;
    }
    for (ForeignKey key : table.foreignKeys()) {
      oid = key.name().equals(comment.member()) ? key.oid() : oid;
    }
    for (IndexDescriptor index : table.indexes()) {
      boolean named = index.constraint() && index.name().equals(comment.member());
      oid = named ? index.constraintOid() : oid;
    }
    if (oid == 0) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "constraint \""
              + comment.member()
              + "\" for table \""
              + table.name()
              + "\" does not exist");
    }
    return new Place(cx.databaseOid(), CONSTRAINTS, oid, 0);
  }
}
