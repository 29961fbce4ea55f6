package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.ResultColumn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All DDL statements, each sent to its family.
public final class SchemaStatements {
  private final DdlContext cx;
  private final TableLocks locks;
  private final DdlRights rights;
  private final TableCommands tables;
  private final SequenceCommands sequences;
  private final IndexCommands indexes;
  private final DropCommands drops;
  private final AlterTableCommands alters;
  private final ServerObjectCommands server;
  private final EnumCommands enums;
  private final TypeCommands types;
  private final DomainCommands domains;
  private final OwnerCommands owners;
  private final RoleCommands roles;
  private final GrantCommands grants;
  private final MembershipCommands memberships;
  private final RoutineChanges routines;

  public SchemaStatements(DdlContext cx) {
    this.cx = cx;
    this.locks = new TableLocks(cx::catalog);
    this.rights = new DdlRights(cx);
    ForeignKeyCommands foreignKeys = new ForeignKeyCommands(cx, locks);
    this.indexes = new IndexCommands(cx, locks);
    this.tables = new TableCommands(cx, foreignKeys, indexes);
    this.sequences = new SequenceCommands(cx);
    this.drops = new DropCommands(cx, locks);
    this.owners = new OwnerCommands(cx, locks, drops);
    this.alters = new AlterTableCommands(cx, locks, indexes, drops, foreignKeys, owners);
    this.server = new ServerObjectCommands(cx);
    this.enums = new EnumCommands(cx, locks);
    this.domains = new DomainCommands(cx, locks);
    this.types = new TypeCommands(cx, alters, drops, domains, owners);
    this.grants = new GrantCommands(cx);
    this.memberships = new MembershipCommands(cx);
    this.routines = new RoutineChanges(cx, owners, drops, this::run);
    drops.routines(routines);
    this.roles = new RoleCommands(cx, memberships);
  }

  public IndexBuilds indexBuilds() {
    return new IndexBuilds(cx, locks);
  }

  public Relocations relocations() {
    return new Relocations(cx, locks);
  }

  public TableLocks locks() {
    return locks;
  }

  /// CREATE TABLE AS without its rows; null where the table is there and IF NOT EXISTS was said.
  public TableDescriptor createAs(Statement.CreateTableAs create, List<ResultColumn> columns) {
    rights.require(create);
    return tables.createAs(create, columns);
  }

  /// What objects that are made get by ALTER DEFAULT PRIVILEGES, beside themselves.
  public Map<Integer, Descriptor> withDefaultPrivileges(Map<Integer, Descriptor> changes) {
    Map<Integer, Descriptor> more = DefaultPrivilegeCommands.ofNew(cx, changes);
    if (more.isEmpty()) {
      return changes;
    }
    Map<Integer, Descriptor> all = new LinkedHashMap<>(changes);
    all.putAll(more);
    return all;
  }

  /// Drops tables and whatever depends on them, and says nothing of it.
  public void dropQuietly(Set<TableDescriptor> tables) {
    drops.dropQuietly(tables);
  }

  /// Drops a schema and what is in it likewise.
  public void dropQuietly(SchemaDescriptor schema) {
    drops.dropQuietly(schema);
  }

  /// Requires that the role owns a table or index, by whatever name it is given.
  public void requireOwner(QualifiedName name) {
    rights.requireOwnerOfRelation(name);
  }

  /// What ANALYZE finds of tables. Changes nothing, and needs no lock.
  ///
  /// @param tables their oids, or null for all that the role owns
  public List<StatisticsDescriptor> look(List<Integer> tables) {
    return new AnalyzeCommand(cx).look(tables);
  }

  /// Keeps what ANALYZE has found.
  public void keep(List<StatisticsDescriptor> found) {
    new AnalyzeCommand(cx).keep(found);
  }

