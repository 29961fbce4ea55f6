package io.trencadis.sql.catalog;

import io.trencadis.sql.functions.ProcInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All descriptors at one version: immutable, so that a statement is planned and run against one
/// picture. A transaction with DDL of its own works on pictures made by [#with] and [#without].
///
/// Thread-safe.
public final class Catalog {
  /// Oid of schema `pg_catalog` (PostgreSQL's own).
  public static final int PG_CATALOG = 11;

  /// Oid of schema `public` in a new database is assigned; this one is the first database's.
  public static final int PUBLIC = 2200;

  /// Oid of schema `information_schema`.
  public static final int INFORMATION_SCHEMA = 13183;

  /// Oid of the superuser that a new data directory has.
  public static final int BOOTSTRAP_ROLE = 10;

  /// Oid of database `postgres`.
  public static final int POSTGRES_DATABASE = 5;

  /// Oids of users' objects begin here.
  public static final int FIRST_NORMAL_OID = 16384;

  private final long version;
  private final long definitions;
  private final Map<Integer, Descriptor> byOid;
  private final Map<RelationName, Descriptor> relations;
  private final Map<RelationName, TableDescriptor> indexOwners;
  private final Map<Integer, TableDescriptor> indexOwnersByOid;
  private final Map<RelationName, SchemaDescriptor> schemas;
  private final Map<Integer, List<TableDescriptor>> partitions;
  private final Map<Integer, List<TableDescriptor>> heirs = new HashMap<>();
  private final Map<String, RoleDescriptor> roles = new HashMap<>();
  private final Map<Place, Annotation> annotations = new HashMap<>();
  private final Map<Integer, List<Reference>> referencing = new HashMap<>();

  /// A name within a schema (or, for schemas, within a database).
  private record RelationName(int scope, String name) {}

  private final UserTypes types;
  private final Map<RelationName, List<ProcInfo>> routines = new HashMap<>();
  private final Map<Integer, ProcInfo> routinesByOid = new HashMap<>();
  private final Map<Integer, List<TriggerDescriptor>> triggers = new HashMap<>();

  private final Map<RelationName, CollationDescriptor> collations = new HashMap<>();

  /// What an annotation is of.
  private record Place(
      Class<? extends Annotation> kind, int databaseOid, int classOid, int objectOid, int column) {}

  private static Place placeOf(Annotation annotation) {
    return new Place(
        annotation.getClass(),
        annotation.databaseOid(),
        annotation.classOid(),
        annotation.objectOid(),
        annotation.column());
  }

