package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Removes types, with CASCADE together with what is made of them: columns, fields, views, domains.
final class TypeRemoval {
  private final DdlContext cx;
  private final AlterTableCommands tables;
  private final DropCommands drops;

  TypeRemoval(DdlContext cx, AlterTableCommands tables, DropCommands drops) {
    this.cx = cx;
    this.tables = tables;
    this.drops = drops;
  }

  private record Doomed(TableDescriptor table, Column column) {}

  /// A field of a composite type, by its place.
  private record LostField(int typeOid, int place) {}

  void remove(List<TypeDescriptor> named, boolean cascade) {
    if (named.size() == 1) {
      remove(named, cascade, "type " + shown(named.getFirst()));
    } else {
      remove(named, cascade, "desired object(s)", "them");
    }
  }

  /// The same for what belongs together.
  ///
  /// @param whole what messages call it
  void remove(List<TypeDescriptor> named, boolean cascade, String whole) {
    remove(named, cascade, whole, "it");
  }

  private void remove(List<TypeDescriptor> named, boolean cascade, String whole, String pronoun) {
    Found found = new Found(true);
    named.forEach(type -> found.types.put(type.oid(), type));
    for (TypeDescriptor type : named) {
      found.collect(Types.byOid(type.oid()));
    }
    if (!found.dependents.isEmpty() && !cascade) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop " + whole + " because other objects depend on " + pronoun)
          .detail(String.join("\n", found.dependents))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    drops.announceCascade(found.dependents);
    found.remove();
  }

  /// Finds what is made of the row type of a table that is to go.
  ///
  /// @param gone what goes anyway, by oid
  /// @param dependents gets what was found, in words
  /// @return removes it
  Runnable ofRows(TableDescriptor table, Set<Integer> gone, List<String> dependents) {
    Found found = new Found(false);
    found.gone = gone;
    found.collect(cx.catalog().types().byOid(RowTypes.of(table.oid())));
    dependents.addAll(found.dependents);
    return found::remove;
  }

  private static String shown(TypeDescriptor type) {
    return Types.byOid(type.oid()).displayName();
  }

  private static Column firstOf(TableDescriptor table, int type) {
    return table.liveColumns().stream()
        .filter(column -> column.typeOid() == type)
        .findFirst()
        .orElse(null);
  }

  private static String dependedOn(PgType type, int usedOid) {
    return type.displayName() + (usedOid == type.arrayOid() ? "[]" : "");
  }

  /// What depends on types.
  private final class Found {
    private final boolean withViews;
    private final Map<Integer, TypeDescriptor> types = new LinkedHashMap<>();
    private final List<String> dependents = new ArrayList<>();
    private final List<Doomed> columns = new ArrayList<>();
    private final Set<TableDescriptor> views = new LinkedHashSet<>();
    private final List<LostField> lost = new ArrayList<>();
    private Set<Integer> gone = Set.of();

    Found(boolean withViews) {
      this.withViews = withViews;
    }

    void remove() {
      drops.dropQuietly(views);
      for (Doomed doomed : columns) {
        TableDescriptor table = cx.catalog().table(doomed.table.oid());
        if (table != null && !table.columnNumbered(doomed.column.number()).dropped()) {
          tables.locks().lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
          tables.dropColumn(
              table, new AlterAction.DropColumn(doomed.column.name(), false, true, -1));
        }
      }
      for (LostField field : lost) {
        TypeDescriptor composite = cx.catalog().types().descriptor(field.typeOid);
        if (!types.containsKey(field.typeOid)) {
          cx.put(CompositeCommands.without(composite, field.place));
        }
      }
      types.keySet().forEach(cx::remove);
    }

    /// Collects what uses a type, and what uses that.
    void collect(PgType type) {
      // PostgreSQL comes to what depends on the array type first.
      for (int oid : new int[] {type.arrayOid(), type.oid()}) {
        if (oid == 0) {
          continue;
        }
        // And to older objects first.
        List<Descriptor> users = new ArrayList<>(new TypeUses(cx).tables(Set.of(oid)));
        users.addAll(cx.catalog().all(TypeDescriptor.class, cx.databaseOid()));
        users.sort((a, b) -> Integer.compareUnsigned(a.oid(), b.oid()));
        for (Descriptor user : users) {
          if (user instanceof TableDescriptor table) {
            collect(type, table, oid);
            continue;
          }
          TypeDescriptor other = (TypeDescriptor) user;
          if (types.containsKey(other.oid()) || !TypeUses.madeOf(other, Set.of(oid))) {
            continue;
          }
          if (other.isComposite()) {
            loseFields(other, oid, type);
          } else {
            types.put(other.oid(), other);
            dependents.add("type " + shown(other) + " depends on type " + dependedOn(type, oid));
            collect(Types.byOid(other.oid()));
          }
        }
      }
    }

    /// Notes the fields of a type that is to go; the composite type stays without them.
    private void loseFields(TypeDescriptor composite, int oid, PgType type) {
      for (int i = composite.fields().size() - 1; i >= 0; i--) {
        TypeDescriptor.Field field = composite.fields().get(i);
        if (!field.dropped() && field.typeOid() == oid) {
          dependents.add(
              "column "
                  + field.name()
                  + " of composite type "
                  + shown(composite)
                  + " depends on type "
                  + dependedOn(type, oid));
          lost.add(new LostField(composite.oid(), i));
        }
      }
    }

    private void collect(PgType type, TableDescriptor table, int oid) {
      if (gone.contains(table.oid())) {
        return;
      }
      if (table.isView()) {
        if (withViews && views.stream().noneMatch(view -> view.oid() == table.oid())) {
          views.add(table);
          dependents.add("view " + table.name() + " depends on type " + dependedOn(type, oid));
        }
        return;
      }
      for (Column column : table.liveColumns().reversed()) {
        if (column.typeOid() != oid) {
          continue;
        }
        columns.add(new Doomed(table, column));
        String name = "column " + column.name() + " of table " + table.name();
        dependents.add(name + " depends on type " + dependedOn(type, oid));
        for (TableDescriptor view : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
          if (view.isView()
              && !gone.contains(view.oid())
              && firstOf(view, oid) != null
              && views.stream().noneMatch(known -> known.oid() == view.oid())
              && ViewDependencies.uses(cx, view, table.oid())) {
            views.add(view);
            dependents.add("view " + view.name() + " depends on " + name);
          }
        }
      }
    }
  }
}
