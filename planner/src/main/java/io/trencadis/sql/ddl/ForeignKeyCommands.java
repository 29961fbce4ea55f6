package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.ast.TableElement.ForeignKeyAction;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.ForeignKeyCheck;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.planning.ForeignKeyPlanner;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/// Adds, checks and removes foreign keys. Both tables get a new version: plans of the referenced
/// one have to know who refers to it.
final class ForeignKeyCommands {
  private static final List<Set<PgType>> FAMILIES =
      List.of(
          Set.of(Types.INT2, Types.INT4, Types.INT8),
          Set.of(Types.FLOAT4, Types.FLOAT8),
          Set.of(Types.DATE, Types.TIMESTAMP, Types.TIMESTAMPTZ));

  private final DdlContext cx;
  private final TableLocks locks;

  ForeignKeyCommands(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
  }

  private boolean isTemporary(TableDescriptor table) {
    return cx.catalog().byOid(table.schemaOid()) instanceof SchemaDescriptor schema
        && schema.isTemporary();
  }

  /// No action may set a column that is always computed.
  private static void requirePlain(
      TableDescriptor table, List<Integer> columns, TableElement.ForeignKeyTarget target) {
    for (int number : columns) {
      if (table.columnNumbered(number).generated()) {
        requirePlain("ON UPDATE", target.onUpdate().action(), true);
        requirePlain("ON DELETE", target.onDelete().action(), false);
      }
    }
  }

