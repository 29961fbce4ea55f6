package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Roles;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `has_…_privilege` and `pg_has_role`.
final class Privileges {
  private static final String GRANTABLE = " WITH GRANT OPTION";

  /// What may be asked for of each kind of object.
  private static final Map<String, List<String>> KNOWN =
      Map.of(
          "table",
          List.of("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
          "any_column",
          List.of("SELECT", "INSERT", "UPDATE", "REFERENCES"),
          "column",
          List.of("SELECT", "INSERT", "UPDATE", "REFERENCES"),
          "sequence",
          List.of("USAGE", "SELECT", "UPDATE"),
          "database",
          List.of("CREATE", "TEMPORARY", "TEMP", "CONNECT"),
          "function",
          List.of("EXECUTE"),
          "schema",
          List.of("CREATE", "USAGE"),
          "tablespace",
          List.of("CREATE"),
          "parameter",
          List.of("SET", "ALTER SYSTEM"));

  private final RegNames names;

  Privileges(RegNames names) {
    this.names = names;
  }

  /// Answers one of the functions.
  ///
  /// @param prosrc for example `has_table_privilege_name_id`: what for, and the kinds of the
  ///   arguments
  Object call(String prosrc, Object[] args, Reading reading) {
    boolean column = prosrc.startsWith("has_column_privilege_");
    // The user may be left out; what the function is about and the privilege are always there.
    boolean userGiven = args.length == (column ? 4 : 3);
    int user = userGiven ? role(args[0], reading) : reading.access().role().oid();
    int at = userGiven ? 1 : 0;
    String privileges = (String) args[args.length - 1];
    if (prosrc.startsWith("pg_has_role_")) {
      return hasRole(reading, user, role(args[at], reading), privileges);
    }
    Rights rights = reading.rights();
    String object = prosrc.substring("has_".length(), prosrc.indexOf("_privilege"));
    Target target = target(object, args[at], reading);
    Integer number = column && target != null ? column(target, args[at + 1], reading) : null;
    boolean found = false;
    for (String each : privileges.split(",")) {
      found |= has(rights, user, target, object, number, each);
    }
    return target == null || column && number == null ? null : (Boolean) found;
  }

  /// @throws SqlException 22023 for what such objects have no privilege of
  private static boolean has(
      Rights rights, int user, Target target, String object, Integer column, String written) {
    String name = written.strip().toUpperCase(Locale.ROOT);
    boolean option = name.endsWith(GRANTABLE);
    String bare = option ? name.substring(0, name.length() - GRANTABLE.length()) : name;
    List<String> known = KNOWN.getOrDefault(object, List.of("USAGE"));
    if (!known.contains(bare) && !(object.equals("table") && bare.equals("RULE"))) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "unrecognized privilege type: \"" + written.strip() + "\"");
    }
    Privilege privilege = Privilege.named(bare);
    if (target == null || privilege == null) {
      return false;
    }
    long of = option ? rights.grantable(user, target, 0) : rights.privileges(user, target);
    if ((of & privilege.bit()) != 0) {
      return true;
    }
    if (object.equals("any_column")) {
      return !option && rights.hasAnyColumn(user, target, privilege);
    }
    if (column == null) {
      return false;
    }
    long ofColumn =
        option
            ? rights.grantable(user, target, column)
            : rights.columnPrivileges(user, target, column);
    return (ofColumn & privilege.bit()) != 0;
  }

  private static boolean hasRole(Reading reading, int user, int wanted, String privileges) {
    Roles roles = new Roles(reading.catalog(), reading.databaseOid());
    boolean found = false;
    for (String each : privileges.split(",")) {
      found |=
          switch (each.strip().toUpperCase(Locale.ROOT)) {
            case "USAGE" -> roles.has(user, wanted);
            case "MEMBER" -> roles.isMember(user, wanted);
            case "USAGE WITH GRANT OPTION",
                "USAGE WITH ADMIN OPTION",
                "MEMBER WITH GRANT OPTION",
                "MEMBER WITH ADMIN OPTION" ->
                roles.isAdmin(user, wanted);
            default ->
                throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "unrecognized privilege type: \"" + each.strip() + "\"");
          };
    }
    return found;
  }

  private static int role(Object named, Reading reading) {
    if (named instanceof Long oid) {
      return (int) (long) oid;
    }
    if (named.equals("public")) {
      return Acl.PUBLIC;
    }
    RoleDescriptor role = reading.catalog().role((String) named);
    if (role == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + named + "\" does not exist");
    }
    return role.oid();
  }

  static boolean isMember(Reading reading, int user, int wanted) {
    return new Roles(reading.catalog(), reading.databaseOid()).isMember(user, wanted);
  }

  // ---------------------------------------------------------------- objects

  /// The object; null if an oid means nothing.
  private Target target(String object, Object named, Reading reading) {
    return switch (object) {
      case "table", "any_column", "column" -> relation(named, reading);
      case "sequence" -> {
        Target found = relation(named, reading);
        if (found != null && found.kind() != Kind.SEQUENCE) {
          throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "\"" + found.name() + "\" is not a sequence");
        }
        yield found;
      }
      case "schema" -> schema(named, reading);
      case "database" -> {
        Descriptor found =
            named instanceof Long number
                ? reading.catalog().byOid((int) (long) number)
                : reading.catalog().database((String) named);
        if (found == null && named instanceof String) {
          throw new SqlException(
              SqlState.INVALID_CATALOG_NAME, "database \"" + named + "\" does not exist");
        }
        yield found instanceof DatabaseDescriptor database ? Target.of(database) : null;
      }
      case "function" -> {
        int oid =
            named instanceof Long number
                ? (int) (long) number
                : (int) reading.access().lookupReg(Types.REGPROCEDURE, (String) named);
        yield PgCatalog.function(oid) == null
            ? null
            : builtIn(Kind.FUNCTION, oid, PgCatalog.function(oid).name(), reading);
      }
      case "type" -> {
        int oid =
            named instanceof Long number
                ? (int) (long) number
                : (int)
                    (long) (Long) Types.REGTYPE.codec().parse((String) named, -1, reading.access());
        yield Types.byOid(oid) == null
            ? null
            : builtIn(Kind.TYPE, oid, Types.byOid(oid).name(), reading);
      }
      case "language" ->
          other(Kind.LANGUAGE, named, Map.of("internal", 12, "c", 13, "sql", 14), reading);
      case "tablespace" ->
          other(
              Kind.TABLESPACE,
              named,
              Map.of("pg_default", Oids.DEFAULT_TABLESPACE, "pg_global", Oids.GLOBAL_TABLESPACE),
              reading);
      case "parameter" -> builtIn(Kind.PARAMETER, 0, (String) named, reading);
      default -> null;
    };
  }

  private static Target builtIn(Kind kind, int oid, String name, Reading reading) {
    return Target.builtIn(kind, oid, reading.databaseOid(), name);
  }

  private static Target other(Kind kind, Object named, Map<String, Integer> all, Reading reading) {
    for (Map.Entry<String, Integer> each : all.entrySet()) {
      if (each.getKey().equals(named) || named.equals((long) each.getValue())) {
        return builtIn(kind, each.getValue(), each.getKey(), reading);
      }
    }
    if (named instanceof String) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, kind.word() + " \"" + named + "\" does not exist");
    }
    return null;
  }

  private static Target schema(Object named, Reading reading) {
    int oid =
        named instanceof Long number ? (int) (long) number : reading.schemaOid((String) named);
    if (oid == 0) {
      throw new SqlException(
          SqlState.INVALID_SCHEMA_NAME, "schema \"" + named + "\" does not exist");
    }
    return Oids.systemSchema(oid) != null
        ? builtIn(Kind.SCHEMA, oid, Oids.systemSchema(oid), reading)
        : reading.catalog().byOid(oid) instanceof SchemaDescriptor schema
            ? Target.of(schema)
            : null;
  }

  private Target relation(Object named, Reading reading) {
    int oid =
        named instanceof Long number
            ? (int) (long) number
            : names.findRelation(reading, (String) named);
    if (oid == 0 && named instanceof String) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + named + "\" does not exist");
    }
    return reading.relationTarget(oid);
  }

  /// The number of a column, or null where a number means none.
  private static Integer column(Target target, Object named, Reading reading) {
    if (reading.catalog().byOid(target.oid()) instanceof TableDescriptor table) {
      for (Column column : table.liveColumns()) {
        if (column.name().equals(named) || named.equals((short) column.number())) {
          return column.number();
        }
      }
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      for (int i = 0; relation.oid() == target.oid() && i < relation.columns().size(); i++) {
        if (relation.columns().get(i).name().equals(named) || named.equals((short) (i + 1))) {
          return i + 1;
        }
      }
    }
    if (named instanceof String) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + named + "\" of relation \"" + target.name() + "\" does not exist");
    }
    return null;
  }
}
