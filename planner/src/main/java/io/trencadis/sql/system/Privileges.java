package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// `has_…_privilege` and `pg_has_role`. Nothing is granted yet, so superusers may everything,
/// owners (and members of owners) everything of theirs, and all may read what is built in.
final class Privileges {
  private static final int PUBLIC = 0;
  private static final String GRANTABLE = " WITH GRANT OPTION";
  private static final Set<String> KNOWN =
      Set.of(
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "TRUNCATE",
          "REFERENCES",
          "TRIGGER",
          "USAGE",
          "CREATE",
          "CONNECT",
          "TEMPORARY",
          "TEMP",
          "EXECUTE",
          "SET",
          "ALTER SYSTEM");

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
    boolean role = prosrc.startsWith("pg_has_role_");
    // The user may be left out; what the function is about and the privilege are always there.
    int user =
        args.length == (column ? 4 : 3) ? role(args[0], reading) : reading.access().role().oid();
    int at = args.length == (column ? 4 : 3) ? 1 : 0;
    if (role) {
      int wanted = role(args[at], reading);
      return isMember(reading, user, wanted);
    }
    requireKnown((String) args[args.length - 1]);
    String object = prosrc.substring("has_".length(), prosrc.indexOf("_privilege"));
    int owner = owner(object, args[at], reading);
    if (owner == -1) {
      return null;
    }
    RoleDescriptor asking = reading.catalog().role(user);
    if (asking == null) {
      return false;
    }
    return asking.superuser()
        || owner > 0 && isMember(reading, user, owner)
        || owner == PUBLIC && isReading((String) args[args.length - 1]);
  }

  private static void requireKnown(String privileges) {
    for (String each : privileges.split(",")) {
      String name = each.strip().toUpperCase(Locale.ROOT);
      String bare =
          name.endsWith(GRANTABLE) ? name.substring(0, name.length() - GRANTABLE.length()) : name;
      if (!KNOWN.contains(bare)) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE,
            "unrecognized privilege type: \"" + each.strip() + "\"");
      }
    }
  }

  /// What everybody may do with what is built in.
  private static boolean isReading(String privileges) {
    for (String each : privileges.split(",")) {
      switch (each.strip().toUpperCase(Locale.ROOT)) {
        case "SELECT", "USAGE", "EXECUTE", "CONNECT", "TEMPORARY", "TEMP" -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  private static int role(Object named, Reading reading) {
    if (named instanceof Long oid) {
      return (int) (long) oid;
    }
    if (named.equals("public")) {
      return PUBLIC;
    }
    RoleDescriptor role = reading.catalog().role((String) named);
    if (role == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + named + "\" does not exist");
    }
    return role.oid();
  }

  static boolean isMember(Reading reading, int user, int wanted) {
    RoleDescriptor role = reading.catalog().role(user);
    return user == wanted
        || role != null && (role.superuser() || reaches(reading, role, wanted, new HashSet<>()));
  }

  private static boolean reaches(
      Reading reading, RoleDescriptor role, int wanted, Set<Integer> seen) {
    for (int group : role.memberOf()) {
      RoleDescriptor next = reading.catalog().role(group);
      if (group == wanted
          || next != null && seen.add(group) && reaches(reading, next, wanted, seen)) {
        return true;
      }
    }
    return false;
  }

  /// The owner of an object, 0 for what is built in, -1 if an oid means nothing.
  private int owner(String object, Object named, Reading reading) {
    return switch (object) {
      case "table", "any_column", "column", "sequence" -> ownerOfRelation(named, reading);
      case "schema" -> {
        int oid =
            named instanceof Long number ? (int) (long) number : reading.schemaOid((String) named);
        if (oid == 0) {
          throw new SqlException(
              SqlState.INVALID_SCHEMA_NAME, "schema \"" + named + "\" does not exist");
        }
        yield Oids.systemSchema(oid) != null
            ? PUBLIC
            : reading.catalog().byOid(oid) instanceof SchemaDescriptor schema
                ? schema.ownerOid()
                : -1;
      }
      case "database" -> {
        Descriptor found =
            named instanceof Long number
                ? reading.catalog().byOid((int) (long) number)
                : reading.catalog().database((String) named);
        if (found == null && named instanceof String) {
          throw new SqlException(
              SqlState.INVALID_CATALOG_NAME, "database \"" + named + "\" does not exist");
        }
        // Everybody may connect, as in a new PostgreSQL database.
        yield found instanceof DatabaseDescriptor ? PUBLIC : -1;
      }
      default -> PUBLIC;
    };
  }

  private int ownerOfRelation(Object named, Reading reading) {
    int oid =
        named instanceof Long number
            ? (int) (long) number
            : names.findRelation(reading, (String) named);
    if (oid == 0 && named instanceof String) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + named + "\" does not exist");
    }
    return switch (reading.catalog().byOid(oid)) {
      case TableDescriptor table -> table.ownerOid();
      case SequenceDescriptor sequence -> sequence.ownerOid();
      case null, default -> names.relation(reading, oid) == null ? -1 : PUBLIC;
    };
  }
}