  /// Runs the statement and returns its tag.
  public String run(Statement statement) {
    rights.require(statement);
    switch (statement) {
      case Statement.CreateTable create -> tables.create(create);
      case Statement.CreateView create -> tables.createView(create);
      case Statement.CreateIndex create -> indexes.create(create);
      case Statement.CreateSequence create -> sequences.create(create);
      case Statement.AlterSequence alter -> sequences.alter(alter);
      case Statement.CreateSchema create -> {
        SchemaDescriptor schema = server.createSchema(create);
        if (schema != null && !create.elements().isEmpty()) {
          SchemaElements.run(cx, schema, create.elements(), this::run);
        }
      }
      case Statement.CreateDatabase create -> server.createDatabase(create);
      case Statement.DropDatabase drop -> server.dropDatabase(drop);
      case Statement.AlterDatabase alter -> server.alterDatabase(alter, owners, roles);
      case Statement.CreateRole create -> roles.create(create);
      case Statement.AlterRole alter -> roles.alter(alter);
      case Statement.DropRole drop -> roles.drop(drop);
      case Statement.GrantRole grant -> {
        memberships.grant(grant);
        return grant.revoke() ? "REVOKE ROLE" : "GRANT ROLE";
      }
      case Statement.CreateDomain create -> domains.create(create);
      case Statement.CreateExtension create -> new ExtensionCommands(cx).create(create);
      case Statement.AlterExtension alter -> new ExtensionCommands(cx).alter(alter);
      case Statement.Drop drop when drop.kind() == Statement.ObjectKind.EXTENSION -> {
        new ExtensionCommands(cx).drop(drop, routines, types.removal());
        return "DROP EXTENSION";
      }
      case Statement.CreateCollation create -> new CollationCommands(cx).create(create);
      case Statement.AlterTable alter when alter.kind() == Statement.ObjectKind.COLLATION -> {
        new CollationCommands(cx).alter(alter, owners);
        return "ALTER COLLATION";
      }
      case Statement.CreateRoutine create -> {
        new RoutineCommands(cx).create(create);
        return create.procedure() ? "CREATE PROCEDURE" : "CREATE FUNCTION";
      }
      case Statement.CreateTrigger create -> new TriggerCommands(cx, locks).create(create);
      case Statement.RenameTrigger rename -> {
        new TriggerCommands(cx, locks).rename(rename);
        return "ALTER TRIGGER";
      }
      case Statement.AlterRoutine alter -> {
        routines.alter(alter);
        return "ALTER " + alter.kind().words();
      }
      case Statement.CreateCompositeType create -> {
        new CompositeCommands(cx).create(create);
        return "CREATE TYPE";
      }
      case Statement.CreateEnum create -> {
        enums.create(create);
        return "CREATE TYPE";
      }
      case Statement.AlterEnumAddValue add -> {
        enums.add(add);
        return "ALTER TYPE";
      }
      case Statement.AlterEnumRenameValue rename -> {
        enums.rename(rename);
        return "ALTER TYPE";
      }
      case Statement.AlterTable alter
          when alter.kind() == Statement.ObjectKind.TYPE
              || alter.kind() == Statement.ObjectKind.DOMAIN -> {
        types.alter(alter);
        return "ALTER " + alter.kind().words();
      }
      case Statement.Drop drop
          when drop.kind() == Statement.ObjectKind.TYPE
              || drop.kind() == Statement.ObjectKind.DOMAIN -> {
        types.drop(drop);
        return "DROP " + drop.kind().words();
      }
      case Statement.Grant grant -> {
        grants.grant(grant);
        return grant.revoke() ? "REVOKE" : "GRANT";
      }
      case Statement.Comment comment -> new CommentCommands(cx).comment(comment);
      case Statement.AlterDefaultPrivileges alter -> new DefaultPrivilegeCommands(cx).alter(alter);
      case Statement.Owned owned -> {
        owners.owned(owned);
        return owned.newOwner() == null ? "DROP OWNED" : "REASSIGN OWNED";
      }
      case Statement.AlterTable alter when alter.kind() == Statement.ObjectKind.SCHEMA -> {
        server.alterSchema(alter, owners);
        return "ALTER SCHEMA";
      }
      case Statement.AlterTable alter -> {
        alters.alter(alter);
        return "ALTER " + alter.kind().words();
      }
      case Statement.DropSignature drop -> {
        switch (drop.kind()) {
          case "FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE" -> routines.drop(drop);
          case "TRIGGER" -> new TriggerCommands(cx, locks).drop(drop);
          default -> new AbsentObjects(cx).drop(drop);
        }
        return "DROP " + drop.kind();
      }
      case Statement.Drop drop -> {
        drops.drop(drop);
        return "DROP " + drop.kind().words();
      }
      case Statement.Truncate truncate -> {
        drops.truncate(truncate);
        return "TRUNCATE TABLE";
      }
      default -> throw SqlException.notSupported(name(statement)).at(statement.pos());
    }
    return name(statement);
  }

  private static String name(Statement statement) {
    return statement
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toUpperCase(java.util.Locale.ROOT);
  }
}
