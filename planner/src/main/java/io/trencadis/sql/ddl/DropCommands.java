package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Mentions;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.execute.RowTriggers;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// DROP and TRUNCATE.
final class DropCommands {
  private final DdlContext cx;
  private final TableLocks locks;
  private boolean quiet;
  private TypeRemoval removal;
  private RoutineChanges routines;

  DropCommands(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
  }

  /// @param types removes types with what is made of them
  void removal(TypeRemoval types) {
    removal = types;
  }

  /// @param changes removes routines
  void routines(RoutineChanges changes) {
    routines = changes;
  }

  /// Runs work that says nothing of what it drops besides.
  void quietly(Runnable work) {
    boolean before = quiet;
    quiet = true;
    try {
      work.run();
    } finally {
      quiet = before;
    }
  }

  void drop(Statement.Drop drop) {
    switch (drop.kind()) {
      case TABLE, VIEW, SEQUENCE -> dropRelations(drop);
      case INDEX -> drop.names().forEach(name -> dropIndex(drop, name));
      case SCHEMA -> dropSchemas(drop);
      case COLLATION -> new CollationCommands(cx).drop(drop);
      default -> new AbsentObjects(cx).drop(drop);
    }
  }

  private void skipped(String kind, String name) {
    cx.notice(Notice.notice(kind + " \"" + name + "\" does not exist, skipping"));
  }

  private static String kindOf(Descriptor descriptor) {
    return switch (descriptor) {
      case TableDescriptor table -> table.isView() ? "view" : "table";
      case SequenceDescriptor _ -> "sequence";
      case TypeDescriptor _ -> "type";
      case RoutineDescriptor _ -> "function";
      case CollationDescriptor _ -> "collation";
      default -> "object";
    };
  }

