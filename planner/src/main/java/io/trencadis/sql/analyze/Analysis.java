package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.SharedQuery;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rights.Access;
import io.trencadis.sql.rights.BuiltInRights;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;

/// What is known about the statement under analysis as a whole: its slots, its parameters' types,
/// the tables it depends on. Not thread-safe.
final class Analysis {
  private final List<TableAccess> accesses = new ArrayList<>();
  private Names names;
  private int ownerOid;
  private final RelOptCluster cluster;
  private final RexBuilder rex;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<Integer, Integer> parameterSlots = new HashMap<>();
  private final int[] declaredParameters;
  private final Map<ConstantKey, Integer> constants = new HashMap<>();
  private final Set<Integer> pinnedLiterals = new LinkedHashSet<>();
  private final Set<TableDescriptor> tables = new LinkedHashSet<>();
  private final Map<Query.Cte, Ctes.Work> changes = new IdentityHashMap<>();
  private final Map<Query.Cte, SharedCte> shared = new IdentityHashMap<>();
  private boolean inPart;
  private int identities;
  private boolean ownLiterals = true;
  // Equal ones are one slot; the last that was met is the one that is converted next.
  private final Map<String, Integer> literalPositions = new HashMap<>();
  private Variables variables;
  private final Set<Integer> routines = new LinkedHashSet<>();
  private boolean callsWriters;
  private final Set<Integer> inlining = new LinkedHashSet<>();
  private boolean locks;
  private boolean systemColumns;

  /// Where the statement itself, and not a view in it, names columns; null unless asked for.
  private List<Mention> mentions;

  private int namedAt = -1;
  private final Deque<List<Scope.Item>> outOfSight = new ArrayDeque<>();

  /// What is found out, where somebody wants to know; else null.
  private Trace trace;

  /// A place where a column of a table or view is named.
  ///
  /// @param pos offset of the name with what qualifies it
  record Mention(int relationOid, int column, int pos) {}

  /// Constants that are the same expression: GROUP BY and DISTINCT compare expressions by them.
  private record ConstantKey(
      String text, PgType source, PgType type, int typmod, boolean negated) {}

  /// @param declaredParameters type oids that the client gave, 0 where it did not
  Analysis(Names names, RelOptCluster cluster, int[] declaredParameters) {
    this.names = names;
    this.cluster = cluster;
    this.rex = cluster.getRexBuilder();
    this.declaredParameters = declaredParameters;
  }

  Names names() {
    return names;
  }

  /// Names that the statement may use beside those of columns; null for none.
  Variables variables() {
    return variables;
  }

  void variables(Variables known) {
    variables = known;
  }

  /// Oids of the users' functions that the statement calls.
  Set<Integer> routines() {
    return routines;
  }

  /// Whether one of those may write.
  boolean callsWriters() {
    return callsWriters;
  }

  /// Whether the statement or a sub-select of it locks rows.
  boolean locks() {
    return locks;
  }

  /// Notes that a query of the statement locks rows.
  void locking() {
    locks = true;
  }

  /// One for the same statement that knows nothing yet.
  Analysis fresh() {
    Analysis other = new Analysis(names, cluster, declaredParameters);
    other.variables(variables);
    return other;
  }

  /// Whether stored tables have their system columns in sight.
  boolean systemColumns() {
    return systemColumns;
  }

  void withSystemColumns() {
    systemColumns = true;
  }

  /// Notes that the statement does something with a table or view, as whoever it is done.
  TableAccess access(Target target) {
    TableAccess access = new TableAccess(target, ownerOid, this);
    accesses.add(access);
    return access;
  }

  /// From now on keeps what is found out.
  void keepTrace() {
    trace = new Trace();
  }

  /// Null unless it is kept, and in the texts of views.
  Trace trace() {
    return trace;
  }

  /// From now on keeps where columns are named.
  void keepMentions() {
    mentions = new ArrayList<>();
  }

  List<Mention> mentions() {
    return mentions;
  }

  /// Says where the name is that is looked up next, or -1 when that is done.
  void namedAt(int pos) {
    namedAt = pos;
  }

  /// Runs work to which items of the same FROM clause are known, but not to be named by it.
  <T> T besides(List<Scope.Item> items, Supplier<T> work) {
    outOfSight.push(items);
    try {
      return work.get();
    } finally {
      outOfSight.pop();
    }
  }

  /// Whether an item of that name is there, but not to be named where the analysis is.
  boolean isOutOfSight(String name) {
    return outOfSight.stream()
        .anyMatch(items -> items.stream().anyMatch(item -> item.name().equals(name)));
  }

  void mentions(int relationOid, int column) {
    if (mentions != null && namedAt >= 0) {
      mentions.add(new Mention(relationOid, column, namedAt));
    }
  }

  /// All that the statement does with tables, views and functions.
  List<Access> accesses() {
    return accesses.stream().map(TableAccess::done).toList();
  }

