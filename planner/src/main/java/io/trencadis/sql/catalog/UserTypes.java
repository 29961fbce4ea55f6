package io.trencadis.sql.catalog;

import io.trencadis.sql.types.EnumValue;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeScope;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    // A domain takes its looks from what it is over, which is older.
    for (TypeDescriptor descriptor : catalog.all(TypeDescriptor.class)) {
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
                0,
                0,
                descriptor.arrayOid(),
                descriptor.baseOid(),
                descriptor.baseTypmod(),
                base,
                descriptor.notNull(),
                List.copyOf(labels)),
            this);
    put(type, descriptor.schemaOid(), descriptor);
    if (descriptor.arrayOid() != 0) {
      PgType array =
          PgType.user(
              descriptor.arrayOid(),
              descriptor.arrayName(),
              schema,
              new PgType.Definition('b', 0, descriptor.oid(), 0, 0, -1, type, false, List.of()),
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

  /// What a type is made by: for an array type, the descriptor of its elements' type.
  public TypeDescriptor descriptor(int typeOid) {
    return descriptors.get(typeOid);
  }

  public Collection<PgType> all() {
    return Collections.unmodifiableCollection(byOid.values());
  }
}
