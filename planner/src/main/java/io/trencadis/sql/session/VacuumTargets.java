package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What VACUUM and ANALYZE name: finds out what is there and what the role may have done, and warns
/// of the rest. VACUUM has nothing to do here. Belongs to a session; not thread-safe.
final class VacuumTargets {
  private final LocalSession session;
  private final Names names;
  private final boolean vacuum;
  private final boolean analyze;
  private final List<Integer> analyzed = new ArrayList<>();

  private VacuumTargets(LocalSession session, boolean vacuum, boolean analyze) {
    this.session = session;
    this.names = session.names();
    this.vacuum = vacuum;
    this.analyze = analyze;
  }

  /// @throws SqlException 0A000 for columns without ANALYZE
  static void requireNoColumns(Statement.Vacuum statement, VacuumOptions options) {
    if (!options.analyze()
        && statement.tables().stream().anyMatch(each -> !each.columns().isEmpty())) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "ANALYZE option must be specified when a column list is provided");
    }
  }

  /// @return the oids of the tables to analyze
  /// @throws SqlException 3F000, 42P01, 42703 or 42701
  static List<Integer> of(LocalSession session, Statement.Vacuum statement, VacuumOptions options) {
    return new VacuumTargets(session, true, options.analyze()).all(statement.tables());
  }

  /// @return the oids of the tables to analyze
  /// @throws SqlException 3F000, 42P01, 42703 or 42701
  static List<Integer> of(LocalSession session, Statement.Analyze statement) {
    return new VacuumTargets(session, false, true).all(statement.tables());
  }

  /// Something to look at.
  ///
  /// @param table null for what has no rows of a user's
  /// @param kind as in `pg_class`
  /// @param shared whether all databases share it
  /// @param owned whether the role owns it
  private record Relation(
      TableDescriptor table,
      SystemView view,
      String name,
      char kind,
      boolean shared,
      boolean owned,
      List<String> columns) {
    boolean hasColumn(String column) {
      return view == null
          ? table.column(column) != null
          : view.columns().stream().anyMatch(each -> each.name().equals(column));
    }
  }

  private List<Integer> all(List<Statement.VacuumTarget> targets) {
    List<Relation> relations = new ArrayList<>();
    for (Statement.VacuumTarget target : targets) {
      Relation found = find(target);
      if (found != null && mayHave(found)) {
        addWithPartitions(found, relations);
      }
    }
    relations.forEach(this::take);
    return analyzed;
  }

  private void addWithPartitions(Relation relation, List<Relation> to) {
    to.add(relation);
    if (relation.kind == 'p') {
      for (TableDescriptor part : names.catalog().partitionsOf(relation.table.oid())) {
        addWithPartitions(of(part, relation.columns), to);
      }
    }
  }

  private void take(Relation relation) {
    if (!mayHave(relation)) {
      return;
    }
    boolean rows = relation.kind == 'r' || relation.kind == 'p';
    if (!rows) {
      warn(
          relation,
          (vacuum ? "cannot vacuum" : "cannot analyze") + " non-tables or special system tables");
      return;
    }
    if (!analyze) {
      return;
    }
    requireColumns(relation);
    if (relation.kind == 'r' && relation.table != null) {
      analyzed.add(relation.table.oid());
    }
  }

  private static void requireColumns(Relation relation) {
    Set<String> seen = new HashSet<>();
    for (String column : relation.columns) {
      if (!relation.hasColumn(column)) {
        throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + column + "\" of relation \"" + relation.name + "\" does not exist");
      }
      if (!seen.add(column)) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN,
            "column \""
                + column
                + "\" of relation \""
                + relation.name
                + "\" appears more than once");
      }
    }
  }

  /// Whether the role may have it vacuumed or analyzed; warns where not.
  private boolean mayHave(Relation relation) {
    int role = session.currentUser().oid();
    if (relation.owned
        || !relation.shared && session.rights().owns(role, Target.of(session.database()))) {
      return true;
    }
    String who =
        relation.shared
            ? "only superuser"
            : relation.view != null && relation.view.schema().equals("pg_catalog")
                ? "only superuser or database owner"
                : "only table or database owner";
    warn(relation, who + " can " + (vacuum ? "vacuum" : "analyze") + " it");
    return false;
  }

  private void warn(Relation relation, String why) {
    session.notice(
        Notice.warning(SqlState.WARNING, "skipping \"" + relation.name + "\" --- " + why));
  }

  /// What the name stands for, or null for a part of the catalog that is not here.
  private Relation find(Statement.VacuumTarget target) {
    QualifiedName name = target.table();
    Descriptor found = names.findRelation(name);
    if (found instanceof TableDescriptor table) {
      return of(table, target.columns());
    }
    if (found instanceof SequenceDescriptor sequence) {
      return other(sequence.name(), 'S', owns(Target.of(sequence)));
    }
    TableDescriptor indexed = names.tableOfIndex(name);
    if (indexed != null) {
      return other(name.name(), 'i', owns(Target.of(indexed)));
    }
    SystemView view = names.findSystemView(name);
    if (view != null) {
      boolean shared = SystemRelation.isShared(view.oid());
      boolean owned = session.rights().roles().isSuperuser(session.currentUser().oid());
      return new Relation(null, view, view.name(), view.kind(), shared, owned, target.columns());
    }
    if (MaintenanceTargets.isSystem(name)) {
      return null;
    }
    if (name.schema() != null
        && !name.schema().equals("information_schema")
        && names.findSchema(name.schema()) == null) {
      throw new SqlException(
          SqlState.INVALID_SCHEMA_NAME, "schema \"" + name.schema() + "\" does not exist");
    }
    throw Names.undefined(name);
  }

  private Relation of(TableDescriptor table, List<String> columns) {
    return new Relation(
        table, null, table.name(), table.kind(), false, owns(Target.of(table)), columns);
  }

  private static Relation other(String name, char kind, boolean owned) {
    return new Relation(null, null, name, kind, false, owned, List.of());
  }

  private boolean owns(Target target) {
    return session.rights().owns(session.currentUser().oid(), target);
  }
}
