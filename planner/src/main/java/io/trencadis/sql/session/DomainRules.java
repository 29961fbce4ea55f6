package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptCluster;

/// Whether values may be of a domain: NOT NULL and CHECK, those of the domains below it included.
/// Confined to the session's thread.
final class DomainRules {
  private static final int MOST_KNOWN = 200;

  private final LocalSession session;
  private final Map<PgType, Rules> known = new IdentityHashMap<>();

  private record Check(String name, Eval condition, Execution run) {}

  private record Rules(boolean notNull, List<Check> checks) {}

  DomainRules(LocalSession session) {
    this.session = session;
  }

  /// The value, if it is one of the type.
  ///
  /// @throws SqlException 23502 or 23514
  Object checked(PgType type, Object value) {
    if (type.isArray()) {
      if (value != null) {
        for (Object element : ((SqlArray) value).elements()) {
          checked(type.elementType(), element);
        }
      }
      return value;
    }
    if (type.isRow()) {
      if (value != null) {
        for (int i = 0; i < type.fields().size(); i++) {
          checked(type.fieldType(i), ((SqlRow) value).values()[i]);
        }
      }
      return value;
    }
    if (!type.isDomain()) {
      return value;
    }
    PgType base = type.baseType();
    if (base.hasRules()) {
      checked(base, value);
    }
    Rules rules = rules(type);
    if (rules.notNull && value == null) {
      throw ErrorFields.about(
          type,
          new SqlException(
              SqlState.NOT_NULL_VIOLATION,
              "domain " + type.displayName() + " does not allow null values"));
    }
    for (Check check : rules.checks) {
      if (Boolean.FALSE.equals(check.condition.eval(new Object[] {value}, check.run))) {
        throw ErrorFields.about(
                type,
                new SqlException(
                    SqlState.CHECK_VIOLATION,
                    "value for domain "
                        + type.displayName()
                        + " violates check constraint \""
                        + check.name
                        + "\""))
            .with(SqlException.Field.CONSTRAINT_NAME, check.name);
      }
    }
    return value;
  }

  private Rules rules(PgType type) {
    Rules found = known.get(type);
    if (found == null) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      found = compile(type);
      known.put(type, found);
    }
    return found;
  }

  /// Those of the innermost domain come first, and those of one domain by their names.
  private Rules compile(PgType type) {
    List<TypeDescriptor> chain = new ArrayList<>();
    for (PgType at = type; at.isDomain(); at = at.directBase()) {
      TypeDescriptor own = session.catalog().types().descriptor(at.oid());
      if (own != null) {
        chain.addFirst(own);
      }
    }
    boolean notNull = false;
    List<Check> checks = new ArrayList<>();
    for (TypeDescriptor domain : chain) {
      notNull |= domain.notNull();
      List<TypeDescriptor.DomainCheck> sorted = new ArrayList<>(domain.checks());
      sorted.sort(Comparator.comparing(TypeDescriptor.DomainCheck::name));
      for (TypeDescriptor.DomainCheck check : sorted) {
        checks.add(compile(domain, check));
      }
    }
    return new Rules(notNull, checks);
  }

  private Check compile(TypeDescriptor domain, TypeDescriptor.DomainCheck check) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    var names = session.names();
    Analyzer.Expression analyzed =
        new Analyzer(names, cluster, new int[0])
            .condition(SqlParser.parseExpression(check.text()), domain.valueRow());
    Eval condition =
        new QueryPlanner(
                cluster, new SlotTable(analyzed.slots()), names.catalog(), session.context(), null)
            .compile(List.of(analyzed.node()))[0];
    return new Check(
        check.name(),
        condition,
        session.executor().execution(PreparedCommands.constants(analyzed.slots()), null));
  }
}
