package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// CREATE, ALTER, DROP, ENABLE and DISABLE TRIGGER.
final class TriggerCommands {
  private final DdlContext cx;
  private final TableLocks locks;

  TriggerCommands(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message);
  }

  void create(Statement.CreateTrigger create) {
    TableDescriptor table = table(create.table());
    requireKind(create, table);
    Rights rights = new Rights(cx.catalog(), cx.databaseOid());
    if (!cx.role().superuser()) {
      rights.require(cx.role().oid(), Target.of(table), Privilege.TRIGGER);
    }
    Transitions.require(create, table);
    RoutineDescriptor function = function(create.function());
    if (!cx.role().superuser()) {
      rights.require(cx.role().oid(), Target.of(function), Privilege.EXECUTE);
    }
    List<Integer> columns = columns(create, table);
    if (create.when() != null) {
      cx.checkTrigger(create, table);
    }
    TriggerDescriptor known = find(table, create.name());
    if (known != null && !create.replace()) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "trigger \"" + create.name() + "\" for relation \"" + table.name() + "\" already exists");
    }
    if (known != null && known.constraint()) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "trigger \""
              + create.name()
              + "\" for relation \""
              + table.name()
              + "\" is a constraint trigger");
    }
    TriggerDescriptor made =
        new TriggerDescriptor(
            known == null ? cx.newOid() : known.oid(),
            cx.databaseOid(),
            table.oid(),
            create.name(),
            function.oid(),
            create.timing().equals("BEFORE") ? 'b' : create.timing().equals("AFTER") ? 'a' : 'i',
            create.row(),
            has(create, "INSERT"),
            has(create, "UPDATE"),
            has(create, "DELETE"),
            has(create, "TRUNCATE"),
            columns,
            create.when() == null ? null : StoredText.ofExpression(cx.names(), create.whenText()),
            create.constraint(),
            create.constraint() ? cx.newOid() : 0,
            create.from() == null ? 0 : table(create.from()).oid(),
            create.deferrable(),
            create.deferred(),
            Transitions.name(create, false),
            Transitions.name(create, true),
            create.arguments(),
            known == null ? 'O' : known.enabled());
    change(table, made, made.oid());
  }

  static boolean has(Statement.CreateTrigger create, String event) {
    return create.events().stream().anyMatch(each -> each.kind().equals(event));
  }

  private TableDescriptor table(QualifiedName name) {
    Descriptor found = cx.names().findRelation(name);
    if (found == null) {
      if (cx.names().findSystemView(name) != null) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "permission denied: \"" + name.name() + "\" is a system catalog");
      }
      if (name.schema() != null) {
        cx.names().schema(name.schema(), -1);
      }
      throw Names.undefined(name);
    }
    if (found instanceof TableDescriptor table) {
      return table;
    }
    throw new SqlException(
            SqlState.WRONG_OBJECT_TYPE, "relation \"" + name.name() + "\" cannot have triggers")
        .detail("This operation is not supported for sequences.");
  }

  private static void requireKind(Statement.CreateTrigger create, TableDescriptor table) {
    boolean instead = create.timing().equals("INSTEAD OF");
    if (table.isView()) {
      requireWhole(create, instead);
      if (!instead && create.row()) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is a view")
            .detail("Views cannot have row-level BEFORE or AFTER triggers.");
      }
      if (has(create, "TRUNCATE")) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is a view")
            .detail("Views cannot have TRUNCATE triggers.");
      }
      return;
    }
    if (instead) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is a table")
          .detail("Tables cannot have INSTEAD OF triggers.");
    }
    if (create.row() && has(create, "TRUNCATE")) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "TRUNCATE FOR EACH ROW triggers are not supported");
    }
    if (create.constraint() && !(create.row() && create.timing().equals("AFTER"))) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "constraint triggers must be AFTER ... FOR EACH ROW");
    }
  }

  private static void requireWhole(Statement.CreateTrigger create, boolean instead) {
    boolean columns = create.events().stream().anyMatch(event -> !event.columns().isEmpty());
    String fault =
        !instead
            ? null
            : !create.row()
                ? "be FOR EACH ROW"
                : create.when() != null
                    ? "have WHEN conditions"
                    : columns ? "have column lists" : null;
    if (fault != null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "INSTEAD OF triggers " + (create.row() ? "cannot " : "must ") + fault);
    }
  }

  private RoutineDescriptor function(QualifiedName name) {
    for (List<ProcInfo> each : cx.names().routines(name)) {
      for (ProcInfo proc : each) {
        if (proc.argTypes().length == 0
            && cx.catalog().byOid(proc.oid()) instanceof RoutineDescriptor routine) {
          if (routine.resultOid() != Types.TRIGGER.oid()) {
            throw invalid("function " + name + " must return type trigger");
          }
          return routine;
        }
        if (proc.argTypes().length == 0 && proc.resultType() == Types.TRIGGER.oid()) {
          throw SqlException.notSupported("trigger function " + name);
        }
      }
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + name + "() does not exist");
  }

  private static List<Integer> columns(Statement.CreateTrigger create, TableDescriptor table) {
    List<Integer> numbers = new ArrayList<>();
    for (Statement.TriggerEvent event : create.events()) {
      for (String name : event.columns()) {
        Column column = table.column(name);
        if (column == null) {
          throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
        }
        if (numbers.contains(column.number())) {
          throw new SqlException(
              SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
        }
        numbers.add(column.number());
      }
    }
    return numbers;
  }

  private TriggerDescriptor find(TableDescriptor table, String name) {
    for (TriggerDescriptor trigger : cx.catalog().triggersOf(table.oid())) {
      if (trigger.name().equals(name)) {
        return trigger;
      }
    }
    return null;
  }

  /// Changes a trigger, and gives its table and the partitions of it new versions: plans that write
  /// to them have to be made anew.
  private void change(TableDescriptor table, TriggerDescriptor trigger, int oid) {
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(oid, trigger);
    if (!table.isView()) {
      locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
      changes.put(table.oid(), cx.catalog().table(table.oid()).change().build());
      for (TableDescriptor leaf : TableLocks.leaves(cx.catalog(), table)) {
        changes.put(leaf.oid(), leaf.change().build());
      }
    }
    cx.change(changes);
  }

  private void requireOwner(TableDescriptor table) {
    new Rights(cx.catalog(), cx.databaseOid()).requireOwner(cx.role().oid(), Target.of(table));
  }

  private static SqlException missing(String name, TableDescriptor table) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "trigger \"" + name + "\" for table \"" + table.name() + "\" does not exist");
  }

  void rename(Statement.RenameTrigger rename) {
    TableDescriptor table = table(rename.table());
    requireOwner(table);
    TriggerDescriptor trigger = find(table, rename.name());
    if (trigger == null) {
      throw missing(rename.name(), table);
    }
    if (find(table, rename.newName()) != null) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "trigger \""
              + rename.newName()
              + "\" for relation \""
              + table.name()
              + "\" already exists");
    }
    change(table, trigger.renamed(rename.newName()), trigger.oid());
  }

  void drop(Statement.DropSignature drop) {
    for (Statement.DropSignature.Signature signature : drop.objects()) {
      Descriptor found =
          signature.name().schema() != null
                  && cx.names().findSchema(signature.name().schema()) == null
              ? null
              : cx.names().findRelation(signature.name());
      TriggerDescriptor trigger =
          found instanceof TableDescriptor table ? find(table, signature.detail()) : null;
      if (trigger == null) {
        new AbsentObjects(cx)
            .drop(
                new Statement.DropSignature(
                    drop.kind(), List.of(signature), drop.ifExists(), drop.cascade(), drop.pos()));
        continue;
      }
      requireOwner((TableDescriptor) found);
      change((TableDescriptor) found, null, trigger.oid());
    }
  }

  /// ENABLE and DISABLE TRIGGER.
  void enable(TableDescriptor table, AlterAction.EnableTrigger action) {
    if (table.isView()) {
      String what =
          switch (action.state()) {
            case 'D' -> "DISABLE TRIGGER";
            case 'A' -> "ENABLE ALWAYS TRIGGER";
            case 'R' -> "ENABLE REPLICA TRIGGER";
            default -> "ENABLE TRIGGER";
          };
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "ALTER action " + what + " cannot be performed on relation \"" + table.name() + "\"")
          .detail("This operation is not supported for views.");
    }
    List<TriggerDescriptor> all = cx.catalog().triggersOf(table.oid());
    if (action.name() != null && find(table, action.name()) == null) {
      throw missing(action.name(), table);
    }
    for (TriggerDescriptor trigger : all) {
      if (action.name() == null || trigger.name().equals(action.name())) {
        change(cx.catalog().table(table.oid()), trigger.enabled(action.state()), trigger.oid());
      }
    }
  }

  /// The comment's place for COMMENT ON TRIGGER.
  TriggerDescriptor require(QualifiedName name, String member) {
    TableDescriptor table = table(name);
    requireOwner(table);
    TriggerDescriptor trigger = find(table, member);
    if (trigger == null) {
      throw missing(member, table);
    }
    return trigger;
  }
}
