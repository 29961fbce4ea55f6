package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.SystemColumns;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The objects that GRANT and REVOKE name.
final class GrantTargets {
  private static final Map<String, Integer> LANGUAGES =
      Map.of("internal", 12, "c", 13, "sql", 14, "plpgsql", 13_581);
  private static final Map<String, Integer> TABLESPACES =
      Map.of("pg_default", 1663, "pg_global", 1664);

  private final DdlContext cx;

  GrantTargets(DdlContext cx) {
    this.cx = cx;
  }

  static Kind kind(Statement.ObjectKind kind) {
    return switch (kind) {
      case SEQUENCE -> Kind.SEQUENCE;
      case DATABASE -> Kind.DATABASE;
      case SCHEMA -> Kind.SCHEMA;
      case FUNCTION -> Kind.FUNCTION;
      case TYPE, DOMAIN -> Kind.TYPE;
      case LANGUAGE -> Kind.LANGUAGE;
      case TABLESPACE -> Kind.TABLESPACE;
      case TABLE -> Kind.TABLE;
      default ->
          throw SqlException.notSupported(
              "GRANT on a " + kind.words().toLowerCase(java.util.Locale.ROOT));
    };
  }

  List<Target> of(Statement.Grant grant, Kind kind) {
    List<Target> found = new ArrayList<>();
    if (grant.kind() == Statement.ObjectKind.DOMAIN) {
      grant.names().forEach(this::requireDomain);
    }
    for (int i = 0; i < grant.names().size(); i++) {
      QualifiedName name = grant.names().get(i);
      if (grant.allInSchema()) {
        addAll(schema(name.name(), name.pos()), kind, found);
      } else {
        found.add(kind == Kind.FUNCTION ? function(grant.routines().get(i)) : one(name, kind));
      }
    }
    return found;
  }

  Target one(QualifiedName name, Kind kind) {
    return switch (kind) {
      case TABLE -> relation(name);
      case SEQUENCE -> {
        Target found = relation(name);
        if (found.kind() != Kind.SEQUENCE) {
          throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a sequence");
        }
        yield found;
      }
      case DATABASE -> Target.of(ServerObjectCommands.database(cx, name.name()));
      case SCHEMA -> schema(name.name(), name.pos());
      case TYPE -> type(name);
      case LANGUAGE -> builtIn(kind, LANGUAGES, name);
      case TABLESPACE -> builtIn(kind, TABLESPACES, name);
      default -> throw SqlException.notSupported("GRANT on a " + kind.word()).at(name.pos());
    };
  }

