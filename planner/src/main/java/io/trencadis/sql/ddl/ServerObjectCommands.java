package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Databases, schemas and roles.
final class ServerObjectCommands {
  private final DdlContext cx;

  ServerObjectCommands(DdlContext cx) {
    this.cx = cx;
  }

  private void requirePrivilege(boolean has, String what) {
    if (!cx.role().superuser() && !has) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to " + what);
    }
  }

  void createDatabase(Statement.CreateDatabase create) {
    requirePrivilege(cx.role().createDatabase(), "create database");
    if (cx.catalog().database(create.name()) != null) {
      throw new SqlException(
          SqlState.DUPLICATE_DATABASE, "database \"" + create.name() + "\" already exists");
    }
    int owner = cx.role().oid();
    int limit = -1;
    for (Statement.StorageOption option : create.options()) {
      String value = option.value();
      switch (option.name().toLowerCase(Locale.ROOT)) {
        case "owner" -> owner = role(value).oid();
        case "connection_limit", "connection limit" -> limit = Integer.parseInt(value);
        case "encoding" -> {
          if (value != null
              && !List.of("UTF8", "UTF-8", "UNICODE", "6", "DEFAULT")
                  .contains(value.toUpperCase(Locale.ROOT))) {
            throw SqlException.notSupported("database encoding " + value).at(option.pos());
          }
        }
        default -> {
          // Templates, locales, tablespaces: there is one of each here.
        }
      }
    }
    int oid = cx.newOid();
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(oid, new DatabaseDescriptor(oid, create.name(), owner, limit));
    int schema = cx.newOid();
    changes.put(schema, new SchemaDescriptor(schema, oid, "public", Catalog.BOOTSTRAP_ROLE));
    cx.change(changes);
  }

  void dropDatabase(Statement.DropDatabase drop) {
    DatabaseDescriptor database = cx.catalog().database(drop.name());
    if (database == null) {
      if (drop.ifExists()) {
        cx.notice(Notice.notice("database \"" + drop.name() + "\" does not exist, skipping"));
        return;
      }
      throw new SqlException(
          SqlState.INVALID_CATALOG_NAME, "database \"" + drop.name() + "\" does not exist");
    }
    if (database.oid() == cx.databaseOid()) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "cannot drop the currently open database");
    }
    if (cx.databaseInUse(database.oid())) {
      throw new SqlException(
              SqlState.OBJECT_IN_USE,
              "database \"" + database.name() + "\" is being accessed by other users")
          .detail("There are other sessions using the database.");
    }
    int prepared = cx.preparedTransactions(database.oid());
    if (prepared > 0) {
      throw new SqlException(
              SqlState.OBJECT_IN_USE,
              "database \"" + database.name() + "\" is being accessed by other users")
          .detail(
              prepared == 1
                  ? "There is 1 prepared transaction using the database."
                  : "There are " + prepared + " prepared transactions using the database.");
    }
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    for (Descriptor descriptor : cx.catalog().all()) {
      if (descriptor.databaseOid() == database.oid()) {
        changes.put(descriptor.oid(), null);
      }
    }
    changes.put(database.oid(), null);
    cx.change(changes);
  }

  void createSchema(Statement.CreateSchema create) {
    String name = create.name() != null ? create.name() : create.authorization();
    if (name.startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
          .detail("The prefix \"pg_\" is reserved for system schemas.");
    }
    if (cx.catalog().schema(cx.databaseOid(), name) != null || name.equals("information_schema")) {
      if (create.ifNotExists()) {
        cx.notice(
            new Notice(
                "NOTICE",
                SqlState.DUPLICATE_SCHEMA,
                "schema \"" + name + "\" already exists, skipping",
                null,
                null));
        return;
      }
      throw new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists");
    }
    if (!create.elements().isEmpty()) {
      throw SqlException.notSupported("CREATE SCHEMA with schema elements").at(create.pos());
    }
    int owner =
        create.authorization() == null ? cx.role().oid() : role(create.authorization()).oid();
    cx.put(new SchemaDescriptor(cx.newOid(), cx.databaseOid(), name, owner));
  }

  private RoleDescriptor role(String name) {
    RoleDescriptor role =
        List.of("current_user", "session_user", "current_role").contains(name)
            ? cx.role()
            : cx.catalog().role(name);
    if (role == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    }
    return role;
  }

  void createRole(Statement.CreateRole create) {
    requirePrivilege(cx.role().createRole(), "create role");
    if (create.name().startsWith("pg_")
        || create.name().equals("public")
        || create.name().equals("none")) {
      throw new SqlException(
          SqlState.RESERVED_NAME, "role name \"" + create.name() + "\" is reserved");
    }
    if (cx.catalog().role(create.name()) != null) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT, "role \"" + create.name() + "\" already exists");
    }
    RoleDescriptor fresh =
        new RoleDescriptor(
            cx.newOid(),
            create.name(),
            false,
            true,
            false,
            false,
            create.kind() == Statement.RoleKind.USER,
            false,
            false,
            -1,
            null,
            null,
            List.of());
    cx.put(with(fresh, create.options()));
  }

  void alterRole(Statement.AlterRole alter) {
    RoleDescriptor role = role(alter.name());
    requirePrivilege(cx.role().createRole() || role.oid() == cx.role().oid(), "alter role");
    if (alter.set() != null || alter.database() != null) {
      throw SqlException.notSupported("ALTER ROLE ... SET").at(alter.pos());
    }
    if (alter.newName() != null) {
      cx.put(
          new RoleDescriptor(
              role.oid(),
              alter.newName(),
              role.superuser(),
              role.inherit(),
              role.createRole(),
              role.createDatabase(),
              role.login(),
              role.replication(),
              role.bypassRowSecurity(),
              role.connectionLimit(),
              role.passwordVerifier(),
              role.validUntilMicros(),
              role.memberOf()));
      return;
    }
    cx.put(with(role, alter.options()));
  }

  private RoleDescriptor with(RoleDescriptor role, List<Statement.RoleOption> options) {
    boolean superuser = role.superuser();
    boolean inherit = role.inherit();
    boolean createRole = role.createRole();
    boolean createDatabase = role.createDatabase();
    boolean login = role.login();
    boolean replication = role.replication();
    boolean bypass = role.bypassRowSecurity();
    int limit = role.connectionLimit();
    String verifier = role.passwordVerifier();
    List<Integer> memberOf = new ArrayList<>(role.memberOf());
    for (Statement.RoleOption option : options) {
      String name = option.name().toLowerCase(Locale.ROOT);
      boolean on = !Boolean.FALSE.equals(option.value());
      switch (name) {
        case "superuser" -> {
          requirePrivilege(false, "create superusers");
          superuser = on;
        }
        case "nosuperuser" -> superuser = false;
        case "inherit" -> inherit = on;
        case "noinherit" -> inherit = false;
        case "createrole" -> createRole = on;
        case "nocreaterole" -> createRole = false;
        case "createdb" -> createDatabase = on;
        case "nocreatedb" -> createDatabase = false;
        case "login" -> login = on;
        case "nologin" -> login = false;
        case "replication" -> replication = on;
        case "noreplication" -> replication = false;
        case "bypassrls" -> bypass = on;
        case "nobypassrls" -> bypass = false;
        case "connection limit", "connectionlimit", "connection_limit" ->
            limit = ((Number) option.value()).intValue();
        case "password", "encrypted password" ->
            verifier =
                option.value() == null ? null : cx.passwordVerifier(option.value().toString());
        case "in role", "inrole", "in_role", "in group" -> {
          if (option.value() instanceof List<?> names) {
            names.forEach(n -> memberOf.add(role(n.toString()).oid()));
          }
        }
        case "valid until", "validuntil", "valid_until", "sysid" -> {
          // Accepted; expiry of passwords comes with the host rules.
        }
        default -> throw SqlException.notSupported("role option " + option.name()).at(option.pos());
      }
    }
    return new RoleDescriptor(
        role.oid(),
        role.name(),
        superuser,
        inherit,
        createRole,
        createDatabase,
        login,
        replication,
        bypass,
        limit,
        verifier,
        role.validUntilMicros(),
        List.copyOf(memberOf));
  }

  void dropRole(Statement.DropRole drop) {
    requirePrivilege(cx.role().createRole(), "drop role");
    for (String name : drop.names()) {
      RoleDescriptor role = cx.catalog().role(name);
      if (role == null) {
        if (drop.ifExists()) {
          cx.notice(Notice.notice("role \"" + name + "\" does not exist, skipping"));
          continue;
        }
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
      }
      if (role.oid() == cx.role().oid()) {
        throw new SqlException(SqlState.OBJECT_IN_USE, "current user cannot be dropped");
      }
      cx.remove(role.oid());
    }
  }

  void grantRole(Statement.GrantRole grant) {
    for (String grantee : grant.grantees()) {
      RoleDescriptor role = role(grantee);
      List<Integer> memberOf = new ArrayList<>(role.memberOf());
      for (String granted : grant.roles()) {
        Integer oid = role(granted).oid();
        memberOf.remove(oid);
        if (!grant.revoke()) {
          memberOf.add(oid);
        }
      }
      cx.put(
          new RoleDescriptor(
              role.oid(),
              role.name(),
              role.superuser(),
              role.inherit(),
              role.createRole(),
              role.createDatabase(),
              role.login(),
              role.replication(),
              role.bypassRowSecurity(),
              role.connectionLimit(),
              role.passwordVerifier(),
              role.validUntilMicros(),
              List.copyOf(memberOf)));
    }
  }
}
