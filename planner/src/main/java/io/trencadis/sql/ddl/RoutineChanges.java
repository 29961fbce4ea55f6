package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// ALTER and DROP of functions and procedures.
final class RoutineChanges {
  private final DdlContext cx;
  private final OwnerCommands owners;
  private final DropCommands drops;
  private final Consumer<Statement> run;

  /// @param run runs the statements that remove what depends on a dropped routine
  RoutineChanges(DdlContext cx, OwnerCommands owners, DropCommands drops, Consumer<Statement> run) {
    this.cx = cx;
    this.owners = owners;
    this.drops = drops;
    this.run = run;
  }

  void alter(Statement.AlterRoutine alter) {
    String kind = alter.kind().words().toLowerCase(Locale.ROOT);
    RoutineDescriptor routine = new RoutineNames(cx).find(kind, alter.routine());
    if (routine == null) {
      new AbsentObjects(cx).requireRoutine(kind, alter.routine());
      return;
    }
    Rights rights = new Rights(cx.catalog(), cx.databaseOid());
    rights.requireOwner(cx.role().oid(), Target.of(routine));
    if (alter.owner() != null) {
      owners.alter(routine, alter.owner());
    } else if (alter.newName() != null) {
      SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(routine.schemaOid());
      rights.require(cx.role().oid(), Target.of(schema), Privilege.CREATE);
      move(routine, schema, alter.newName());
    } else if (alter.schema() != null) {
      SchemaDescriptor schema = cx.names().schema(alter.schema(), -1);
      rights.require(cx.role().oid(), Target.of(schema), Privilege.CREATE);
      if (schema.oid() != routine.schemaOid()) {
        move(routine, schema, routine.name());
      }
    } else {
      RoutineOptions options = new RoutineOptions(cx, routine.isProcedure());
      alter.options().forEach(options::take);
      if (options.language != null || options.source != null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"language\"");
      }
      cx.put(options.applied(routine));
    }
  }

  private void move(RoutineDescriptor routine, SchemaDescriptor schema, String name) {
    for (ProcInfo each : cx.catalog().routines(schema.oid(), name)) {
      RoutineDescriptor other = (RoutineDescriptor) cx.catalog().byOid(each.oid());
      if (other.inputTypes().equals(routine.inputTypes())) {
        List<String> types =
            routine.inputTypes().stream()
                .map(oid -> io.trencadis.sql.types.Types.byOid(oid).displayName())
                .toList();
        throw new SqlException(
            SqlState.DUPLICATE_FUNCTION,
            "function "
                + name
                + "("
                + String.join(", ", types)
                + ") already exists in schema \""
                + schema.name()
                + "\"");
      }
    }
    RoutineRenaming.move(cx, routine, schema, name);
  }

  void drop(Statement.DropSignature drop) {
    String kind = drop.kind().toLowerCase(Locale.ROOT);
    Set<RoutineDescriptor> doomed = new LinkedHashSet<>();
    for (Statement.DropSignature.Signature signature : drop.objects()) {
      RoutineDescriptor routine = new RoutineNames(cx).find(kind, signature);
      if (routine == null) {
        new AbsentObjects(cx)
            .drop(
                new Statement.DropSignature(
                    drop.kind(), List.of(signature), drop.ifExists(), drop.cascade(), drop.pos()));
        continue;
      }
      ExtensionCommands.requireNoMember(cx, routine.oid(), RoutineNames.describe(routine));
      Rights rights = new Rights(cx.catalog(), cx.databaseOid());
      SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(routine.schemaOid());
      if (!rights.owns(cx.role().oid(), Target.of(schema))) {
        rights.requireOwner(cx.role().oid(), Target.of(routine));
      }
      doomed.add(routine);
    }
    if (!doomed.isEmpty()) {
      remove(doomed, drop.cascade());
    }
  }

  /// Removes routines; what depends on them only with CASCADE.
  void remove(Set<RoutineDescriptor> doomed, boolean cascade) {
    removeMembers(
        doomed,
        cascade,
        doomed.size() == 1 ? RoutineNames.describe(doomed.iterator().next()) : "desired object(s)");
  }

  /// The same for what belongs together.
  ///
  /// @param whole what messages call it
  void removeMembers(Set<RoutineDescriptor> doomed, boolean cascade, String whole) {
    Set<Integer> oids = new LinkedHashSet<>();
    doomed.forEach(each -> oids.add(each.oid()));
    List<RoutineUses.Use> uses = new RoutineUses(cx).of(doomed);
    if (!uses.isEmpty() && !cascade) {
      throw new SqlException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop "
                  + whole
                  + " because other objects depend on "
                  + (whole.startsWith("desired") ? "them" : "it"))
          .detail(String.join("\n", uses.stream().map(RoutineUses.Use::text).toList()))
          .hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    drops.announceCascade(uses.stream().map(RoutineUses.Use::text).toList());
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    for (RoutineUses.Use use : uses) {
      if (use.routineOid() != 0) {
        changes.put(use.routineOid(), null);
      } else if (cx.catalog().byOid(use.ownerOid()) != null) {
        drops.quietly(() -> run.accept(use.removal()));
      }
    }
    oids.forEach(oid -> changes.put(oid, null));
    cx.change(changes);
  }

  /// `ALTER TABLE table action`.
  static Statement onTable(QualifiedName table, AlterAction action) {
    return new Statement.AlterTable(
        Statement.ObjectKind.TABLE, table, false, false, new ArrayList<>(List.of(action)), -1);
  }
}