  /// Runs work on the text of a view, whose names were allowed to whoever made it.
  ///
  /// @param asOwner whose rights count inside; 0 for those of whoever runs the statement
  <T> T inView(int asOwner, Supplier<T> work) {
    int before = ownerOid;
    Names outside = names;
    Variables known = variables;
    List<Mention> outer = mentions;
    Trace kept = trace;
    mentions = null;
    trace = null;
    ownerOid = asOwner;
    names = names.unguarded();
    variables = null;
    try {
      return work.get();
    } finally {
      ownerOid = before;
      names = outside;
      variables = known;
      mentions = outer;
      trace = kept;
    }
  }

  /// Notes a call of a function that not everybody may call.
  void calls(ProcInfo function) {
    // On several nodes it is the transaction that holds the lock.
    callsWriters |= function.name().contains("_advisory_xact_lock");
    if (names.catalog().byOid(function.oid()) instanceof RoutineDescriptor routine) {
      routines.add(routine.oid());
      access(Target.of(routine)).need(Privilege.EXECUTE);
      return;
    }
    Target target =
        Target.builtIn(Kind.FUNCTION, function.oid(), names.databaseOid(), function.name());
    if (BuiltInRights.isGuarded(function.name())
        || names
                .catalog()
                .annotation(
                    AclDescriptor.class,
                    target.databaseOid(),
                    Kind.FUNCTION.classOid(),
                    target.oid(),
                    0)
            != null) {
      access(target).need(Privilege.EXECUTE);
    }
  }

  /// Notes that a function of a user is really called, not replaced by what it does.
  void runs(ProcInfo function) {
    callsWriters |= function.volatility() == 'v';
  }

  /// The functions whose bodies are being put in the places of their calls.
  Set<Integer> inlining() {
    return inlining;
  }

  /// Runs work on the body of a function.
  RexNode inlined(RoutineDescriptor routine, Inlining.Arguments arguments, Supplier<RexNode> work) {
    Names outside = names;
    inlining.add(routine.oid());
    if (routine.body() != null) {
      names = names.withPath(routine.bodyPath());
    }
    try {
      return withoutLiterals(
          () -> {
            variables = arguments;
            return work.get();
          });
    } finally {
      inlining.remove(routine.oid());
      names = outside;
    }
  }

  RelOptCluster cluster() {
    return cluster;
  }

  RexBuilder rex() {
    return rex;
  }

  List<Slot> slots() {
    return slots;
  }

  Set<TableDescriptor> tables() {
    return tables;
  }

  /// A WITH query that was analyzed once for all its references.
  record SharedCte(SharedQuery query, QueryAnalyzer.Result result) {}

  /// By WITH query.
  Map<Query.Cte, SharedCte> shared() {
    return shared;
  }

  /// The data-modifying WITH queries of the statement; without rows where they return none.
  Map<Query.Cte, Ctes.Work> changes() {
    return changes;
  }

  /// Runs work on a part of the statement, before the types of its parameters have to be known.
  <T> T inPart(Supplier<T> work) {
    inPart = true;
    try {
      return work.get();
    } finally {
      inPart = false;
    }
  }

  /// Literals whose value shaped the plan: another statement of the same shape shares it only with
  /// equal ones.
  Set<Integer> pinnedLiterals() {
    return pinnedLiterals;
  }

  void pin(int literal) {
    if (literal >= 0 && ownLiterals) {
      pinnedLiterals.add(literal);
    }
  }

  /// Remembers where a literal stands, for errors that are found when its type is known.
  void written(String literal, int pos) {
    if (ownLiterals) {
      literalPositions.put(literal, pos);
    }
  }

  /// Where an error of a literal's value is.
  ///
  /// @param pos of what the literal is converted for: of itself, or of an operator
  int positionOf(Slot.Constant constant, int pos) {
    return literalPositions.containsValue(pos) || !ownLiterals
        ? pos
        : literalPositions.getOrDefault(constant.text(), pos);
  }

  /// A number that nothing else in this statement has.
  int nextIdentity() {
    return ++identities;
  }

  int addSlot(Slot slot) {
    slots.add(slot);
    return slots.size() - 1;
  }

  RexNode slotReference(int slot, RelDataType type) {
    return rex.makeDynamicParam(type, slot);
  }

  /// The slot that an expression is, or null.
  Slot slotOf(RexNode node) {
    return node instanceof RexDynamicParam parameter ? slots.get(parameter.getIndex()) : null;
  }

  /// Whether the expression is a constant or a parameter of the statement.
  boolean isConstant(RexNode node) {
    Slot slot = slotOf(node);
    return slot instanceof Slot.Constant || slot instanceof Slot.Parameter;
  }

  /// Runs work on an expression that is not part of the statement's text: its literals are
  /// constants.
  RexNode withoutLiterals(Supplier<RexNode> work) {
    boolean before = ownLiterals;
    Variables known = variables;
    ownLiterals = false;
    variables = null;
    try {
      return work.get();
    } finally {
      ownLiterals = before;
      variables = known;
    }
  }

