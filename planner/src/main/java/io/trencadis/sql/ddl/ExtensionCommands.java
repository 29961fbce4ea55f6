package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.CommentDescriptor;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ExtensionDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.Extension;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// CREATE, ALTER and DROP EXTENSION, for those that are built in: creating one makes its functions
/// known, in a schema of one's choice.
final class ExtensionCommands {
  private static final String FIRST = "plpgsql";

  private final DdlContext cx;

  ExtensionCommands(DdlContext cx) {
    this.cx = cx;
  }

  /// The extension that was created under that name, or null.
  private ExtensionDescriptor created(String name) {
    for (ExtensionDescriptor each : cx.catalog().all(ExtensionDescriptor.class, cx.databaseOid())) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  boolean isCreated(String name) {
    return created(name) != null;
  }

  static SqlException missing(String name) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "extension \"" + name + "\" does not exist");
  }

  void create(Statement.CreateExtension create) {
    String name = create.name();
    if (name.equals(FIRST) || created(name) != null) {
      String taken = "extension \"" + name + "\" already exists";
      if (create.ifNotExists()) {
        cx.notice(Notice.notice(taken + ", skipping"));
        return;
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, taken);
    }
    Extension extension = Extension.named(name);
    if (extension == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "extension \"" + name + "\" is not available")
          .detail("It is none of those that this server has built in.")
          .hint("The view pg_available_extensions lists those.");
    }
    if (create.version() != null && !extension.versions().contains(create.version())) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "extension \""
              + name
              + "\" has no installation script nor update path for version \""
              + create.version()
              + "\"");
    }
    SchemaDescriptor schema =
        create.schema() != null
            ? cx.names().schema(create.schema(), -1)
            : ObjectNames.schemaFor(cx, QualifiedName.of(name, -1), false);
    requireRights(extension);
    List<Integer> members = new ArrayList<>();
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    int own = 0;
    if (extension.typeKind() != 0) {
      TypeNaming naming = new TypeNaming(cx);
      naming.requireFree(schema, name);
      own = cx.newOid();
      members.add(own);
      changes.put(
          own,
          TypeDescriptor.ofExtension(
              extension.typeKind(),
              own,
              cx.databaseOid(),
              schema.oid(),
              name,
              cx.role().oid(),
              cx.newOid(),
              naming.arrayName(schema, name)));
    }
    for (Extension.Function function : extension.functions()) {
      RoutineDescriptor made = routine(function, schema, own);
      requireFree(made, schema);
      members.add(made.oid());
      changes.put(made.oid(), made);
    }
    int oid = cx.newOid();
    String version = create.version() == null ? extension.defaultVersion() : create.version();
    changes.put(
        oid,
        new ExtensionDescriptor(
            oid, cx.databaseOid(), name, cx.role().oid(), schema.oid(), version, members));
    int comment = cx.newOid();
    changes.put(
        comment,
        new CommentDescriptor(
            comment, cx.databaseOid(), Kind.EXTENSION.classOid(), oid, 0, extension.comment()));
    cx.change(changes);
  }

  private void requireRights(Extension extension) {
    if (cx.role().superuser()) {
      return;
    }
    Target database = Target.of((DatabaseDescriptor) cx.catalog().byOid(cx.databaseOid()));
    boolean may =
        extension.trusted()
            && new Rights(cx.catalog(), cx.databaseOid())
                .has(cx.role().oid(), database, Privilege.CREATE);
    if (!may) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "permission denied to create extension \"" + extension.name() + "\"")
          .hint(
              extension.trusted()
                  ? "Must have CREATE privilege on current database to create this extension."
                  : "Must be superuser to create this extension.");
    }
  }

  private void requireFree(RoutineDescriptor made, SchemaDescriptor schema) {
    for (var each : cx.catalog().routines(schema.oid(), made.name())) {
      RoutineDescriptor other = (RoutineDescriptor) cx.catalog().byOid(each.oid());
      if (other.inputTypes().equals(made.inputTypes())) {
        throw new SqlException(
            SqlState.DUPLICATE_FUNCTION,
            "function \"" + made.name() + "\" already exists with same argument types");
      }
    }
  }

  /// @param own oid of the type that comes with the extension
  private RoutineDescriptor routine(Extension.Function function, SchemaDescriptor schema, int own) {
    List<RoutineDescriptor.Argument> arguments = new ArrayList<>();
    for (int i = 0; i < function.types().length; i++) {
      arguments.add(
          new RoutineDescriptor.Argument(
              function.modes().isEmpty() ? 'i' : function.modes().charAt(i),
              function.names().isEmpty() ? "" : function.names().get(i),
              typeOid(function.types()[i], own),
              null));
    }
    return new RoutineDescriptor(
        cx.newOid(),
        cx.databaseOid(),
        schema.oid(),
        function.name(),
        cx.role().oid(),
        'f',
        function.body() == null ? "c" : "sql",
        function.volatility(),
        function.parallel(),
        function.strict(),
        false,
        false,
        function.returnsSet(),
        typeOid(function.resultOid(), own),
        0,
        arguments,
        function.body() == null ? function.source() : function.body(),
        null,
        List.of(),
        1,
        function.returnsSet() ? 1000 : 0,
        List.of());
  }

  private static int typeOid(int declared, int own) {
    return declared == Extension.OWN_TYPE ? own : declared;
  }

  /// The extension that a comment is on.
  ///
  /// @throws SqlException 42704 if it was not created, 42501 if it is another's
  int requireOwned(String name) {
    if (name.equals(FIRST)) {
      if (!cx.role().superuser()) {
        throw notOwner(name);
      }
      return Extension.PLPGSQL_OID;
    }
    ExtensionDescriptor extension = created(name);
    if (extension == null) {
      throw missing(name);
    }
    requireOwner(extension);
    return extension.oid();
  }

  private static SqlException notOwner(String name) {
    return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of extension " + name);
  }

  static Target target(ExtensionDescriptor extension) {
    return new Target(
        Kind.EXTENSION,
        extension.oid(),
        extension.databaseOid(),
        extension.ownerOid(),
        extension.name(),
        false);
  }

  private void requireOwner(ExtensionDescriptor extension) {
    new Rights(cx.catalog(), cx.databaseOid()).requireOwner(cx.role().oid(), target(extension));
  }

  void alter(Statement.AlterExtension alter) {
    String name = alter.name();
    ExtensionDescriptor extension = created(name);
    if (extension == null && !name.equals(FIRST)) {
      throw missing(name);
    }
    if (extension != null) {
      requireOwner(extension);
    } else if (!cx.role().superuser()) {
      throw notOwner(name);
    }
    if (alter.schema() != null) {
      move(name, extension, cx.names().schema(alter.schema(), -1));
      return;
    }
    Extension known = Extension.named(name);
    String now = extension == null ? known.defaultVersion() : extension.version();
    String wanted = alter.version() == null ? known.defaultVersion() : alter.version();
    if (now.equals(wanted)) {
      cx.notice(
          Notice.notice(
              "version \"" + now + "\" of extension \"" + name + "\" is already installed"));
      return;
    }
    int from = known.versions().indexOf(now);
    if (known.versions().indexOf(wanted) < from) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "extension \""
              + name
              + "\" has no update path from version \""
              + now
              + "\" to version \""
              + wanted
              + "\"");
    }
    // All versions have the same objects here.
    cx.put(
        new ExtensionDescriptor(
            extension.oid(),
            extension.databaseOid(),
            name,
            extension.ownerOid(),
            extension.schemaOid(),
            wanted,
            extension.members()));
  }

  private void move(String name, ExtensionDescriptor extension, SchemaDescriptor schema) {
    if (extension == null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "extension \"" + name + "\" does not support SET SCHEMA");
    }
    if (schema.oid() == extension.schemaOid()) {
      return;
    }
    new DdlRights(cx).requireCreate(schema);
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(extension.oid(), extension.withSchema(schema.oid()));
    for (TypeDescriptor type : types(extension)) {
      TypeNaming naming = new TypeNaming(cx);
      naming.requireFree(schema, type.name());
      changes.put(
          type.oid(),
          type.withName(schema.oid(), type.name(), naming.arrayName(schema, type.name())));
    }
    for (RoutineDescriptor member : members(extension)) {
      requireFree(member, schema);
      RoutineRenaming.move(cx, member, schema, member.name());
    }
    cx.change(changes);
  }

  private List<RoutineDescriptor> members(ExtensionDescriptor extension) {
    List<RoutineDescriptor> members = new ArrayList<>();
    for (int oid : extension.members()) {
      if (cx.catalog().byOid(oid) instanceof RoutineDescriptor routine) {
        members.add(routine);
      }
    }
    return members;
  }

  private List<TypeDescriptor> types(ExtensionDescriptor extension) {
    List<TypeDescriptor> types = new ArrayList<>();
    for (int oid : extension.members()) {
      if (cx.catalog().byOid(oid) instanceof TypeDescriptor type) {
        types.add(type);
      }
    }
    return types;
  }

  void drop(Statement.Drop drop, RoutineChanges routines, TypeRemoval typeRemoval) {
    Set<ExtensionDescriptor> doomed = new LinkedHashSet<>();
    for (QualifiedName name : drop.names()) {
      if (name.name().equals(FIRST)) {
        throw SqlException.notSupported("DROP EXTENSION plpgsql").at(drop.pos());
      }
      ExtensionDescriptor extension = created(name.name());
      if (extension != null) {
        requireOwner(extension);
        doomed.add(extension);
      } else if (drop.ifExists()) {
        cx.notice(Notice.notice("extension \"" + name.name() + "\" does not exist, skipping"));
      } else {
        throw missing(name.name());
      }
    }
    for (ExtensionDescriptor extension : doomed) {
      remove(extension, drop.cascade(), routines, typeRemoval);
    }
  }

  private void remove(
      ExtensionDescriptor extension,
      boolean cascade,
      RoutineChanges routines,
      TypeRemoval typeRemoval) {
    String whole = "extension " + extension.name();
    List<TypeDescriptor> types = types(extension);
    Set<RoutineDescriptor> members = new LinkedHashSet<>(members(extension));
    if (!members.isEmpty()) {
      routines.removeMembers(members, cascade, whole);
    }
    if (!types.isEmpty()) {
      typeRemoval.remove(types, cascade, whole);
    }
    cx.remove(extension.oid());
  }

  /// Removes the extensions whose objects are in a schema that is about to go.
  static void removeFrom(DdlContext cx, SchemaDescriptor schema) {
    for (ExtensionDescriptor each : cx.catalog().all(ExtensionDescriptor.class, cx.databaseOid())) {
      if (each.schemaOid() == schema.oid()) {
        cx.remove(each.oid());
      }
    }
  }

  /// Refuses to drop or change what belongs to an extension.
  ///
  /// @param shown what messages call it
  static void requireNoMember(DdlContext cx, int oid, String shown) {
    for (ExtensionDescriptor each : cx.catalog().all(ExtensionDescriptor.class, cx.databaseOid())) {
      if (each.members().contains(oid)) {
        throw new SqlException(
                SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                "cannot drop " + shown + " because extension " + each.name() + " requires it")
            .hint("You can drop extension " + each.name() + " instead.");
      }
    }
  }
}