  private void dropRelations(Statement.Drop drop) {
    String wanted = drop.kind().words().toLowerCase(java.util.Locale.ROOT);
    Set<Descriptor> doomed = new LinkedHashSet<>();
    for (QualifiedName name : drop.names()) {
      Descriptor found =
          name.schema() != null
                  && drop.ifExists()
                  && cx.catalog().schema(cx.databaseOid(), name.schema()) == null
              ? null
              : cx.names().findRelation(name);
      if (found == null) {
        if (cx.names().findSystemView(name) != null) {
          throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "permission denied: \"" + name.name() + "\" is a system catalog");
        }
        if (cx.names().tableOfIndex(name) != null) {
          throw new SqlException(
                  SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a " + wanted)
              .hint("Use DROP INDEX to remove an index.");
        }
        boolean schemaKnown = name.schema() == null || cx.names().findSchema(name.schema()) != null;
        PgType type = schemaKnown ? cx.names().findType(name.parts(), -1) : null;
        if (type != null && type.isUsers() && type.isRow()) {
          throw new SqlException(
                  SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a " + wanted)
              .hint("Use DROP TYPE to remove a type.");
        }
        if (drop.ifExists()) {
          skipped(wanted, name.name());
          continue;
        }
        throw new SqlException(
            SqlState.UNDEFINED_TABLE, wanted + " \"" + name + "\" does not exist");
      }
      if (!kindOf(found).equals(wanted)) {
        String article = kindOf(found).equals("index") ? "an" : "a";
        throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a " + wanted)
            .hint(
                "Use DROP "
                    + kindOf(found).toUpperCase(java.util.Locale.ROOT)
                    + " to remove "
                    + article
                    + " "
                    + kindOf(found)
                    + ".");
      }
      doomed.add(found);
    }
    remove(doomed, drop.cascade());
  }

  void dropQuietly(Set<TableDescriptor> tables) {
    quiet = true;
    try {
      remove(new LinkedHashSet<>(tables), true);
    } finally {
      quiet = false;
    }
  }

  /// DROP OWNED: relations and schemas, those of doomed tables already among them or not.
  void dropOwned(Set<Descriptor> doomed, boolean cascade) {
    Set<Descriptor> relations = new LinkedHashSet<>();
    for (Descriptor each : doomed) {
      if (each instanceof TableDescriptor || each instanceof SequenceDescriptor) {
        relations.add(each);
      }
    }
    if (!relations.isEmpty()) {
      remove(relations, cascade);
    }
    List<TypeDescriptor> types = new ArrayList<>();
    for (Descriptor each : doomed) {
      if (each instanceof TypeDescriptor type) {
        types.add(type);
      }
    }
    if (!types.isEmpty()) {
      removal.remove(types, cascade);
    }
    Set<RoutineDescriptor> functions = new LinkedHashSet<>();
    for (Descriptor each : doomed) {
      if (each instanceof RoutineDescriptor routine) {
        functions.add(routine);
      }
    }
    if (!functions.isEmpty()) {
      routines.remove(functions, cascade);
    }
    for (Descriptor each : doomed) {
      if (each instanceof SchemaDescriptor schema) {
        dropSchema(schema, cascade);
      }
    }
  }

  /// Removes objects with what belongs to them; what merely depends on them only with CASCADE.
  private void remove(Set<Descriptor> doomed, boolean cascade) {
    Map<Integer, Descriptor> all = new LinkedHashMap<>();
    for (Descriptor descriptor : doomed) {
      collect(descriptor, all);
    }
    List<String> dependents = new ArrayList<>();
    List<Runnable> ofRows = new ArrayList<>();
    for (Descriptor gone : List.copyOf(all.values())) {
      if (gone instanceof TableDescriptor table) {
        ofRows.add(removal.ofRows(table, all.keySet(), dependents));
        if (!table.isPartitioned()) {
          addHeirs(table, all, dependents);
        }
      }
      for (TableDescriptor view : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
        if (view.isView()
            && !all.containsKey(view.oid())
            && ViewDependencies.uses(cx, view, gone.oid())) {
          dependents.add("view " + view.name() + " depends on " + kindOf(gone) + " " + gone.name());
          all.put(view.oid(), view);
        }
      }
      for (var reference : cx.catalog().referencesTo(gone.oid())) {
        TableDescriptor table = reference.table();
        if (!all.containsKey(table.oid())) {
          dependents.add(
              "constraint "
                  + reference.key().name()
                  + " on table "
                  + table.name()
                  + " depends on table "
                  + gone.name());
          TableDescriptor now =
              all.get(-table.oid()) instanceof TableDescriptor changed ? changed : table;
          List<ForeignKey> left = new ArrayList<>(now.foreignKeys());
          left.remove(reference.key());
          all.put(-table.oid(), now.change().foreignKeys(left).build());
        }
      }
      if (gone instanceof SequenceDescriptor sequence) {
        for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
          for (Column column : table.liveColumns()) {
            boolean uses =
                column.defaultText() != null
                    && column.defaultText().contains("'" + sequence.oid() + "'")
                    && Mentions.relations(
                            cx.names(), SqlParser.parseExpression(column.defaultText()))
                        .contains(sequence);
            if (uses && !all.containsKey(table.oid())) {
              dependents.add(
                  "default value for column "
                      + column.name()
                      + " of table "
                      + table.name()
                      + " depends on sequence "
                      + Identifiers.quote(sequence.name()));
              if (cascade) {
                TableDescriptor now =
                    all.get(-table.oid()) instanceof TableDescriptor changed ? changed : table;
                all.put(-table.oid(), now.change().column(column.withDefault(null)).build());
              }
            }
          }
        }
      }
    }
    if (!dependents.isEmpty() && !cascade) {
      Descriptor first = doomed.iterator().next();
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              doomed.size() == 1
                  ? "cannot drop "
                      + kindOf(first)
                      + " "
                      + Identifiers.quote(first.name())
                      + " because other objects depend on it"
                  : "cannot drop desired object(s) because other objects depend on them")
          .detail(String.join("\n", dependents))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    announceCascade(dependents);
    ofRows.forEach(Runnable::run);
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    all.forEach(
        (oid, descriptor) -> {
          if (oid < 0) {
            changes.put(-oid, descriptor);
          } else {
            changes.put(oid, null);
          }
        });
    for (Descriptor gone : all.values()) {
      if (gone instanceof TableDescriptor table
          && changes.get(table.oid()) == null
          && !table.isView()) {
        locks.hold(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, false);
      }
    }
    for (Descriptor gone : all.values()) {
      if (gone instanceof TableDescriptor table && changes.get(table.oid()) == null) {
        released(table, changes);
      }
    }
    for (Descriptor left : changes.values()) {
      if (left instanceof TableDescriptor table) {
        // A table that lost a default has a new version.
        locks.hold(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, false);
      }
    }
    cx.change(changes);
  }

