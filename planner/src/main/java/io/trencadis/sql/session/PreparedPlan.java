package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rights.Access;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.types.TypeContext;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A planned SELECT, INSERT, UPDATE or DELETE: made once, run many times, by any session with the
/// same catalog and search path. Thread-safe.
final class PreparedPlan {
  /// What a small run may scan at the most.
  static final long SMALL_BYTES = 128 << 10;

  private static final long SMALL_NANOS = 2_000_000;

  /// So many small runs in a row, and the next is taken to be one.
  private static final int SMALL_RUNS = 3;

  /// After one that was not small, so many more have to be.
  private static final int LARGE_RUNS = 100;

  private final PlanNode root;
  private final List<ResultColumn> columns;
  private final int[] parameterTypes;
  private final Slot[] slots;
  private final Object[] template;
  private final Map<Integer, String> pinned;
  private final boolean constantsPerRun;
  private final long catalogVersion;
  private final long definitions;
  private final boolean readOnly;
  private final boolean callsWriters;
  private final boolean point;
  private final List<Access> accesses;

  /// A role that may run the plan, as far as is known; 0 for none.
  private volatile int allowedRole;

  private boolean ran;

  /// How many of the last runs in a row were small; negative after one that was not. A race between
  /// sessions costs a count.
  private int small;

  private final boolean growsWithReads;

  private final boolean temporary;
  private final boolean pure;

  /// @param columns null where the statement gives no rows
  /// @param pinned literals that another statement of the same shape must share
  /// @param subPlans whether there are sub-selects or functions of users in expressions
  /// @param callsWriters whether it calls functions of users that may write
  /// @param accesses what whoever runs it must be allowed to do
  /// @param temporary whether it depends on temporary tables
  /// @param pure whether it reads nothing and calls no functions of users
  PreparedPlan(
      PlanNode root,
      List<ResultColumn> columns,
      int[] parameterTypes,
      List<Slot> slots,
      Map<Integer, String> pinned,
      Catalog catalog,
      boolean readOnly,
      boolean subPlans,
      boolean callsWriters,
      List<Access> accesses,
      boolean temporary,
      boolean pure) {
    this.pure = pure;
    this.accesses = accesses;
    this.root = root;
    this.columns = columns;
    this.parameterTypes = parameterTypes;
    this.slots = slots.toArray(new Slot[0]);
    this.pinned = pinned;
    this.catalogVersion = catalog.version();
    this.definitions = catalog.definitions();
    this.readOnly = readOnly;
    this.callsWriters = callsWriters;
    this.temporary = temporary;
    this.point = !subPlans && root.isPoint();
    this.growsWithReads = readOnly() && !subPlans && root.growsWithReads();
    this.template = new Object[this.slots.length];
    boolean perRun = false;
    for (int i = 0; i < template.length; i++) {
      if (this.slots[i] instanceof Slot.Constant constant) {
        template[i] = constant.value();
        perRun |= constant.literal() >= 0;
      }
    }
    this.constantsPerRun = perRun;
  }

  /// Requires that a role may do what the plan does. Costs a comparison where the same role asked
  /// last: a plan is good for one version of the catalog, rights included.
  ///
  /// @throws SqlException 42501
  void require(int roleOid, Supplier<Rights> rights) {
    if (allowedRole == roleOid) {
      return;
    }
    if (!accesses.isEmpty()) {
      Rights known = rights.get();
      accesses.forEach(access -> access.require(known, roleOid));
    }
    allowedRole = roleOid;
  }

  /// Notes a run. For statistics: two first runs at the same moment may both be called the first.
  ///
  /// @return whether it has been run before
  boolean runsAgain() {
    if (ran) {
      return true;
    }
    ran = true;
    return false;
  }

  PlanNode root() {
    return root;
  }

  List<ResultColumn> columns() {
    return columns;
  }

  int[] parameterTypes() {
    return parameterTypes;
  }

  /// The version of the catalog it was made for.
  long catalogVersion() {
    return catalogVersion;
  }

  /// Whether it is good for a catalog: for one of another version, too, if only statistics have
  /// changed and the plan has but one way to go.
  boolean isFor(Catalog catalog) {
    return catalogVersion == catalog.version() || point && definitions == catalog.definitions();
  }

  /// Whether it neither writes nor locks, functions that it calls included.
  boolean readOnly() {
    return readOnly && !callsWriters;
  }

  /// Whether it reads nothing and calls no functions of users.
  boolean isPure() {
    return pure;
  }

  /// Whether it calls functions of users that may write.
  boolean callsWriters() {
    return callsWriters;
  }

  /// Whether it changes or locks rows itself.
  boolean touches() {
    return !readOnly;
  }

  /// Whether it reads or writes temporary tables.
  boolean temporary() {
    return temporary;
  }

  boolean isChange() {
    return root instanceof ModifyNode;
  }

  /// Whether a run is done in microseconds, unless it has to wait for a lock.
  boolean isPoint() {
    return point;
  }

  /// Whether a run has been a matter of a fraction of a millisecond lately, and will give itself up
  /// where it is more.
  boolean isSmall() {
    return small >= SMALL_RUNS;
  }

  /// Notes how much work a run was.
  ///
  /// @param bytes of rows that it read
  void worked(long bytes, long nanos) {
    if (!growsWithReads) {
      return;
    }
    if (bytes > SMALL_BYTES) {
      worksLong();
    } else if (nanos > SMALL_NANOS) {
      small = Math.min(small, 0);
    } else if (small < SMALL_RUNS) {
      small++;
    }
  }

  /// Notes that a run was not small.
  void worksLong() {
    small = -LARGE_RUNS;
  }

  /// Whether the plan serves a statement of the same shape with these literals.
  boolean serves(SqlFingerprint fingerprint) {
    for (Map.Entry<Integer, String> entry : pinned.entrySet()) {
      if (!fingerprint.literal(entry.getKey()).equals(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  /// The slots' values for a run.
  ///
  /// @param parameters by number, from 0
  /// @param fingerprint the statement that is run, where it is not the one that was planned; else
  ///   null
  Object[] values(Object[] parameters, SqlFingerprint fingerprint, TypeContext cx) {
    if (parameters.length < parameterTypes.length) {
      throw new SqlException(
          SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + (parameters.length + 1));
    }
    Object[] values = template.clone();
    boolean literals = fingerprint != null && constantsPerRun;
    if (parameters.length == 0 && !literals) {
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      switch (slots[i]) {
        case Slot.Parameter parameter -> values[i] = parameters[parameter.number() - 1];
        case Slot.Constant constant
            when literals && constant.literal() >= 0 && constant.text() != null ->
            values[i] = literal(constant, fingerprint, cx);
        default -> {}
      }
    }
    return values;
  }

  private static Object literal(
      Slot.Constant constant, SqlFingerprint fingerprint, TypeContext cx) {
    String text = fingerprint.literal(constant.literal());
    if (text.equals(constant.text())) {
      // Equal texts may still mean different values: 'now', names of relations, times of a zone.
      if (constant.source().category() == 'N' && constant.source().kind() == 'b') {
        return constant.value();
      }
    }
    try {
      return constant
          .source()
          .codec()
          .parse(constant.negated() ? "-" + text : text, constant.typmod(), cx);
    } catch (SqlException e) {
      throw e.at(fingerprint.offset(constant.literal()));
    }
  }
}
