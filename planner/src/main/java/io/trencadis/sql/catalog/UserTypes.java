package io.trencadis.sql.catalog;

import io.trencadis.sql.types.EnumValue;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.RowField;
import io.trencadis.sql.types.TypeScope;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The types that users made, as [PgType]s. Catalogs share them until a type changes, so that a
/// type is one object for as long as its definition lasts. Immutable and thread-safe.
public final class UserTypes implements TypeScope {
  /// A type's name within its schema.
  private record Name(int schemaOid, String name) {}

  private final Map<Integer, PgType> byOid = new HashMap<>();
  private final Map<Name, PgType> byName = new HashMap<>();
  private final Map<Integer, TypeDescriptor> descriptors = new HashMap<>();

  private UserTypes() {}

  static UserTypes of(Catalog catalog) {
    UserTypes types = new UserTypes();
    List<TypeDescriptor> made = catalog.all(TypeDescriptor.class);
    Set<Name> taken = new HashSet<>();
    for (TypeDescriptor descriptor : made) {
      taken.add(new Name(descriptor.schemaOid(), descriptor.name()));
      taken.add(new Name(descriptor.schemaOid(), descriptor.arrayName()));
    }
    for (TableDescriptor table : catalog.all(TableDescriptor.class)) {
      types.addRows(table, catalog, taken, types);
    }
    // A domain takes its looks from what it is over, which is older, or a table's.
    for (TypeDescriptor descriptor : made) {
      types.add(descriptor, catalog);
    }
    return types;
  }

  /// Whether a change of a descriptor changes types.
  static boolean shaped(Descriptor changed, Descriptor before) {
    return changed instanceof TypeDescriptor
        || before instanceof TypeDescriptor
        || before instanceof SchemaDescriptor;
  }

  /// Whether a change of a descriptor changes what rows of a table are.
  static boolean shapesRows(Descriptor changed, Descriptor before) {
    return changed instanceof TableDescriptor now && !sameRows(now, before)
        || changed == null && before instanceof TableDescriptor;
  }

  /// These types with other rows of some tables. All others stay the same objects, unless they are
  /// made of such rows.
  UserTypes after(Catalog catalog, Set<Integer> tables) {
    if (tables.isEmpty()) {
      return this;
    }
    for (int table : tables) {
      TableDescriptor now = catalog.table(table);
      boolean nameTaken = now != null && byName(now.schemaOid(), now.name()) != null;
      if (nameTaken && byName(now.schemaOid(), now.name()).oid() != RowTypes.of(table)) {
        return of(catalog);
      }
    }
    for (PgType type : byOid.values()) {
      boolean made =
          tables.contains(RowTypes.tableOf(type.baseOid()))
              || type.fields().stream()
                  .anyMatch(field -> tables.contains(RowTypes.tableOf(field.typeOid())));
      if (made) {
        return of(catalog);
      }
    }
    UserTypes next = new UserTypes();
    next.byOid.putAll(byOid);
    next.byName.putAll(byName);
    next.descriptors.putAll(descriptors);
    for (int table : tables) {
      for (int oid : new int[] {RowTypes.of(table), RowTypes.arrayOf(table)}) {
        next.byOid.remove(oid);
      }
    }
    next.byName.values().removeIf(type -> tables.contains(RowTypes.tableOf(type.oid())));
    for (int table : tables) {
      if (catalog.table(table) != null) {
        next.addRows(catalog.table(table), catalog, Set.of(), new Few());
      }
    }
    for (int table : tables) {
      PgType rows = next.byOid.get(RowTypes.of(table));
      if (rows != null) {
        Few few = next.few.get(table);
        few.add(rows);
        few.add(next.byOid.get(RowTypes.arrayOf(table)));
        rows.fields().forEach(field -> few.add(next.byOid.get(field.typeOid())));
      }
    }
    next.few.clear();
    return next;
  }

  private final Map<Integer, Few> few = new HashMap<>();

  /// The few types that rows of one table are made of: the whole of all types would be kept by each
  /// table otherwise.
  private static final class Few implements TypeScope {
    private final Map<Integer, PgType> types = new HashMap<>();

    void add(PgType type) {
      if (type != null) {
        types.put(type.oid(), type);
      }
    }

    @Override
    public PgType byOid(int oid) {
      return types.get(oid);
    }

    @Override
    public boolean visible(PgType type) {
      return false;
    }
  }

  /// Whether rows of a table are of the type that they were of.
  private static boolean sameRows(TableDescriptor now, Descriptor before) {
    return before instanceof TableDescriptor table
        && table.schemaOid() == now.schemaOid()
        && table.name().equals(now.name())
        && fieldsOf(table).equals(fieldsOf(now));
  }