  /// Adds the views over a view, and those over them, each with what it depends on.
  void addViewsOver(TableDescriptor below, Set<TableDescriptor> views, List<String> dependents) {
    for (TableDescriptor view : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
      if (view.isView() && !views.contains(view) && ViewDependencies.uses(cx, view, below.oid())) {
        views.add(view);
        dependents.add("view " + view.name() + " depends on view " + below.name());
        addViewsOver(view, views, dependents);
      }
    }
  }

  /// Removes what a notice has told of.
  void removeAnnounced(Set<? extends Descriptor> doomed) {
    quietly(() -> remove(new LinkedHashSet<>(doomed), true));
  }

  /// What inherits from a table depends on it.
  private void addHeirs(
      TableDescriptor table, Map<Integer, Descriptor> all, List<String> dependents) {
    for (TableDescriptor child : cx.catalog().childrenOf(table.oid())) {
      if (!all.containsKey(child.oid())) {
        dependents.add("table " + child.name() + " depends on table " + table.name());
        collect(child, all);
        addHeirs(child, all, dependents);
      }
    }
  }

  /// Tables that a dropped one referred to get a new version: their plans need not look at it any
  /// more.
  private void released(TableDescriptor dropped, Map<Integer, Descriptor> changes) {
    for (ForeignKey key : dropped.foreignKeys()) {
      TableDescriptor parent = cx.catalog().table(key.tableOid());
      if (parent != null && !changes.containsKey(parent.oid())) {
        locks.hold(cx.store(), parent, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, false);
        TableDescriptor changed = parent.change().build();
        cx.put(changed);
      }
    }
  }

  /// Tells what else a DROP ... CASCADE drops.
  void announceCascade(List<String> dependents) {
    if (dependents.isEmpty() || quiet) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (String dependent : dependents) {
      names.add("drop cascades to " + dependent.substring(0, dependent.indexOf(" depends on ")));
    }
    cx.notice(
        names.size() == 1
            ? Notice.notice(names.getFirst())
            : new Notice(
                "NOTICE",
                SqlState.SUCCESSFUL_COMPLETION,
                "drop cascades to " + names.size() + " other objects",
                String.join("\n", names),
                null));
  }