  /// @param known types of an earlier catalog, which hold but for the rows of the changed tables;
  ///   null for none
  private Catalog(
      long version,
      long definitions,
      Map<Integer, Descriptor> byOid,
      UserTypes known,
      Set<Integer> changedRows) {
    this.version = version;
    this.definitions = definitions;
    this.byOid = byOid;
    this.relations = new HashMap<>();
    this.indexOwners = new HashMap<>();
    this.indexOwnersByOid = new HashMap<>();
    this.schemas = new HashMap<>();
    this.partitions = new HashMap<>();
    for (Descriptor descriptor : byOid.values()) {
      switch (descriptor) {
        case SchemaDescriptor schema ->
            schemas.put(new RelationName(schema.databaseOid(), schema.name()), schema);
        case SequenceDescriptor sequence ->
            relations.put(new RelationName(sequence.schemaOid(), sequence.name()), sequence);
        case TableDescriptor table -> {
          relations.put(new RelationName(table.schemaOid(), table.name()), table);
          for (IndexDescriptor index : table.indexes()) {
            indexOwners.put(new RelationName(table.schemaOid(), index.name()), table);
            indexOwnersByOid.put(index.oid(), table);
          }
          for (ForeignKey key : table.foreignKeys()) {
            referencing
                .computeIfAbsent(key.tableOid(), _ -> new ArrayList<>())
                .add(new Reference(table, key));
          }
          if (table.parentOid() != 0) {
            partitions.computeIfAbsent(table.parentOid(), _ -> new ArrayList<>()).add(table);
          }
          for (int parent : table.inherits()) {
            heirs.computeIfAbsent(parent, _ -> new ArrayList<>()).add(table);
          }
        }
        case Annotation annotation -> annotations.put(placeOf(annotation), annotation);
        case RoleDescriptor role -> roles.put(role.name(), role);
        case RoutineDescriptor routine -> add(routine);
        case TriggerDescriptor trigger ->
            triggers.computeIfAbsent(trigger.tableOid(), _ -> new ArrayList<>()).add(trigger);
        case CollationDescriptor collation ->
            collations.put(new RelationName(collation.schemaOid(), collation.name()), collation);
        case DatabaseDescriptor _,
            DefaultAclDescriptor _,
            ExtensionDescriptor _,
            StartSettingsDescriptor _,
            TypeDescriptor _ -> {}
      }
    }
    // Those of one table fire in the order of their names.
    triggers
        .values()
        .forEach(of -> of.sort(java.util.Comparator.comparing(TriggerDescriptor::name)));
    routines.values().forEach(of -> of.sort((a, b) -> Integer.compareUnsigned(a.oid(), b.oid())));
    types = known == null ? UserTypes.of(this) : known.after(this, changedRows);
    for (List<Reference> references : referencing.values()) {
      references.sort((a, b) -> Integer.compareUnsigned(a.key.oid(), b.key.oid()));
    }
    for (List<TableDescriptor> children : partitions.values()) {
      children.sort((a, b) -> Integer.compare(a.oid(), b.oid()));
    }
    for (List<TableDescriptor> children : heirs.values()) {
      children.sort((a, b) -> Integer.compare(a.oid(), b.oid()));
    }
  }

  /// A catalog of these descriptors.
  public static Catalog of(long version, Collection<? extends Descriptor> descriptors) {
    Map<Integer, Descriptor> byOid = new HashMap<>();
    // They are stored nowhere: every server has them, those made before there were any, too.
    PredefinedRoles.all().forEach(role -> byOid.put(role.oid(), role));
    for (Descriptor descriptor : descriptors) {
      byOid.put(descriptor.oid(), descriptor);
    }
    return new Catalog(version, version, byOid, null, Set.of());
  }

  /// The same catalog with these added, or replaced where the oid is known, and those oids removed.
  public Catalog changed(Map<Integer, Descriptor> changes, long newVersion) {
    Map<Integer, Descriptor> all = new HashMap<>(byOid);
    boolean typesChange = false;
    boolean definitionsChange = false;
    Set<Integer> changedRows = new HashSet<>();
    for (Map.Entry<Integer, Descriptor> change : changes.entrySet()) {
      Descriptor before = byOid.get(change.getKey());
      definitionsChange |= !isStatistics(before) || !isStatistics(change.getValue());
      typesChange |= UserTypes.shaped(change.getValue(), before);
      if (UserTypes.shapesRows(change.getValue(), before)) {
        changedRows.add(change.getKey());
      }
    }
    changes.forEach(
        (oid, descriptor) -> {
          if (descriptor == null) {
            all.remove(oid);
          } else {
            all.put(oid, descriptor);
          }
        });
    return new Catalog(
        newVersion,
        definitionsChange ? newVersion : definitions,
        all,
        typesChange ? null : types,
        changedRows);
  }

  private static boolean isStatistics(Descriptor descriptor) {
    return descriptor == null || descriptor instanceof StatisticsDescriptor;
  }

  /// Grows with every change; equal versions mean equal content, but for a transaction's own
  /// changes, which have a version of their own that no other catalog ever had.
  public long version() {
    return version;
  }

  /// The version of an earlier catalog, or this one, since which nothing but statistics has
  /// changed.
  public long definitions() {
    return definitions;
  }

  /// The types that users made, of all databases.
  public UserTypes types() {
    return types;
  }

  private void add(RoutineDescriptor routine) {
    String schema = byOid.get(routine.schemaOid()) instanceof SchemaDescriptor in ? in.name() : "";
    ProcInfo info = RoutineInfo.of(routine, schema);
    routines
        .computeIfAbsent(
            new RelationName(routine.schemaOid(), routine.name()), _ -> new ArrayList<>())
        .add(info);
    routinesByOid.put(routine.oid(), info);
  }

