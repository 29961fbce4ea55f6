package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Annotation;
import io.trencadis.sql.catalog.CommentDescriptor;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.StartSettingsDescriptor;
import io.trencadis.sql.session.Notice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Databases and schemas.
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
    int oid = cx.newOid();
    DatabaseDescriptor database = new DatabaseDescriptor(oid, create.name(), cx.role().oid(), -1);
    String template = "template1";
    for (Statement.StorageOption option : create.options()) {
      String value = option.value();
      switch (option.name().toLowerCase(Locale.ROOT)) {
        case "owner" -> database = database.withOwner(RoleNames.role(cx, value).oid());
        case "template" -> template = value == null ? template : value;
        case "encoding" -> {
          if (value != null
              && !List.of("UTF8", "UTF-8", "UNICODE", "6", "DEFAULT")
                  .contains(value.toUpperCase(Locale.ROOT))) {
            throw SqlException.notSupported("database encoding " + value).at(option.pos());
          }
        }
        case "lc_collate",
            "lc_ctype",
            "locale",
            "locale_provider",
            "icu_locale",
            "collation_version",
            "tablespace",
            "strategy",
            "oid" -> {
          // There is one of each here.
        }
        default -> database = withOption(database, option);
      }
    }
    requireEmpty(template);
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(oid, database);
    int schema = cx.newOid();
    changes.put(
        schema, new SchemaDescriptor(schema, oid, "public", PredefinedRoles.DATABASE_OWNER));
    int comment = cx.newOid();
    changes.put(comment, CommentDescriptor.ofPublic(comment, oid, schema));
    cx.change(changes);
  }

  private static DatabaseDescriptor withOption(
      DatabaseDescriptor database, Statement.StorageOption option) {
    return switch (option.name().toLowerCase(Locale.ROOT)) {
      case "connection_limit", "connection limit" -> {
        int limit = option.value() == null ? -1 : Integer.parseInt(option.value());
        if (limit < -1) {
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "invalid connection limit: " + limit);
        }
        yield database.withLimit(limit);
      }
      case "is_template" -> database.withTemplate(truth(option));
      case "allow_connections" -> database.withClosed(!truth(option));
      default ->
          throw new SqlException(
                  SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized")
              .at(option.pos());
    };
  }

  private static boolean truth(Statement.StorageOption option) {
    String value = option.value() == null ? "" : option.value().toLowerCase(Locale.ROOT);
    return switch (value) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw new SqlException(
              SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
    };
  }

  /// Databases are made empty, so what they are made like has to be empty, too.
  private void requireEmpty(String template) {
    DatabaseDescriptor database = cx.catalog().database(template);
    if (database == null) {
      // Data directories of older versions have no templates.
      if (template.equals("template0") || template.equals("template1")) {
        return;
      }
      throw new SqlException(
          SqlState.INVALID_CATALOG_NAME, "template database \"" + template + "\" does not exist");
    }
    if (!database.template() && !cx.role().superuser() && cx.role().oid() != database.ownerOid()) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "permission denied to copy database \"" + template + "\"");
    }
    for (Descriptor each : cx.catalog().all()) {
      boolean first =
          each instanceof SchemaDescriptor schema && schema.name().equals("public")
              || each instanceof Annotation
              || each instanceof StartSettingsDescriptor;
      if (each.databaseOid() == database.oid() && !first) {
        throw SqlException.notSupported(
            "copying what is in template database \"" + template + "\"");
      }
    }
  }

  static DatabaseDescriptor database(DdlContext cx, String name) {
    DatabaseDescriptor database = cx.catalog().database(name);
    if (database == null) {
      throw new SqlException(
          SqlState.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist");
    }
    return database;
  }

  void alterDatabase(Statement.AlterDatabase alter, OwnerCommands owners, RoleCommands roles) {
    DatabaseDescriptor database = database(cx, alter.name());
    if (alter.set() != null) {
      roles.change(database.oid(), 0, alter.set());
      return;
    }
    if (alter.owner() != null) {
      owners.alter(database, alter.owner());
      return;
    }
    if (alter.newName() != null) {
      String name = alter.newName();
      requirePrivilege(cx.role().createDatabase(), "rename database");
      if (cx.catalog().database(name) != null) {
        throw new SqlException(
            SqlState.DUPLICATE_DATABASE, "database \"" + name + "\" already exists");
      }
      if (database.oid() == cx.databaseOid()) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "current database cannot be renamed");
      }
      if (cx.databaseInUse(database.oid())) {
        throw new SqlException(
                SqlState.OBJECT_IN_USE,
                "database \"" + database.name() + "\" is being accessed by other users")
            .detail("There are other sessions using the database.");
      }
      database = database.withName(name);
    }
    for (Statement.StorageOption option : alter.options()) {
      database = withOption(database, option);
    }
    cx.put(database);
  }

  /// ALTER SCHEMA.
  void alterSchema(Statement.AlterTable alter, OwnerCommands owners) {
    SchemaDescriptor schema = cx.names().schema(alter.name().name(), alter.name().pos());
    for (AlterAction action : alter.actions()) {
      switch (action) {
        case AlterAction.OwnerTo owner -> owners.alter(schema, owner.role());
        case AlterAction.RenameTable rename -> {
          requireFree(rename.newName());
          cx.put(
              new SchemaDescriptor(
                  schema.oid(), schema.databaseOid(), rename.newName(), schema.ownerOid()));
        }
        default -> throw SqlException.notSupported("ALTER SCHEMA").at(alter.pos());
      }
    }
  }

  private void requireFree(String schema) {
    if (cx.catalog().schema(cx.databaseOid(), schema) != null
        || schema.equals("information_schema")) {
      throw new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + schema + "\" already exists");
    }
    if (schema.startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "unacceptable schema name \"" + schema + "\"")
          .detail("The prefix \"pg_\" is reserved for system schemas.");
    }
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
    if (database.template()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot drop a template database");
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

  /// @return the new schema, or null where there was one already
  SchemaDescriptor createSchema(Statement.CreateSchema create) {
    String name =
        create.name() != null ? create.name() : RoleNames.role(cx, create.authorization()).name();
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
        return null;
      }
      throw new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists");
    }
    int owner =
        create.authorization() == null
            ? cx.role().oid()
            : RoleNames.role(cx, create.authorization()).oid();
    SchemaDescriptor schema = new SchemaDescriptor(cx.newOid(), cx.databaseOid(), name, owner);
    cx.put(schema);
    return schema;
  }
}
