package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor.Field;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// CREATE TYPE … AS (…), and the changes of a composite type's fields.
final class CompositeCommands {
  private final DdlContext cx;
  private final TypeNaming naming;

  CompositeCommands(DdlContext cx) {
    this.cx = cx;
    this.naming = new TypeNaming(cx);
  }

  void create(Statement.CreateCompositeType create) {
    String name = create.name().name();
    SchemaDescriptor schema = naming.schemaFor(create.name());
    if (cx.catalog().relationNameTaken(schema.oid(), name)) {
      throw ObjectNames.taken(name);
    }
    List<Field> fields = new ArrayList<>();
    for (TableRef.ColumnDefinition column : create.columns()) {
      if (fields.stream().anyMatch(field -> field.name().equals(column.name()))) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN, "column \"" + column.name() + "\" specified more than once");
      }
      fields.add(field(column, 0));
    }
    cx.put(
        new TypeDescriptor(
            cx.newOid(),
            cx.databaseOid(),
            schema.oid(),
            name,
            cx.role().oid(),
            'c',
            cx.newOid(),
            naming.arrayName(schema, name),
            List.of(),
            0,
            -1,
            false,
            null,
            List.of(),
            fields));
  }

  /// @param owner the composite type that is to have the field, or 0 for one that is not made yet
  private Field field(TableRef.ColumnDefinition column, int owner) {
    if (column.type().setOf()) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "column \"" + column.name() + "\" cannot be declared SETOF");
    }
    Names.TypeReference type = cx.names().type(column.type());
    Collations.requirePlain(cx.names(), column.collation(), type.type(), "a composite type");
    requireType(column.name(), type.type(), owner);
    return new Field(column.name(), type.type().oid(), type.typmod(), false);
  }

  private void requireType(String column, PgType type, int owner) {
    if (type.isPseudo()) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "column \"" + column + "\" has pseudo-type " + type.displayName());
    }
    DdlRights.requireUsage(cx, type);
    requireNotWithin(type, owner);
  }

  /// A type cannot be part of itself.
  private void requireNotWithin(PgType type, int owner) {
    if (owner == 0) {
      return;
    }
    PgType at = type.baseType();
    while (at.isArray()) {
      at = at.elementType().baseType();
    }
    if (at.oid() == owner) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "composite type " + at.displayName() + " cannot be made a member of itself");
    }
    at.fieldTypes().forEach(field -> requireNotWithin(field, owner));
  }

  static boolean isOfField(AlterAction action) {
    return action instanceof AlterAction.AddAttribute
        || action instanceof AlterAction.DropAttribute
        || action instanceof AlterAction.AlterAttribute
        || action instanceof AlterAction.RenameAttribute;
  }

  /// Applies an action on a field, or does nothing if it is another one.
  ///
  /// @return whether it was one
  boolean apply(TypeDescriptor type, AlterAction action) {
    switch (action) {
      case AlterAction.AddAttribute add -> add(type, add.column());
      case AlterAction.DropAttribute drop -> drop(type, drop);
      case AlterAction.AlterAttribute alter -> retype(type, alter);
      case AlterAction.RenameAttribute rename -> rename(type, rename);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void requireComposite(TypeDescriptor type) {
    if (!type.isComposite()) {
      throw new SqlException(
          SqlState.UNDEFINED_TABLE, "relation \"" + type.name() + "\" does not exist");
    }
  }

  /// The place of a field, or -1.
  private static int find(TypeDescriptor type, String name) {
    for (int i = 0; i < type.fields().size(); i++) {
      if (!type.fields().get(i).dropped() && type.fields().get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static SqlException exists(TypeDescriptor type, String name) {
    return new SqlException(
        SqlState.DUPLICATE_COLUMN,
        "column \"" + name + "\" of relation \"" + type.name() + "\" already exists");
  }

  private static SqlException missing(TypeDescriptor type, String name) {
    return new SqlException(
        SqlState.UNDEFINED_COLUMN,
        "column \"" + name + "\" of relation \"" + type.name() + "\" does not exist");
  }

  private void add(TypeDescriptor type, TableRef.ColumnDefinition column) {
    requireComposite(type);
    if (find(type, column.name()) >= 0) {
      throw exists(type, column.name());
    }
    List<Field> fields = new ArrayList<>(type.fields());
    fields.add(field(column, type.oid()));
    requireUnindexed(type, "ADD ATTRIBUTE to a type");
    cx.put(type.withFields(fields));
  }

  private void drop(TypeDescriptor type, AlterAction.DropAttribute drop) {
    requireComposite(type);
    int at = find(type, drop.name());
    if (at < 0) {
      if (!drop.ifExists()) {
        throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + drop.name() + "\" of relation \"" + type.name() + "\" does not exist");
      }
      cx.notice(
          Notice.notice(
              "column \""
                  + drop.name()
                  + "\" of relation \""
                  + type.name()
                  + "\" does not exist, skipping"));
      return;
    }
    requireUnindexed(type, "DROP ATTRIBUTE of a type");
    cx.put(without(type, at));
  }

  /// The composite type without a field, whose number stays taken.
  static TypeDescriptor without(TypeDescriptor type, int at) {
    List<Field> fields = new ArrayList<>(type.fields());
    fields.set(at, new Field("........pg.dropped." + (at + 1) + "........", 0, -1, true));
    return type.withFields(fields);
  }

  private void retype(TypeDescriptor type, AlterAction.AlterAttribute alter) {
    requireComposite(type);
    int at = find(type, alter.name());
    if (at < 0) {
      throw missing(type, alter.name());
    }
    Names.TypeReference wanted = cx.names().type(alter.type());
    Collations.requirePlain(cx.names(), alter.collation(), wanted.type(), "a composite type");
    requireType(alter.name(), wanted.type(), type.oid());
    requireUnstored(type);
    List<Field> fields = new ArrayList<>(type.fields());
    fields.set(at, new Field(alter.name(), wanted.type().oid(), wanted.typmod(), false));
    cx.put(type.withFields(fields));
  }

  private void rename(TypeDescriptor type, AlterAction.RenameAttribute rename) {
    requireComposite(type);
    int at = find(type, rename.name());
    if (at < 0) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN, "column \"" + rename.name() + "\" does not exist");
    }
    if (find(type, rename.newName()) >= 0) {
      throw exists(type, rename.newName());
    }
    Field old = type.fields().get(at);
    List<Field> fields = new ArrayList<>(type.fields());
    fields.set(at, new Field(rename.newName(), old.typeOid(), old.typmod(), false));
    cx.put(type.withFields(fields));
  }

  /// The types that hold values of a type: itself, arrays, domains and composite types of it.
  private static Set<Integer> holders(DdlContext cx, Set<Integer> types) {
    Set<Integer> all = new HashSet<>(types);
    for (int before = 0; before < all.size(); ) {
      before = all.size();
      for (TypeDescriptor other : cx.catalog().all(TypeDescriptor.class, cx.databaseOid())) {
        if (TypeUses.madeOf(other, all)) {
          all.addAll(TypeUses.oids(other));
        }
      }
    }
    return all;
  }

  private void requireUnstored(TypeDescriptor type) {
    requireUnstored(cx, TypeUses.oids(type), "type \"" + type.name() + "\"", "it");
  }

  /// Fails where columns hold rows of a table that is to be changed.
  static void requireUnstored(DdlContext cx, TableDescriptor table) {
    requireUnstored(
        cx,
        Set.of(RowTypes.of(table.oid()), RowTypes.arrayOf(table.oid())),
        "table \"" + table.name() + "\"",
        "its row type");
  }

  private static void requireUnstored(
      DdlContext cx, Set<Integer> types, String changed, String used) {
    Set<Integer> holders = holders(cx, types);
    for (TableDescriptor table : new TypeUses(cx).tables(holders)) {
      for (Column column : table.liveColumns()) {
        if (!table.isView() && holders.contains(column.typeOid())) {
          throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot alter "
                  + changed
                  + " because column \""
                  + table.name()
                  + "."
                  + column.name()
                  + "\" uses "
                  + used);
        }
      }
    }
  }

  /// Keys hold the fields that the type had when they were written.
  private void requireUnindexed(TypeDescriptor type, String change) {
    Set<Integer> holders = holders(cx, TypeUses.oids(type));
    for (TableDescriptor table : new TypeUses(cx).tables(holders)) {
      for (Column column : table.liveColumns()) {
        for (IndexDescriptor index : table.indexes()) {
          if (holders.contains(column.typeOid()) && index.uses(column.number())) {
            throw SqlException.notSupported(
                change + " that index \"" + index.name() + "\" has keys of");
          }
        }
      }
    }
  }
}