  /// The routines of that name that users made in a schema, ordered by oid.
  public List<ProcInfo> routines(int schemaOid, String name) {
    return Collections.unmodifiableList(
        routines.getOrDefault(new RelationName(schemaOid, name), List.of()));
  }

  /// A routine that a user made as calls see it, or null.
  public ProcInfo routine(int oid) {
    return routinesByOid.get(oid);
  }

  /// The collation of that name that a user made in a schema, or null.
  public CollationDescriptor collation(int schemaOid, String name) {
    return collations.get(new RelationName(schemaOid, name));
  }

  /// The triggers of a table or view in the order of their names.
  public List<TriggerDescriptor> triggersOf(int tableOid) {
    return Collections.unmodifiableList(triggers.getOrDefault(tableOid, List.of()));
  }

  public Descriptor byOid(int oid) {
    return byOid.get(oid);
  }

  public Collection<Descriptor> all() {
    return Collections.unmodifiableCollection(byOid.values());
  }

  /// Descriptors of one kind, ordered by oid.
  public <T extends Descriptor> List<T> all(Class<T> kind) {
    List<T> found = new ArrayList<>();
    for (Descriptor descriptor : byOid.values()) {
      if (kind.isInstance(descriptor)) {
        found.add(kind.cast(descriptor));
      }
    }
    found.sort((a, b) -> Integer.compareUnsigned(a.oid(), b.oid()));
    return found;
  }

  /// Descriptors of one kind in one database, ordered by oid.
  public <T extends Descriptor> List<T> all(Class<T> kind, int databaseOid) {
    List<T> found = all(kind);
    found.removeIf(descriptor -> descriptor.databaseOid() != databaseOid);
    return found;
  }

  public DatabaseDescriptor database(String name) {
    for (Descriptor descriptor : byOid.values()) {
      if (descriptor instanceof DatabaseDescriptor database && database.name().equals(name)) {
        return database;
      }
    }
    return null;
  }

  public RoleDescriptor role(String name) {
    return roles.get(name);
  }

  /// The schema of that name in a database, or null.
  public SchemaDescriptor schema(int databaseOid, String name) {
    return schemas.get(new RelationName(databaseOid, name));
  }

  /// The table, view or sequence of that name, or null.
  public Descriptor relation(int schemaOid, String name) {
    return relations.get(new RelationName(schemaOid, name));
  }

  /// The table that has an index of that name, or null. Indexes share their schema's names with
  /// tables.
  public TableDescriptor tableOfIndex(int schemaOid, String indexName) {
    return indexOwners.get(new RelationName(schemaOid, indexName));
  }

  /// The table that has the index with that oid, or null.
  public TableDescriptor tableOfIndex(int indexOid) {
    return indexOwnersByOid.get(indexOid);
  }

  /// Whether the name is taken by any relation of the schema.
  public boolean relationNameTaken(int schemaOid, String name) {
    return relation(schemaOid, name) != null || tableOfIndex(schemaOid, name) != null;
  }

  public TableDescriptor table(int oid) {
    return byOid.get(oid) instanceof TableDescriptor table ? table : null;
  }

  public SequenceDescriptor sequence(int oid) {
    return byOid.get(oid) instanceof SequenceDescriptor sequence ? sequence : null;
  }

  public RoleDescriptor role(int oid) {
    return byOid.get(oid) instanceof RoleDescriptor role ? role : null;
  }

  /// A foreign key and the table that has it.
  public record Reference(TableDescriptor table, ForeignKey key) {}

  /// The foreign keys that refer to a table, its own included, ordered by oid.
  public List<Reference> referencesTo(int tableOid) {
    return Collections.unmodifiableList(referencing.getOrDefault(tableOid, List.of()));
  }

  /// The partitions directly below a partitioned table, ordered by oid.
  public List<TableDescriptor> partitionsOf(int tableOid) {
    return Collections.unmodifiableList(partitions.getOrDefault(tableOid, List.of()));
  }