  /// A constant of the statement.
  ///
  /// @param index of the literal in the statement, or -1
  RexNode constant(
      Object value,
      String text,
      int index,
      PgType source,
      PgType type,
      int typmod,
      boolean negated) {
    int literal = ownLiterals ? index : -1;
    ConstantKey key = new ConstantKey(text, source, type, typmod, negated);
    Integer known = constants.get(key);
    if (known != null) {
      int other = ((Slot.Constant) slots.get(known)).literal();
      if (other != literal) {
        // Also where the second is no literal of the statement, such as one of a constraint.
        if (other >= 0) {
          pinnedLiterals.add(other);
        }
        pin(literal);
      }
      return slotReference(known, PgTypeFactory.of(type, typmod));
    }
    int slot = addSlot(new Slot.Constant(value, text, literal, source, typmod, negated, type));
    constants.put(key, slot);
    return slotReference(slot, PgTypeFactory.of(type, typmod));
  }

  /// A constant that is no literal of the statement.
  RexNode fixed(Object value, PgType type) {
    String text = value == null ? null : type.codec().format(value, names.context());
    return constant(value, text, -1, type, type, -1, false);
  }

  RexNode nullOf(PgType type) {
    return constant(null, null, -1, type, type, -1, false);
  }

  /// `$number`, of the type declared or found so far, else of type unknown.
  RexNode parameter(int number, int pos) {
    if (number < 1 || number > 65535) {
      throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number)
          .at(pos);
    }
    if (variables instanceof Inlining.Arguments arguments) {
      RexNode operand = arguments.operand(number);
      if (operand == null) {
        throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number);
      }
      return operand;
    }
    Integer slot = parameterSlots.get(number);
    if (slot == null) {
      int declared = number <= declaredParameters.length ? declaredParameters[number - 1] : 0;
      PgType type = declared == 0 ? Types.UNKNOWN : Types.byOid(declared);
      if (variables != null) {
        type = variables.type(number);
        if (type == null) {
          throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number)
              .at(pos);
        }
      }
      if (type == null) {
        throw new SqlException(
                SqlState.UNDEFINED_OBJECT, "type with OID " + declared + " does not exist")
            .at(pos);
      }
      slot = addSlot(new Slot.Parameter(number, type));
      parameterSlots.put(number, slot);
    }
    return slotReference(slot, relType(slots.get(slot).type()));
  }

  /// The type, with its fields where only the value's own type knows them.
  private static RelDataType relType(PgType type) {
    if (type.oid() != Types.RECORD.oid() || type.fields().isEmpty()) {
      return PgTypeFactory.of(type);
    }
    List<String> names = new ArrayList<>();
    List<PgType> types = new ArrayList<>();
    for (int i = 0; i < type.fields().size(); i++) {
      names.add(type.fields().get(i).name());
      types.add(type.fieldType(i));
    }
    return PgTypeFactory.row(names, types);
  }

  /// Decides the type of a parameter that had none.
  RexNode decideParameter(RexNode parameter, PgType type) {
    int slot = ((RexDynamicParam) parameter).getIndex();
    Slot.Parameter undecided = (Slot.Parameter) slots.get(slot);
    if (undecided.type() == Types.UNKNOWN) {
      slots.set(slot, new Slot.Parameter(undecided.number(), type));
    }
    return slotReference(slot, PgTypeFactory.of(slots.get(slot).type()));
  }

  /// The type oids of `$1`, `$2`, …, those the client declared included.
  ///
  /// @throws SqlException 42P18 for a parameter whose type nothing decided
  int[] parameterTypes() {
    if (inPart) {
      return new int[0];
    }
    int highest = declaredParameters.length;
    for (int number : parameterSlots.keySet()) {
      highest = Math.max(highest, number);
    }
    int[] types = new int[highest];
    for (int number = 1; number <= highest; number++) {
      Integer slot = parameterSlots.get(number);
      int declared = number <= declaredParameters.length ? declaredParameters[number - 1] : 0;
      PgType type =
          slot != null
              ? slots.get(slot).type()
              : variables != null ? Types.TEXT : Types.byOid(declared);
      if (type == null || type == Types.UNKNOWN) {
        throw new SqlException(
            SqlState.INDETERMINATE_DATATYPE,
            "could not determine data type of parameter $" + number);
      }
      types[number - 1] = type.oid();
    }
    return types;
  }

  /// The literal's slot if the expression is a constant whose type is still unknown; else null.
  Slot.Constant unknownLiteral(RexNode node) {
    return slotOf(node) instanceof Slot.Constant constant && constant.type() == Types.UNKNOWN
        ? constant
        : null;
  }

  boolean isUndecidedParameter(RexNode node) {
    return slotOf(node) instanceof Slot.Parameter parameter && parameter.type() == Types.UNKNOWN;
  }

  static PgType typeOf(RexNode node) {
    return PgRelType.of(node.getType());
  }

  static int typmodOf(RexNode node) {
    return PgRelType.typmodOf(node.getType());
  }

  /// Whether two expressions compute the same.
  static boolean same(RexNode a, RexNode b) {
    return Objects.equals(a, b) || (a != null && b != null && SubPlanText.same(a, b));
  }
}