  private Target builtIn(Kind kind, Map<String, Integer> all, QualifiedName name) {
    Integer oid = all.get(name.name());
    if (oid == null) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, kind.word() + " \"" + name.name() + "\" does not exist");
    }
    if (kind == Kind.LANGUAGE && oid < 14) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "language \"" + name.name() + "\" is not trusted")
          .detail(
              "GRANT and REVOKE are not allowed on untrusted languages, because only superusers"
                  + " can use untrusted languages.");
    }
    return Target.builtIn(kind, oid, cx.databaseOid(), name.name());
  }

  Target relation(QualifiedName name) {
    SystemView view = cx.names().findSystemView(name);
    if (view != null) {
      for (SystemRelation relation : PgCatalog.systemRelations()) {
        if (relation.oid() == view.oid()) {
          return systemRelation(relation, cx.databaseOid());
        }
      }
    }
    return switch (cx.names().findRelation(name)) {
      case TableDescriptor table -> Target.of(table);
      case SequenceDescriptor sequence -> Target.of(sequence);
      case null, default -> {
        if (name.schema() != null) {
          cx.names().schema(name);
        }
        if (cx.names().tableOfIndex(name) != null) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is an index");
        }
        throw Names.undefined(name);
      }
    };
  }

  static Target systemRelation(SystemRelation relation, int databaseOid) {
    return Target.builtIn(
        relation.kind() == 'v' ? Kind.VIEW : Kind.TABLE,
        relation.oid(),
        databaseOid,
        relation.name());
  }

  Target schema(String name, int pos) {
    int system =
        switch (name) {
          case "pg_catalog" -> io.trencadis.sql.catalog.Catalog.PG_CATALOG;
          case "information_schema" -> io.trencadis.sql.catalog.Catalog.INFORMATION_SCHEMA;
          default -> 0;
        };
    return system != 0
        ? Target.builtIn(Kind.SCHEMA, system, cx.databaseOid(), name)
        : Target.of(cx.names().schema(name, -1));
  }

  private void requireDomain(QualifiedName name) {
    PgType type = cx.names().findType(name.parts(), -1);
    if (type != null && !type.isDomain()) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + type.displayName() + "\" is not a domain");
    }
  }

  private Target type(QualifiedName name) {
    PgType type = cx.names().findType(name.parts(), -1);
    if (type == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
    }
    if (type.isArray()) {
      throw new SqlException(
              SqlState.INVALID_GRANT_OPERATION, "cannot set privileges of array types")
          .hint("Set the privileges of the element type instead.");
    }
    if (type.isUsers() && !TypeNaming.isTableRow(type)) {
      return Target.of(cx.catalog().types().descriptor(type.oid()), type.displayName());
    }
    return Target.builtIn(Kind.TYPE, type.oid(), cx.databaseOid(), type.displayName());
  }

  /// A routine, of users or built in.
  Target function(Statement.DropSignature.Signature signature) {
    RoutineDescriptor own = new RoutineNames(cx).find("routine", signature);
    if (own != null) {
      return Target.of(own);
    }
    QualifiedName name = signature.name();
    List<ProcInfo> candidates = new ArrayList<>();
    for (ProcInfo each : PgCatalog.functions(name.name())) {
      if (name.schema() == null || name.schema().equals(each.schema())) {
        candidates.add(each);
      }
    }
    if (signature.arguments() != null) {
      List<Integer> types = new ArrayList<>();
      for (TypeName each : signature.arguments()) {
        types.add(cx.names().type(each).type().oid());
      }
      candidates.removeIf(
          each -> !java.util.Arrays.stream(each.argTypes()).boxed().toList().equals(types));
      if (candidates.isEmpty()) {
        List<String> names = types.stream().map(oid -> Types.byOid(oid).displayName()).toList();
        throw new SqlException(
            SqlState.UNDEFINED_FUNCTION,
            "function " + name + "(" + String.join(", ", names) + ") does not exist");
      }
    } else if (candidates.isEmpty()) {
      throw new SqlException(
          SqlState.UNDEFINED_FUNCTION, "could not find a function named \"" + name + "\"");
    } else if (candidates.size() > 1) {
      throw new SqlException(
              SqlState.AMBIGUOUS_FUNCTION, "function name \"" + name + "\" is not unique")
          .hint("Specify the argument list to select the function unambiguously.");
    }
    ProcInfo found = candidates.getFirst();
    return Target.builtIn(Kind.FUNCTION, found.oid(), cx.databaseOid(), found.name());
  }

  private void addAll(Target schema, Kind kind, List<Target> found) {
    for (Descriptor each : cx.catalog().all(Descriptor.class)) {
      switch (each) {
        case TableDescriptor table when kind == Kind.TABLE && table.schemaOid() == schema.oid() ->
            found.add(Target.of(table));
        case SequenceDescriptor sequence
            when kind == Kind.SEQUENCE && sequence.schemaOid() == schema.oid() ->
            found.add(Target.of(sequence));
        case RoutineDescriptor routine
            when kind == Kind.FUNCTION && routine.schemaOid() == schema.oid() ->
            found.add(Target.of(routine));
        default -> {}
      }
    }
  }

  /// The number of a column of a relation.
  int column(Target target, String name) {
    Column column =
        cx.catalog().byOid(target.oid()) instanceof TableDescriptor table
            ? table.column(name)
            : null;
    if (column != null) {
      return column.number();
    }
    if (SystemColumns.isOne(name)) {
      return SystemColumns.number(name);
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      for (int i = 0; relation.oid() == target.oid() && i < relation.columns().size(); i++) {
        if (relation.columns().get(i).name().equals(name)) {
          return i + 1;
        }
      }
    }
    throw new SqlException(
        SqlState.UNDEFINED_COLUMN,
        "column \"" + name + "\" of relation \"" + target.name() + "\" does not exist");
  }

  String columnName(Target target, int column) {
    if (column < 0) {
      return SystemColumns.name(column);
    }
    return cx.catalog().byOid(target.oid()) instanceof TableDescriptor table
        ? table.columnNumbered(column).name()
        : Integer.toString(column);
  }

  /// A schema's descriptor, for ALTER DEFAULT PRIVILEGES.
  SchemaDescriptor userSchema(String name) {
    return cx.names().schema(name, -1);
  }
}