  /// The sequences that belong to columns of a table, and go where it goes.
  public List<SequenceDescriptor> sequencesOf(TableDescriptor table) {
    return all(SequenceDescriptor.class, table.databaseOid()).stream()
        .filter(sequence -> sequence.ownerTableOid() == table.oid())
        .toList();
  }

  /// The tables directly below a table: those that inherit from it, or its partitions; ordered by
  /// oid.
  public List<TableDescriptor> childrenOf(int tableOid) {
    List<TableDescriptor> found = heirs.get(tableOid);
    return found == null ? partitionsOf(tableOid) : Collections.unmodifiableList(found);
  }

  /// The stored tables whose rows a table shows: itself and what inherits from it, at all levels
  /// and each once, or the partitions at all levels. None for a view.
  public List<TableDescriptor> family(TableDescriptor table) {
    Map<Integer, TableDescriptor> found = new LinkedHashMap<>();
    collectFamily(table, found);
    return new ArrayList<>(found.values());
  }

  private void collectFamily(TableDescriptor table, Map<Integer, TableDescriptor> found) {
    if (table.isView()) {
      return;
    }
    if (!table.isPartitioned() && found.putIfAbsent(table.oid(), table) != null) {
      return;
    }
    childrenOf(table.oid()).forEach(child -> collectFamily(child, found));
  }

  /// The annotation of that kind of an object, or null.
  ///
  /// @param databaseOid 0 for objects that all databases share
  public <T extends Annotation> T annotation(
      Class<T> kind, int databaseOid, int classOid, int objectOid, int column) {
    return kind.cast(annotations.get(new Place(kind, databaseOid, classOid, objectOid, column)));
  }

  /// Changes with those added that follow from them: what goes with removed objects, columns and
  /// indexes.
  public Map<Integer, Descriptor> withOrphans(Map<Integer, Descriptor> changes) {
    Map<Integer, Descriptor> all = new LinkedHashMap<>(changes);
    Set<Integer> lost = lostParts(changes);
    for (Annotation annotation : annotations.values()) {
      int object = annotation.objectOid();
      if (all.containsKey(annotation.oid())) {
        continue;
      }
      boolean gone =
          lost.contains(object)
              || changes.containsKey(object)
                  && (changes.get(object) == null
                      || annotation.column() > 0
                          && changes.get(object) instanceof TableDescriptor table
                          && table.columnNumbered(annotation.column()).dropped());
      if (gone) {
        all.put(annotation.oid(), null);
      }
    }
    for (Descriptor descriptor : byOid.values()) {
      boolean gone =
          switch (descriptor) {
            case DefaultAclDescriptor defaults -> removes(changes, defaults.schemaOid());
            case StartSettingsDescriptor settings ->
                removes(changes, settings.roleOid()) || removes(changes, settings.databaseOid());
            case TriggerDescriptor trigger -> removes(changes, trigger.tableOid());
            default -> false;
          };
      if (gone) {
        all.put(descriptor.oid(), null);
      }
    }
    return all;
  }

  /// Indexes and constraints that tables no longer have.
  private Set<Integer> lostParts(Map<Integer, Descriptor> changes) {
    Set<Integer> lost = new HashSet<>();
    Set<Integer> left = new HashSet<>();
    changes.forEach(
        (oid, now) -> {
          if (byOid.get(oid) instanceof TableDescriptor before) {
            addParts(before, lost);
          }
          if (now instanceof TableDescriptor table) {
            addParts(table, left);
          }
        });
    lost.removeAll(left);
    lost.remove(0);
    return lost;
  }

  private static void addParts(TableDescriptor table, Set<Integer> to) {
    for (IndexDescriptor index : table.indexes()) {
      to.add(index.oid());
      to.add(index.constraintOid());
    }
    table.checks().forEach(check -> to.add(check.oid()));
    table.foreignKeys().forEach(key -> to.add(key.oid()));
  }

  private static boolean removes(Map<Integer, Descriptor> changes, int oid) {
    return oid != 0 && changes.containsKey(oid) && changes.get(oid) == null;
  }
}