  private static void requirePlain(
      String event, TableElement.ForeignKeyAction action, boolean cascades) {
    if (action == TableElement.ForeignKeyAction.SET_NULL
        || action == TableElement.ForeignKeyAction.SET_DEFAULT
        || (cascades && action == TableElement.ForeignKeyAction.CASCADE)) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR,
          "invalid " + event + " action for foreign key constraint containing generated column");
    }
  }

  /// Adds a foreign key to a table.
  void add(
      TableDescriptor table, TableElement.TableConstraint.ForeignKey wanted, boolean notValid) {
    TableElement.ForeignKeyTarget target = wanted.target();
    if (!target.onUpdate().columns().isEmpty()) {
      String action =
          target.onUpdate().action() == TableElement.ForeignKeyAction.SET_NULL
              ? "SET NULL"
              : "SET DEFAULT";
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "a column list with " + action + " is only supported for ON DELETE actions");
    }
    TableDescriptor parent = cx.names().table(target.table());
    if (parent.isView()) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE,
          "referenced relation \"" + parent.name() + "\" is not a table");
    }
    boolean temporary = isTemporary(table);
    if (temporary != isTemporary(parent)) {
      String kind = temporary ? "temporary" : "permanent";
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          "constraints on " + kind + " tables may reference only " + kind + " tables");
    }
    if (target.match() == TableElement.MatchType.PARTIAL) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "MATCH PARTIAL not yet implemented")
          .at(wanted.pos());
    }
    List<Integer> columns = numbers(table, wanted.columns());
    IndexDescriptor index;
    List<Integer> referenced;
    if (target.columns().isEmpty()) {
      index = parent.primaryIndex();
      if (index == null) {
        throw new SqlException(
            SqlState.UNDEFINED_OBJECT,
            "there is no primary key for referenced table \"" + parent.name() + "\"");
      }
      if (index.deferrable()) {
        throw deferrable("primary key", parent);
      }
      referenced = index.parts().stream().map(KeyPart::column).toList();
    } else {
      referenced = numbers(parent, target.columns());
      index = matching(parent, referenced);
    }
    new DdlRights(cx).requireReferences(parent, referenced);
    if (columns.size() != referenced.size()) {
      throw new SqlException(
          SqlState.INVALID_FOREIGN_KEY,
          "number of referencing and referenced columns for foreign key disagree");
    }
    requirePlain(table, columns, target);
    String name = name(table, wanted, columns);
    for (int i = 0; i < columns.size(); i++) {
      requireComparable(
          table.columnNumbered(columns.get(i)), parent.columnNumbered(referenced.get(i)), name);
    }
    ForeignKey key =
        new ForeignKey(
            cx.newOid(),
            name,
            columns,
            parent.oid(),
            referenced,
            index.oid(),
            target.match() == TableElement.MatchType.FULL ? 'f' : 's',
            letter(target.onDelete().action()),
            setColumns(table, target.onDelete(), columns),
            letter(target.onUpdate().action()),
            wanted.deferral().deferrable(),
            wanted.deferral().initiallyDeferred(),
            !notValid);
    List<ForeignKey> keys = new ArrayList<>(table.foreignKeys());
    keys.add(key);
    locks.lock(cx.store(), parent, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    cx.putFamily(table.change().foreignKeys(keys).build());
    if (parent.oid() != table.oid()) {
      cx.putFamily(parent.change().build());
    }
    if (!notValid) {
      validate(cx.catalog().table(table.oid()), key);
    }
  }

  private static char letter(ForeignKeyAction action) {
    return switch (action) {
      case NO_ACTION -> 'a';
      case RESTRICT -> 'r';
      case CASCADE -> 'c';
      case SET_NULL -> 'n';
      case SET_DEFAULT -> 'd';
    };
  }

  private static List<Integer> setColumns(
      TableDescriptor table, TableElement.ForeignKeyRule rule, List<Integer> columns) {
    List<Integer> numbers = numbers(table, rule.columns());
    for (int i = 0; i < numbers.size(); i++) {
      if (!columns.contains(numbers.get(i))) {
        throw new SqlException(
            SqlState.INVALID_COLUMN_REFERENCE,
            "column \""
                + rule.columns().get(i)
                + "\" referenced in ON DELETE SET action must be part of foreign key");
      }
    }
    return numbers;
  }

  private static List<Integer> numbers(TableDescriptor table, List<String> names) {
    List<Integer> numbers = new ArrayList<>();
    for (String name : names) {
      Column column = table.column(name);
      if (column == null) {
        throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + name + "\" referenced in foreign key constraint does not exist");
      }
      numbers.add(column.number());
    }
    return numbers;
  }

  private static IndexDescriptor matching(TableDescriptor parent, List<Integer> referenced) {
    Set<Integer> wanted = new HashSet<>(referenced);
    if (wanted.size() < referenced.size()) {
      throw new SqlException(
          SqlState.INVALID_FOREIGN_KEY,
          "foreign key referenced-columns list must not contain duplicates");
    }
    boolean deferrable = false;
    for (IndexDescriptor index : parent.indexes()) {
      Set<Integer> own = new HashSet<>();
      index.parts().forEach(part -> own.add(part.column()));
      if (index.unique() && index.valid() && index.isPlain() && own.equals(wanted)) {
        if (!index.deferrable()) {
          return index;
        }
        deferrable = true;
      }
    }
    if (deferrable) {
      throw deferrable("unique constraint", parent);
    }
    throw new SqlException(
        SqlState.INVALID_FOREIGN_KEY,
        "there is no unique constraint matching given keys for referenced table \""
            + parent.name()
            + "\"");
  }

  private static SqlException deferrable(String kind, TableDescriptor parent) {
    return new SqlException(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "cannot use a deferrable " + kind + " for referenced table \"" + parent.name() + "\"");
  }

  private String name(
      TableDescriptor table,
      TableElement.TableConstraint.ForeignKey wanted,
      List<Integer> columns) {
    if (wanted.name() != null) {
      if (hasConstraint(table, wanted.name())) {
        throw new SqlException(
            SqlState.DUPLICATE_OBJECT,
            "constraint \""
                + wanted.name()
                + "\" for relation \""
                + table.name()
                + "\" already exists");
      }
      return wanted.name();
    }
    List<String> names = new ArrayList<>();
    columns.forEach(number -> names.add(table.columnNumbered(number).name()));
    return ObjectNames.choose(
        table.name(),
        String.join("_", names),
        "fkey",
        candidate ->
            cx.catalog().all(TableDescriptor.class, cx.databaseOid()).stream()
                .anyMatch(
                    other ->
                        other.schemaOid() == table.schemaOid() && hasConstraint(other, candidate)));
  }

  static boolean hasConstraint(TableDescriptor table, String name) {
    return table.foreignKeys().stream().anyMatch(key -> key.name().equals(name))
        || table.checks().stream().map(CheckConstraint::name).anyMatch(name::equals)
        || table.indexes().stream()
            .anyMatch(index -> index.constraint() && index.name().equals(name));
  }

  private static void requireComparable(Column column, Column referenced, String name) {
    PgType own = Types.byOid(column.typeOid());
    PgType other = Types.byOid(referenced.typeOid());
    boolean comparable =
        own == other
            || FAMILIES.stream().anyMatch(family -> family.contains(own) && family.contains(other))
            || Casts.binaryCoercible(own, other)
            || Casts.exists(own, other, CastContext.IMPLICIT);
    if (!comparable) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "foreign key constraint \"" + name + "\" cannot be implemented")
          .detail(
              "Key columns \""
                  + column.name()
                  + "\" and \""
                  + referenced.name()
                  + "\" are of incompatible types: "
                  + Types.formatType(own, column.typmod())
                  + " and "
                  + Types.formatType(other, referenced.typmod())
                  + ".");
    }
  }

  /// After a column's type changed: its foreign keys must still make sense.
  void requireComparable(TableDescriptor table) {
    for (ForeignKey key : table.foreignKeys()) {
      requireComparable(table, key);
    }
    for (var reference : cx.catalog().referencesTo(table.oid())) {
      requireComparable(reference.table(), reference.key());
    }
  }

  private void requireComparable(TableDescriptor table, ForeignKey key) {
    TableDescriptor parent = cx.catalog().table(key.tableOid());
    for (int i = 0; i < key.columns().size(); i++) {
      requireComparable(
          table.columnNumbered(key.columns().get(i)),
          parent.columnNumbered(key.referenced().get(i)),
          key.name());
    }
  }

  /// Checks the rows that are there.
  ///
  /// @throws SqlException 23503 where a row of the table has no row to refer to
  void validate(TableDescriptor table, ForeignKey key) {
    Execution x = cx.execution(new Object[0]);
    forEach(table, key, (check, row) -> check.checkAny(row, x));
  }

  private void forEach(
      TableDescriptor table, ForeignKey key, BiConsumer<ForeignKeyCheck, Object[]> visitor) {
    for (TableDescriptor leaf : TableLocks.leaves(cx.catalog(), table)) {
      ForeignKeyCheck check = ForeignKeyPlanner.check(cx.names(), leaf, key);
      new TableRewriter(cx).forEach(leaf, row -> visitor.accept(check, row));
    }
  }

  /// A table has become a partition. Its rows refer to something by the keys of those above it,
  /// too, and whoever changes what they refer to has to look for them.
  ///
  /// @throws SqlException 23503 where a row that is there has no row to refer to
  void joins(TableDescriptor partition) {
    TableDescriptor above = cx.catalog().table(partition.parentOid());
    for (; above != null; above = cx.catalog().table(above.parentOid())) {
      for (ForeignKey key : above.foreignKeys()) {
        TableDescriptor referenced = cx.catalog().table(key.tableOid());
        locks.lock(cx.store(), referenced, RelationLock.SHARE_ROW_EXCLUSIVE, LockWait.WAIT);
        cx.putFamily(referenced.change().build());
        if (key.validated()) {
          validate(cx.catalog().table(partition.oid()), key);
        }
      }
    }
  }

  /// A table is no partition any more: nobody may refer to its rows by keys that name those above.
  ///
  /// @param above what it was a partition of, as it is without it
  /// @throws SqlException 23503 where a row refers to one of its rows
  void leaves(TableDescriptor partition, TableDescriptor above) {
    Execution x = cx.execution(new Object[0]);
    for (TableDescriptor at = above; at != null; at = cx.catalog().table(at.parentOid())) {
      for (Catalog.Reference reference : cx.catalog().referencesTo(at.oid())) {
        locks.lock(cx.store(), reference.table(), RelationLock.SHARE, LockWait.WAIT);
        forEach(
            reference.table(),
            reference.key(),
            (check, row) -> {
              String lost = check.lost(row, x);
              if (lost != null) {
                throw new SqlException(
                        SqlState.FOREIGN_KEY_VIOLATION,
                        "removing partition \""
                            + partition.name()
                            + "\" violates foreign key constraint \""
                            + reference.key().name()
                            + "\"")
                    .detail(
                        lost
                            + " is still referenced from table \""
                            + reference.table().name()
                            + "\".");
              }
            });
      }
    }
  }

  /// VALIDATE CONSTRAINT of a foreign key.
  ///
  /// @return false where the table has no foreign key of that name
  boolean validate(TableDescriptor table, String name) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(name)) {
        if (!key.validated()) {
          validate(table, key);
          replace(table, key, key.withValidated());
        }
        return true;
      }
    }
    return false;
  }

  /// Puts a changed key in the place of another; null removes it.
  void replace(TableDescriptor table, ForeignKey old, ForeignKey changed) {
    List<ForeignKey> keys = new ArrayList<>(table.foreignKeys());
    int at = keys.indexOf(old);
    if (changed == null) {
      keys.remove(at);
    } else {
      keys.set(at, changed);
    }
    locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
    cx.putFamily(table.change().foreignKeys(keys).build());
    TableDescriptor parent = cx.catalog().table(old.tableOid());
    if (parent != null && parent.oid() != table.oid()) {
      locks.lock(cx.store(), parent, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
      cx.putFamily(parent.change().build());
    }
  }

  /// Removes what refers to the columns or the index that is about to go.
  ///
  /// @param what goes, for messages, such as `column a of table t`
  /// @param depends what the constraints depend on, in the words of DETAIL
  void removeReferences(
      TableDescriptor parent,
      java.util.function.Predicate<ForeignKey> affected,
      String what,
      String depends,
      boolean cascade,
      Dependents dependents) {
    List<String> lines = new ArrayList<>();
    for (var reference : cx.catalog().referencesTo(parent.oid())) {
      if (affected.test(reference.key())) {
        lines.add(
            "constraint "
                + reference.key().name()
                + " on table "
                + reference.table().name()
                + " depends on "
                + depends);
      }
    }
    if (lines.isEmpty()) {
      return;
    }
    if (!cascade) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop " + what + " because other objects depend on it")
          .detail(String.join("\n", lines))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    dependents.announce(lines);
    for (var reference : List.copyOf(cx.catalog().referencesTo(parent.oid()))) {
      if (affected.test(reference.key())) {
        replace(cx.catalog().table(reference.table().oid()), reference.key(), null);
      }
    }
  }

  /// Tells the client what CASCADE drops.
  @FunctionalInterface
  interface Dependents {
    void announce(List<String> lines);
  }

  /// A column's REFERENCES as a constraint of the table.
  static TableElement.TableConstraint.ForeignKey ofColumn(
      TableElement.ColumnConstraint.References references, String column) {
    return new TableElement.TableConstraint.ForeignKey(
        references.name(),
        List.of(column),
        references.target(),
        references.deferral(),
        references.pos());
  }
}
