package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.EnumValue;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// CREATE TYPE … AS ENUM, and the changes of an enum's labels.
final class EnumCommands {
  private static final int MAX_LABEL_BYTES = 63;

  private final DdlContext cx;
  private final TableLocks locks;
  private final TypeNaming naming;

  EnumCommands(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
    this.naming = new TypeNaming(cx);
  }

  void create(Statement.CreateEnum create) {
    SchemaDescriptor schema = naming.schemaFor(create.name());
    int oid = cx.newOid();
    Set<String> seen = new HashSet<>();
    List<TypeDescriptor.Label> labels = new ArrayList<>();
    for (String label : create.labels()) {
      requireLength(label);
      if (!seen.add(label)) {
        throw new SqlException(
                SqlState.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"")
            .detail("Key (enumtypid, enumlabel)=(" + oid + ", " + label + ") already exists.")
            .with(SqlException.Field.CONSTRAINT_NAME, "pg_enum_typid_label_index");
      }
      labels.add(new TypeDescriptor.Label(cx.newOid(), label, labels.size() + 1, 0));
    }
    cx.put(
        TypeDescriptor.ofEnum(
            oid,
            cx.databaseOid(),
            schema.oid(),
            create.name().name(),
            cx.role().oid(),
            cx.newOid(),
            naming.arrayName(schema, create.name().name()),
            labels));
  }

  private static void requireLength(String label) {
    if (label.getBytes(StandardCharsets.UTF_8).length > MAX_LABEL_BYTES) {
      throw new SqlException(SqlState.INVALID_NAME, "invalid enum label \"" + label + "\"")
          .detail("Labels must be 63 bytes or less.");
    }
  }

  private static SqlException exists(String label) {
    return new SqlException(
        SqlState.DUPLICATE_OBJECT, "enum label \"" + label + "\" already exists");
  }

  private static SqlException missing(String label) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "\"" + label + "\" is not an existing enum label");
  }

  void add(Statement.AlterEnumAddValue add) {
    TypeDescriptor type = naming.enumToAlter(add.name());
    requireLength(add.label());
    if (type.label(add.label()) != null) {
      if (!add.ifNotExists()) {
        throw exists(add.label());
      }
      cx.notice(
          new Notice(
              "NOTICE",
              SqlState.DUPLICATE_OBJECT,
              "enum label \"" + add.label() + "\" already exists, skipping",
              null,
              null));
      return;
    }
    List<TypeDescriptor.Label> labels = new ArrayList<>(type.labels());
    int at = labels.size();
    if (add.neighbor() != null) {
      TypeDescriptor.Label neighbor = type.label(add.neighbor());
      if (neighbor == null) {
        throw missing(add.neighbor());
      }
      at = labels.indexOf(neighbor) + (add.before() ? 0 : 1);
    }
    labels.add(
        at,
        new TypeDescriptor.Label(cx.newOid(), add.label(), position(labels, at), cx.store().id()));
    cx.put(type.withLabels(labels));
  }

  /// A place between two labels. Halving ends after some fifty steps; keys hold the places, so that
  /// the labels cannot be spread anew.
  private static double position(List<TypeDescriptor.Label> labels, int at) {
    if (labels.isEmpty()) {
      return 1;
    }
    if (at == 0) {
      return labels.getFirst().position() - 1;
    }
    if (at == labels.size()) {
      return labels.getLast().position() + 1;
    }
    double low = labels.get(at - 1).position();
    double high = labels.get(at).position();
    double middle = (low + high) / 2;
    if (middle == low || middle == high) {
      throw SqlException.notSupported("more enum labels between the same two");
    }
    return middle;
  }

  void rename(Statement.AlterEnumRenameValue rename) {
    TypeDescriptor type = naming.enumToAlter(rename.name());
    requireLength(rename.newLabel());
    TypeDescriptor.Label old = type.label(rename.label());
    if (old == null) {
      throw missing(rename.label());
    }
    if (type.label(rename.newLabel()) != null) {
      throw exists(rename.newLabel());
    }
    new TypeUses(cx)
        .requireUnmentioned(
            Pattern.compile(Pattern.quote("'" + rename.label().replace("'", "''") + "'")),
            "RENAME VALUE of a label");
    PgType before = Types.byOid(type.oid());
    List<TypeDescriptor.Label> labels = new ArrayList<>(type.labels());
    labels.set(
        labels.indexOf(old),
        new TypeDescriptor.Label(old.oid(), rename.newLabel(), old.position(), old.addedBy()));
    cx.put(type.withLabels(labels));
    EnumValue renamed = new EnumValue(old.oid(), rename.newLabel(), old.position(), old.addedBy());
    for (TableDescriptor table : new TypeUses(cx).tables(TypeUses.oids(type))) {
      renameMissing(table, type, before, renamed);
    }
  }

  /// Values of columns that were added to tables with rows are kept as text.
  private void renameMissing(
      TableDescriptor table, TypeDescriptor type, PgType before, EnumValue renamed) {
    TableDescriptor changed = table;
    for (Column column : table.liveColumns()) {
      boolean array = column.typeOid() == type.arrayOid();
      if (column.missingText() == null || !array && column.typeOid() != type.oid()) {
        continue;
      }
      PgType kind = array ? before.arrayType() : before;
      Object value = kind.codec().parse(column.missingText(), -1, cx.names().context());
      Object now = value;
      if (value instanceof SqlArray elements) {
        Object[] all = elements.elements().clone();
        for (int i = 0; i < all.length; i++) {
          all[i] = renamed.equals(all[i]) ? renamed : all[i];
        }
        now = elements.withElements(elements.elementType(), all);
      } else if (renamed.equals(value)) {
        now = renamed;
      }
      String text = kind.codec().format(now, cx.names().context());
      if (!text.equals(column.missingText())) {
        changed = changed.change().column(column.withMissing(text)).build();
      }
    }
    if (changed != table) {
      locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
      cx.put(changed);
    }
  }
}