  /// An object and what goes with it: partitions, and the sequences of columns.
  private void collect(Descriptor descriptor, Map<Integer, Descriptor> all) {
    all.put(descriptor.oid(), descriptor);
    if (descriptor instanceof TableDescriptor table) {
      for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
        collect(partition, all);
      }
      for (SequenceDescriptor sequence : cx.catalog().sequencesOf(table)) {
        all.put(sequence.oid(), sequence);
      }
    }
  }

  private void dropIndex(Statement.Drop drop, QualifiedName name) {
    TableDescriptor table = cx.names().tableOfIndex(name);
    if (table == null) {
      if (cx.names().findRelation(name) != null) {
        throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not an index")
            .hint("Use DROP TABLE to remove a table.");
      }
      if (drop.ifExists()) {
        skipped("index", name.name());
        return;
      }
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "index \"" + name + "\" does not exist");
    }
    IndexDescriptor index =
        table.indexes().stream()
            .filter(i -> i.name().equals(name.name()))
            .findFirst()
            .orElseThrow();
    SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(table.schemaOid());
    if (drop.concurrently() && table.isPartitioned() && !schema.isTemporary()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "cannot drop partitioned index \"" + index.name() + "\" concurrently");
    }
    if (index.constraint()) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop index "
                  + index.name()
                  + " because constraint "
                  + index.name()
                  + " on table "
                  + table.name()
                  + " requires it")
          .hint(
              "You can drop constraint "
                  + index.name()
                  + " on table "
                  + table.name()
                  + " instead.");
    }
    new ForeignKeyCommands(cx, locks)
        .removeReferences(
            table,
            key -> key.indexOid() == index.oid(),
            "index " + index.name(),
            "index " + index.name(),
            drop.cascade(),
            this::announceCascade);
    removeIndex(cx.catalog().table(table.oid()), index);
  }

  /// Takes an index off a table, and off its partitions those with the same columns.
  void removeIndex(TableDescriptor table, IndexDescriptor index) {
    locks.hold(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, false);
    List<IndexDescriptor> left = new ArrayList<>(table.indexes());
    left.removeIf(other -> other.oid() == index.oid());
    TableDescriptor changed = table.change().indexes(left).build();
    cx.put(changed);
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      for (IndexDescriptor own : partition.indexes()) {
        if (!own.ordersRows()
            && own.primary() == index.primary()
            && own.unique() == index.unique()
            && own.parts().equals(index.parts())) {
          removeIndex(cx.catalog().table(partition.oid()), own);
          break;
        }
      }
    }
  }

  private void dropSchemas(Statement.Drop drop) {
    for (QualifiedName name : drop.names()) {
      SchemaDescriptor schema = cx.catalog().schema(cx.databaseOid(), name.name());
      if (schema == null) {
        if (List.of("pg_catalog", "information_schema").contains(name.name())) {
          throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop schema "
                  + name.name()
                  + " because it is required by the database system");
        }
        if (drop.ifExists()) {
          skipped("schema", name.name());
          continue;
        }
        throw new SqlException(
            SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
      }
      dropSchema(schema, drop.cascade());
    }
  }

  void dropQuietly(SchemaDescriptor schema) {
    quiet = true;
    try {
      dropSchema(schema, true);
    } finally {
      quiet = false;
    }
  }

  private void dropSchema(SchemaDescriptor schema, boolean cascade) {
    Set<Descriptor> inside = new LinkedHashSet<>();
    List<String> dependents = new ArrayList<>();
    for (Descriptor descriptor : cx.catalog().all()) {
      boolean owned =
          switch (descriptor) {
            case TableDescriptor table -> table.schemaOid() == schema.oid();
            case SequenceDescriptor sequence -> sequence.schemaOid() == schema.oid();
            case TypeDescriptor type -> type.schemaOid() == schema.oid();
            case RoutineDescriptor routine -> routine.schemaOid() == schema.oid();
            case CollationDescriptor collation -> collation.schemaOid() == schema.oid();
            default -> false;
          };
      if (owned) {
        inside.add(descriptor);
        dependents.add(
            kindOf(descriptor)
                + " "
                + schema.name()
                + "."
                + (descriptor instanceof RoutineDescriptor routine
                    ? RoutineNames.signature(routine)
                    : descriptor.name())
                + " depends on schema "
                + schema.name());
      }
    }
    if (!inside.isEmpty() && !cascade) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop schema " + schema.name() + " because other objects depend on it")
          .detail(String.join("\n", dependents))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    ExtensionCommands.removeFrom(cx, schema);
    if (!inside.isEmpty()) {
      announceCascade(dependents);
      List<TypeDescriptor> types = new ArrayList<>();
      inside.removeIf(each -> each instanceof TypeDescriptor type && types.add(type));
      Set<RoutineDescriptor> functions = new LinkedHashSet<>();
      inside.removeIf(each -> each instanceof RoutineDescriptor each1 && functions.add(each1));
      inside.removeIf(
          each -> {
            if (each instanceof CollationDescriptor) {
              cx.remove(each.oid());
              return true;
            }
            return false;
          });
      if (!functions.isEmpty()) {
        quietly(() -> routines.remove(functions, true));
        inside.removeIf(each -> cx.catalog().byOid(each.oid()) == null);
      }
      if (!inside.isEmpty()) {
        remove(inside, true);
      }
      boolean silent = quiet;
      quiet = true;
      try {
        removal.remove(types, true);
      } finally {
        quiet = silent;
      }
    }
    cx.remove(schema.oid());
  }

  void truncate(Statement.Truncate truncate) {
    Set<TableDescriptor> tables = new LinkedHashSet<>();
    for (int i = 0; i < truncate.names().size(); i++) {
      TableDescriptor table = cx.names().table(truncate.names().get(i));
      boolean only = truncate.only().get(i);
      if (table.isView()) {
        throw new SqlException(
            SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is not a table");
      }
      if (only && table.isPartitioned()) {
        throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE, "cannot truncate only a partitioned table")
            .hint(
                "Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions"
                    + " directly.");
      }
      tables.add(table);
      if (!only && !table.isPartitioned()) {
        tables.addAll(cx.catalog().family(table));
      }
    }
    addReferencing(tables, truncate.cascade());
    for (TableDescriptor table : tables) {
      locks.hold(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT, true);
    }
    fireTruncate(tables, 'b');
    for (TableDescriptor table : tables) {
      for (TableDescriptor leaf :
          table.isPartitioned()
              ? TableLocks.leaves(cx.catalog(), table)
              : List.of(cx.catalog().table(table.oid()))) {
        empty(leaf);
      }
      if (truncate.restartIdentity()) {
        for (SequenceDescriptor sequence : cx.catalog().sequencesOf(table)) {
          cx.put(sequence.restarted(sequence.start()));
        }
      }
    }
    fireTruncate(tables, 'a');
  }

  /// Fires the triggers that TRUNCATE has of tables and their partitions.
  private void fireTruncate(Set<TableDescriptor> tables, char timing) {
    Set<Integer> seen = new LinkedHashSet<>();
    for (TableDescriptor table : tables) {
      seen.add(table.oid());
      if (table.isPartitioned()) {
        TableLocks.leaves(cx.catalog(), table).forEach(leaf -> seen.add(leaf.oid()));
      }
    }
    for (int oid : seen) {
      RowTriggers triggers = RowTriggers.of(cx.catalog(), cx.catalog().table(oid), false, Set.of());
      if (triggers != null) {
        triggers.fire(timing, 'T', null, cx.execution(new Object[0]));
      }
    }
  }

  /// Tables that refer to truncated ones have to be truncated with them.
  private void addReferencing(Set<TableDescriptor> tables, boolean cascade) {
    List<TableDescriptor> all = new ArrayList<>(tables);
    for (int i = 0; i < all.size(); i++) {
      TableDescriptor table = all.get(i);
      for (var reference : referencesTo(table)) {
        TableDescriptor other = reference.table();
        if (all.stream().anyMatch(known -> known.oid() == other.oid())) {
          continue;
        }
        if (!cascade) {
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "cannot truncate a table referenced in a foreign key constraint")
              .detail("Table \"" + other.name() + "\" references \"" + table.name() + "\".")
              .hint(
                  "Truncate table \""
                      + other.name()
                      + "\" at the same time, or use TRUNCATE ... CASCADE.");
        }
        cx.notice(Notice.notice("truncate cascades to table \"" + other.name() + "\""));
        all.add(other);
        tables.add(other);
      }
    }
  }

  /// The foreign keys that refer to rows of a table: to it, or to one that it is a partition of.
  private List<Catalog.Reference> referencesTo(TableDescriptor table) {
    List<Catalog.Reference> all = new ArrayList<>();
    for (TableDescriptor at = table; at != null; at = cx.catalog().table(at.parentOid())) {
      all.addAll(cx.catalog().referencesTo(at.oid()));
    }
    return all;
  }

  /// Gives the table new, empty relations; the old rows stay behind for snapshots that can still
  /// see them.
  private void empty(TableDescriptor table) {
    int relationId = cx.newRelationId();
    List<IndexDescriptor> indexes = new ArrayList<>();
    IndexDescriptor primary = null;
    for (IndexDescriptor index : table.indexes()) {
      IndexDescriptor renewed =
          index.withRelation(index.ordersRows() ? relationId : cx.newRelationId());
      indexes.add(renewed);
      if (index.ordersRows()) {
        primary = renewed;
      }
    }
    TableDescriptor changed =
        table.change().relation(relationId).primaryKey(primary).indexes(indexes).build();
    cx.put(changed);
    cx.rows(table.oid(), 0);
  }
}