  private static List<RowField> fieldsOf(TableDescriptor table) {
    List<RowField> fields = new ArrayList<>();
    for (Column column : table.columns()) {
      if (!column.dropped()) {
        fields.add(new RowField(column.name(), column.typeOid(), column.typmod(), column.number()));
      }
    }
    return fields;
  }

  private static List<RowField> fieldsOf(TypeDescriptor type) {
    List<RowField> fields = new ArrayList<>();
    for (int i = 0; i < type.fields().size(); i++) {
      TypeDescriptor.Field field = type.fields().get(i);
      if (!field.dropped()) {
        fields.add(new RowField(field.name(), field.typeOid(), field.typmod(), i + 1));
      }
    }
    return fields;
  }

  /// The type of a table's rows, and the array type over it.
  private void addRows(TableDescriptor table, Catalog catalog, Set<Name> taken, TypeScope scope) {
    if (scope instanceof Few own) {
      few.put(table.oid(), own);
    }
    String schema =
        catalog.byOid(table.schemaOid()) instanceof SchemaDescriptor found
            ? found.name()
            : "pg_catalog";
    int arrayOid = RowTypes.arrayOf(table.oid());
    PgType type =
        PgType.user(
            RowTypes.of(table.oid()),
            table.name(),
            schema,
            new PgType.Definition(
                'c', table.oid(), 0, arrayOid, 0, -1, null, false, List.of(), fieldsOf(table)),
            scope);
    byOid.put(type.oid(), type);
    byName.put(new Name(table.schemaOid(), type.name()), type);
    String arrayName = "_" + table.name();
    while (taken.contains(new Name(table.schemaOid(), arrayName))
        || byName.containsKey(new Name(table.schemaOid(), arrayName))
        || catalog.relation(table.schemaOid(), arrayName) instanceof TableDescriptor) {
      arrayName = "_" + arrayName;
    }
    PgType array =
        PgType.user(
            arrayOid,
            arrayName,
            schema,
            new PgType.Definition('b', 0, type.oid(), 0, 0, -1, type, false, List.of(), List.of()),
            scope);
    byOid.put(arrayOid, array);
    byName.put(new Name(table.schemaOid(), arrayName), array);
  }

  private void add(TypeDescriptor descriptor, Catalog catalog) {
    String schema =
        catalog.byOid(descriptor.schemaOid()) instanceof SchemaDescriptor found
            ? found.name()
            : "pg_catalog";
    List<EnumValue> labels = new ArrayList<>();
    for (TypeDescriptor.Label label : descriptor.labels()) {
      labels.add(new EnumValue(label.oid(), label.text(), label.position(), label.addedBy()));
    }
    PgType base = descriptor.baseOid() == 0 ? null : find(descriptor.baseOid());
    PgType type =
        PgType.user(
            descriptor.oid(),
            descriptor.name(),
            schema,
            new PgType.Definition(
                descriptor.kind(),
                descriptor.isComposite() ? RowTypes.relationOf(descriptor.oid()) : 0,
                0,
                descriptor.arrayOid(),
                descriptor.baseOid(),
                descriptor.baseTypmod(),
                base,
                descriptor.notNull(),
                List.copyOf(labels),
                fieldsOf(descriptor)),
            this);
    put(type, descriptor.schemaOid(), descriptor);
    if (descriptor.arrayOid() != 0) {
      PgType array =
          PgType.user(
              descriptor.arrayOid(),
              descriptor.arrayName(),
              schema,
              new PgType.Definition(
                  'b', 0, descriptor.oid(), 0, 0, -1, type, false, List.of(), List.of()),
              this);
      put(array, descriptor.schemaOid(), descriptor);
    }
  }

  private void put(PgType type, int schemaOid, TypeDescriptor descriptor) {
    byOid.put(type.oid(), type);
    byName.put(new Name(schemaOid, type.name()), type);
    descriptors.put(type.oid(), descriptor);
  }

  private PgType find(int oid) {
    PgType own = byOid.get(oid);
    return own != null ? own : Types.builtIn(oid);
  }

  @Override
  public PgType byOid(int oid) {
    return byOid.get(oid);
  }

  /// Nothing is known of search paths here.
  @Override
  public boolean visible(PgType type) {
    return false;
  }

  /// The type of that name in a schema, or null.
  public PgType byName(int schemaOid, String name) {
    return byName.get(new Name(schemaOid, name));
  }

  /// What a type is made by: for an array type, the descriptor of its elements' type; null for the
  /// types of tables' rows.
  public TypeDescriptor descriptor(int typeOid) {
    return descriptors.get(typeOid);
  }

  public Collection<PgType> all() {
    return Collections.unmodifiableCollection(byOid.values());
  }
}
