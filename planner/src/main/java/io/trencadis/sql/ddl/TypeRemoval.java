package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Removes types, with CASCADE together with what is made of them: columns, views, domains.
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

  private final List<LostField> lost = new ArrayList<>();

  void remove(List<TypeDescriptor> named, boolean cascade) {
    lost.clear();
    Map<Integer, TypeDescriptor> types = new LinkedHashMap<>();
    named.forEach(type -> types.put(type.oid(), type));
    List<String> dependents = new ArrayList<>();
    List<Doomed> columns = new ArrayList<>();
    Set<TableDescriptor> views = new LinkedHashSet<>();
    for (TypeDescriptor type : named) {
      collect(type, types, dependents, columns, views);
    }
    if (!dependents.isEmpty() && !cascade) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              named.size() == 1
                  ? "cannot drop type "
                      + shown(named.getFirst())
                      + " because other objects depend on it"
                  : "cannot drop desired object(s) because other objects depend on them")
          .detail(String.join("\n", dependents))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    drops.announceCascade(dependents);
    drops.dropQuietly(views);
    for (Doomed doomed : columns) {
      TableDescriptor table = cx.catalog().table(doomed.table.oid());
      if (table != null && !table.columnNumbered(doomed.column.number()).dropped()) {
        tables.locks().lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
        tables.dropColumn(table, new AlterAction.DropColumn(doomed.column.name(), false, true, -1));
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

  /// Notes the fields of a type that is to go; the composite type stays without them.
  private void loseFields(
      TypeDescriptor composite, int oid, TypeDescriptor type, List<String> dependents) {
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

  private static String shown(TypeDescriptor type) {
    return Types.byOid(type.oid()).displayName();
  }

  private void collect(
      TypeDescriptor type,
      Map<Integer, TypeDescriptor> types,
      List<String> dependents,
      List<Doomed> columns,
      Set<TableDescriptor> views) {
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
          collect(type, table, Set.of(oid), dependents, columns, views);
          continue;
        }
        TypeDescriptor other = (TypeDescriptor) user;
        if (!types.containsKey(other.oid()) && TypeUses.madeOf(other, Set.of(oid))) {
          if (other.isComposite()) {
            loseFields(other, oid, type, dependents);
            continue;
          }
          types.put(other.oid(), other);
          dependents.add("type " + shown(other) + " depends on type " + dependedOn(type, oid));
          collect(other, types, dependents, columns, views);
        }
      }
    }
  }

  private void collect(
      TypeDescriptor type,
      TableDescriptor table,
      Set<Integer> oids,
      List<String> dependents,
      List<Doomed> columns,
      Set<TableDescriptor> views) {
    if (table.isView()) {
      if (views.stream().noneMatch(view -> view.oid() == table.oid())) {
        views.add(table);
        Column column = firstOf(table, oids);
        dependents.add(
            "view " + table.name() + " depends on type " + dependedOn(type, column.typeOid()));
      }
      return;
    }
    for (Column column : table.liveColumns().reversed()) {
      if (!oids.contains(column.typeOid())) {
        continue;
      }
      columns.add(new Doomed(table, column));
      String name = "column " + column.name() + " of table " + table.name();
      dependents.add(name + " depends on type " + dependedOn(type, column.typeOid()));
      for (TableDescriptor view : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
        if (view.isView()
            && firstOf(view, oids) != null
            && views.stream().noneMatch(known -> known.oid() == view.oid())
            && ViewDependencies.uses(cx, view, table.oid())) {
          views.add(view);
          dependents.add("view " + view.name() + " depends on " + name);
        }
      }
    }
  }

  private static Column firstOf(TableDescriptor table, Set<Integer> types) {
    return table.liveColumns().stream()
        .filter(column -> types.contains(column.typeOid()))
        .findFirst()
        .orElse(null);
  }

  private static String dependedOn(TypeDescriptor type, int usedOid) {
    return shown(type) + (usedOid == type.arrayOid() ? "[]" : "");
  }
}
