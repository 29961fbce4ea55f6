package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.functions.ResolvedOperator;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Analyzes expressions: what each name, operator and literal means, and which type it has.
/// Function calls are [CallAnalyzer]'s, sub-selects [SubqueryAnalyzer]'s, conversions
/// [Conversions]'.
final class ExpressionAnalyzer {
  /// Where an expression stands, which decides what it may contain.
  enum Clause {
    SELECT("SELECT", true, true),
    WHERE("WHERE", false, false),
    HAVING("HAVING", true, false),
    ORDER_BY("ORDER BY", true, true),
    GROUP_BY("GROUP BY", false, true),
    ON("JOIN conditions", false, false),
    VALUES("VALUES", false, true),
    LIMIT("LIMIT", false, false),
    FUNCTION("functions in FROM", false, true),
    DEFAULT("DEFAULT expressions", false, false),
    CHECK("check constraints", false, false),
    TRANSFORM("transform expressions", false, false),
    GENERATED("column generation expressions", false, false),
    INDEX("index expressions", false, false),
    PREDICATE("index predicates", false, false),
    BOUND("partition bound", false, false),
    PARTITION("partition key expressions", false, false),
    UPDATE("UPDATE", false, false),
    MERGE_WHEN("MERGE WHEN conditions", false, false),
    CALL("CALL arguments", false, false),
    TRIGGER("trigger WHEN conditions", false, false),
    RETURNING("RETURNING", false, true);

    final String text;
    final boolean aggregates;
    final boolean sets;

    /// The clause as the place of one expression: `index expression`.
    String single() {
      return text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
    }

    Clause(String text, boolean aggregates, boolean sets) {
      this.text = text;
      this.aggregates = aggregates;
      this.sets = sets;
    }
  }

  private static final Map<String, SqlOperator> COMPARISONS =
      Map.of(
          "=", SqlStdOperatorTable.EQUALS,
          "<>", SqlStdOperatorTable.NOT_EQUALS,
          "<", SqlStdOperatorTable.LESS_THAN,
          "<=", SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          ">", SqlStdOperatorTable.GREATER_THAN,
          ">=", SqlStdOperatorTable.GREATER_THAN_OR_EQUAL);

  private final Analysis analysis;
  private final Scope scope;
  private final Clause clause;
  private final Conversions conversions;
  private final CallAnalyzer calls;
  private final SubqueryAnalyzer subqueries;
  private final RowAnalyzer rows;
  private final NameAnalyzer names;
  private int depth;
  private int insideAggregate;
  private Within within = Within.NOTHING;

  ExpressionAnalyzer(
      Analysis analysis, QueryAnalyzer queries, Scope scope, Ctes ctes, Clause clause) {
    this.analysis = analysis;
    this.scope = scope;
    this.clause = clause;
    this.conversions = new Conversions(analysis);
    this.calls = new CallAnalyzer(analysis, this);
    this.rows = new RowAnalyzer(analysis, this);
    this.names = new NameAnalyzer(analysis, this, calls, rows, scope);
    this.subqueries = new SubqueryAnalyzer(analysis, queries, this, scope, ctes);
  }

  RexBuilder rex() {
    return analysis.rex();
  }

  Clause clause() {
    return clause;
  }

  RowAnalyzer rows() {
    return rows;
  }

  Conversions conversions() {
    return conversions;
  }

  /// Checks the windows of the WINDOW clause.
  void checkWindows() {
    new WindowAnalyzer(this, calls, scope).checkNamed();
  }

  Scope scope() {
    return scope;
  }

  Within within() {
    return within;
  }

  /// Says which part of a call the next expressions stand in.
  ///
  /// @return which it was before
  Within enter(Within part) {
    Within before = within;
    within = part;
    return before;
  }

  boolean insideAggregate() {
    return insideAggregate > 0;
  }

  /// @throws SqlException 42803 where no aggregate may stand
  void requireAggregates(int pos) {
    calls.requireAggregatesAllowed(pos);
  }

  void enterAggregate() {
    insideAggregate++;
  }

  void leaveAggregate() {
    insideAggregate--;
  }

  RexNode analyze(Expr expr) {
    if (++depth > 2000) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .hint(
              "Increase the server's thread stack size, or write the expression with less nesting.");
    }
    try {
      RexNode found = node(expr);
      return analysis.trace() == null ? found : analysis.trace().found(expr, found);
    } finally {
      depth--;
    }
  }

  private RexNode node(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral number -> number(number);
      case Expr.StringLiteral string -> {
        analysis.written(string.value(), string.pos());
        yield analysis.constant(
            string.value(),
            string.value(),
            string.literalIndex(),
            Types.UNKNOWN,
            Types.UNKNOWN,
            -1,
            false);
      }
      case Expr.BitStringLiteral bits -> bitString(bits);
      case Expr.BooleanLiteral literal -> analysis.rex().makeLiteral(literal.value());
      case Expr.NullLiteral _ -> analysis.nullOf(Types.UNKNOWN);
      case Expr.TypedLiteral literal -> cast(literal.value(), literal.type(), literal.pos());
      case Expr.Param param -> analysis.parameter(param.number(), param.pos());
      case Expr.ColumnRef column -> names.column(column);
      case Expr.FieldAccess field -> rows.field(field);
      case Expr.Subscript subscript -> subscript(subscript);
      case Expr.UnaryOp unary -> unary(unary);
      case Expr.BinaryOp binary -> binary(binary);
      case Expr.And and ->
          RexUtil.composeConjunction(analysis.rex(), booleans(and.operands(), "AND"));
      case Expr.Or or -> RexUtil.composeDisjunction(analysis.rex(), booleans(or.operands(), "OR"));
      case Expr.Not not ->
          bool(SqlStdOperatorTable.NOT, List.of(booleanOperand(not.operand(), "argument of NOT")));
      case Expr.IsTest test -> isTest(test);
      case Expr.IsDistinctFrom distinct -> isDistinct(distinct);
      case Expr.Between between -> between(between);
      case Expr.InList in -> inList(in);
      case Expr.InQuery in -> subqueries.in(in);
      case Expr.PatternMatch match -> pattern(match);
      case Expr.QuantifiedArray quantified ->
          QuantifiedArrays.of(quantified, this, analysis.names());
      case Expr.QuantifiedQuery quantified -> subqueries.quantified(quantified);
      case Expr.Exists exists -> subqueries.exists(exists);
      case Expr.ScalarSubquery subquery -> subqueries.scalar(subquery);
      case Expr.ArraySubquery subquery -> subqueries.array(subquery);
      case Expr.ArrayConstructor array -> array(array, null);
      case Expr.Row row -> rows.row(row);
      case Expr.Case choice -> caseOf(choice);
      case Expr.Coalesce coalesce -> unified(new Operation.Coalesce(), coalesce.args(), "COALESCE");
      case Expr.NullIf nullIf -> nullIf(nullIf);
      case Expr.Greatest greatest ->
          unified(new Operation.GreatestLeast(true), greatest.args(), "GREATEST");
      case Expr.Least least -> unified(new Operation.GreatestLeast(false), least.args(), "LEAST");
      case Expr.Cast cast -> cast(cast.operand(), cast.type(), cast.pos());
      case Expr.FunctionCall call -> calls.call(call);
      case Expr.SqlValueFunction function -> calls.valueFunction(function);
      case Expr.Collate collate -> collate(collate);
      case Expr.GroupingCall grouping -> grouping(grouping);
      case Expr.Default _ ->
          throw new SqlException(SqlState.SYNTAX_ERROR, "DEFAULT is not allowed in this context")
              .at(expr.pos());
      case Expr.CurrentOf _ -> throw SqlException.notSupported("WHERE CURRENT OF").at(expr.pos());
    };
  }

  // ---- literals and names

  private RexNode number(Expr.NumberLiteral number) {
    PgType type =
        switch (number.effectiveClass()) {
          case INT4 -> Types.INT4;
          case INT8 -> Types.INT8;
          case NUMERIC -> Types.NUMERIC;
        };
    if (number.effectiveClass() != number.numberClass()) {
      // The sign changed the type: another number in this place would not.
      analysis.pin(number.literalIndex());
    }
    Object value = type.codec().parse(number.text(), -1, analysis.names().context());
    return analysis.constant(
        value, number.digits(), number.literalIndex(), type, type, -1, number.negated());
  }

  /// `table.*` as one value.
  RexNode rowOfStar(Expr.ColumnRef ref) {
    return names.rowOfStar(ref);
  }

  /// The columns that `*` and `table.*` stand for.
  List<Scope.Column> star(Expr.ColumnRef ref) {
    return names.star(ref);
  }

  /// The columns of the table that a lone name is, or null.
  List<Scope.Column> wholeRow(Expr expr) {
    return names.wholeRow(expr);
  }

  // ---- truth values

  /// A condition: boolean, named by this analyzer's clause in errors.
  RexNode condition(Expr expr) {
    return booleanOperand(expr, "argument of " + (clause == Clause.ON ? "JOIN/ON" : clause.text));
  }

  RexNode booleanOperand(Expr expr, String what) {
    RexNode value = analyze(expr);
    return conversions.coerceAssigned(
        value, PgTypeFactory.of(Types.BOOL), expr.pos(), what + " must be type boolean, not type ");
  }

  private List<RexNode> booleans(List<Expr> operands, String operator) {
    List<RexNode> out = new ArrayList<>();
    for (Expr operand : operands) {
      out.add(booleanOperand(operand, "argument of " + operator));
    }
    return out;
  }

  RexNode bool(SqlOperator operator, List<RexNode> operands) {
    return analysis.rex().makeCall(PgTypeFactory.of(Types.BOOL), operator, operands);
  }

  private RexNode not(RexNode value, boolean negated) {
    return negated ? bool(SqlStdOperatorTable.NOT, List.of(value)) : value;
  }

  private RexNode isTest(Expr.IsTest test) {
    if (test.kind() == Expr.TestKind.NULL) {
      RexNode value = analyze(test.operand());
      if (analysis.isUndecidedParameter(value)) {
        value = conversions.coerceTo(value, PgTypeFactory.of(Types.TEXT), test.pos());
      }
      return bool(
          test.negated() ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL,
          List.of(NestedTests.certain(analysis.rex(), value)));
    }
    String name = "IS " + (test.negated() ? "NOT " : "") + test.kind();
    RexNode value = booleanOperand(test.operand(), "argument of " + name);
    SqlOperator operator =
        switch (test.kind()) {
          case TRUE ->
              test.negated() ? SqlStdOperatorTable.IS_NOT_TRUE : SqlStdOperatorTable.IS_TRUE;
          case FALSE ->
              test.negated() ? SqlStdOperatorTable.IS_NOT_FALSE : SqlStdOperatorTable.IS_FALSE;
          default -> test.negated() ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL;
        };
    return bool(operator, List.of(NestedTests.certain(analysis.rex(), value)));
  }

  // ---- operators

  private RexNode unary(Expr.UnaryOp unary) {
    RexNode operand = analyze(unary.operand());
    try {
      ResolvedOperator resolved =
          FunctionResolver.prefixOperator(unary.operator().symbol(), Analysis.typeOf(operand));
      return function(resolved.call(), List.of(operand), unary.pos(), unary.operator().symbol());
    } catch (SqlException e) {
      throw e.at(unary.pos());
    }
  }

  private RexNode binary(Expr.BinaryOp binary) {
    String symbol = binary.operator().symbol();
    if (COMPARISONS.containsKey(symbol)
        && binary.left() instanceof Expr.Row left
        && binary.right() instanceof Expr.Row right) {
      return compareRows(symbol, fields(left), fields(right), binary.pos());
    }
    if (binary.left() instanceof Expr.Row left
        && binary.right() instanceof Expr.ScalarSubquery subquery) {
      return subqueries.rowComparison(left, binary.operator(), subquery, binary.pos());
    }
    if (binary.left() instanceof Expr.Row left && binary.right() instanceof Expr.Row right) {
      RexNode compared = compareRows(symbol, fields(left), fields(right), binary.pos());
      if (symbol.matches("~[<>]=?~")) {
        return compared;
      }
      throw notARowComparison(symbol).at(binary.pos());
    }
    return operator(symbol, analyze(binary.left()), analyze(binary.right()), binary.pos());
  }

  static SqlException notARowComparison(String symbol) {
    return new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "could not determine interpretation of row comparison operator " + symbol)
        .hint("Row comparison operators must be associated with btree operator families.");
  }

  /// `left symbol right`.
  RexNode operator(String symbol, RexNode left, RexNode right, int pos) {
    PgType l = Analysis.typeOf(left);
    PgType r = Analysis.typeOf(right);
    SqlOperator comparison = COMPARISONS.get(symbol);
    if (comparison != null && l != r && isInteger(l) && isInteger(r)) {
      // Integers of different widths compare as the wider one: then rules and indexes see plain
      // equality.
      PgType wide = l == Types.INT8 || r == Types.INT8 ? Types.INT8 : Types.INT4;
      return bool(comparison, List.of(coerce(left, wide, pos), coerce(right, wide, pos)));
    }
    if (comparison != null && l == r && l.isRow() && l.isUsers() && l.codec().ordered()) {
      // Values of one composite type compare as such: then indexes see plain comparisons.
      return bool(comparison, List.of(left, right));
    }
    ResolvedCall citext = ExtensionOperators.ofCitext(analysis.names(), symbol, l, r);
    if (citext != null) {
      return ofCitext(citext, comparison, List.of(left, right), pos);
    }
    try {
      ResolvedOperator resolved = FunctionResolver.operator(symbol, l, r);
      ResolvedCall call = resolved.call();
      if (comparison != null && isPlainComparison(call)) {
        PgType type = call.argTypes().getFirst();
        return bool(
            comparison,
            CollatedCalls.compared(
                analysis, List.of(coerce(left, type, pos), coerce(right, type, pos))));
      }
      return function(call, List.of(left, right), pos, symbol);
    } catch (SqlException e) {
      ResolvedCall own = ExtensionOperators.fitting(analysis.names(), symbol, l, r);
      if (own == null) {
        throw e.at(pos);
      }
      analysis.calls(own.proc());
      return function(own, List.of(left, right), pos, symbol);
    }
  }

  /// An operator of citext. Comparisons are plain ones, so that indexes see them.
  private RexNode ofCitext(ResolvedCall own, SqlOperator comparison, List<RexNode> both, int pos) {
    if (comparison != null) {
      PgType type = own.argTypes().getFirst();
      return bool(comparison, both.stream().map(each -> coerce(each, type, pos)).toList());
    }
    analysis.calls(own.proc());
    return function(own, both, pos, own.proc().name());
  }

  private static boolean isInteger(PgType type) {
    return type == Types.INT2 || type == Types.INT4 || type == Types.INT8;
  }

  private static boolean isPlainComparison(ResolvedCall call) {
    PgType type = call.argTypes().getFirst();
    return type == call.argTypes().get(1)
        && call.resultType() == Types.BOOL
        && !type.isPseudo()
        && type.codec().ordered();
  }

  RexNode equality(RexNode left, RexNode right, int pos) {
    return operator("=", left, right, pos);
  }

  /// A call of a resolved function or operator with its arguments brought to the types it takes.
  ///
  /// @param symbol how the operator was written, or null for a function
  RexNode function(ResolvedCall call, List<RexNode> arguments, int pos, String symbol) {
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      operands.add(coerce(arguments.get(i), call.argTypes().get(i), pos));
    }
    if (List.of("textlike", "texticlike").contains(call.proc().name())
        && analysis.slotOf(operands.get(1)) instanceof Slot.Constant pattern) {
      // How a pattern begins decides which rows of an index are looked at.
      analysis.pin(pattern.literal());
    }
    return call(
        new Operation.Function(call, symbol), PgTypeFactory.of(call.resultType()), operands);
  }

  RexNode call(Operation operation, RelDataType type, List<RexNode> operands) {
    Operation collated = CollatedCalls.of(operation, operands);
    return analysis.rex().makeCall(type, new PgCall(collated), operands);
  }

  List<RexNode> fields(Expr.Row row) {
    return rows.values(row.fields());
  }

  /// PostgreSQL compares rows column by column (manual, 9.24.5).
  RexNode compareRows(String symbol, List<RexNode> left, List<RexNode> right, int pos) {
    if (left.size() != right.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions")
          .at(pos);
    }
    if (left.isEmpty()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot compare rows of zero length")
          .at(pos);
    }
    if (symbol.equals("=") || symbol.equals("<>")) {
      List<RexNode> parts = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        parts.add(operator(symbol, left.get(i), right.get(i), pos));
      }
      return symbol.equals("=")
          ? RexUtil.composeConjunction(analysis.rex(), parts)
          : RexUtil.composeDisjunction(analysis.rex(), parts);
    }
    int last = left.size() - 1;
    RexNode result = operator(symbol, left.get(last), right.get(last), pos);
    String strict = symbol.replace("=", "");
    for (int i = last - 1; i >= 0; i--) {
      RexNode equal = equality(left.get(i), right.get(i), pos);
      RexNode both = RexUtil.composeConjunction(analysis.rex(), List.of(equal, result));
      result =
          RexUtil.composeDisjunction(
              analysis.rex(), List.of(operator(strict, left.get(i), right.get(i), pos), both));
    }
    return result;
  }

  private ResolvedCall equalityCall(RexNode left, RexNode right, int pos) {
    try {
      return ExtensionOperators.operator(
          analysis.names(), "=", Analysis.typeOf(left), Analysis.typeOf(right));
    } catch (SqlException e) {
      throw e.at(pos);
    }
  }

  private RexNode isDistinct(Expr.IsDistinctFrom distinct) {
    if (distinct.left() instanceof Expr.Row one && distinct.right() instanceof Expr.Row other) {
      List<RexNode> left = rows.values(one.fields());
      List<RexNode> right = rows.values(other.fields());
      if (left.size() != right.size()) {
        throw new SqlException(
                SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions")
            .at(distinct.pos());
      }
      List<RexNode> pairs = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        pairs.add(isDistinct(left.get(i), right.get(i), distinct));
      }
      return distinct.negated()
          ? RexUtil.composeConjunction(analysis.rex(), pairs)
          : RexUtil.composeDisjunction(analysis.rex(), pairs);
    }
    return isDistinct(analyze(distinct.left()), analyze(distinct.right()), distinct);
  }

  private RexNode isDistinct(RexNode left, RexNode right, Expr.IsDistinctFrom distinct) {
    ResolvedCall equality = equalityCall(left, right, distinct.pos());
    return call(
        new Operation.Distinct(equality, distinct.negated()),
        PgTypeFactory.of(Types.BOOL),
        List.of(
            coerce(left, equality.argTypes().get(0), distinct.pos()),
            coerce(right, equality.argTypes().get(1), distinct.pos())));
  }

  private RexNode nullIf(Expr.NullIf nullIf) {
    RexNode left = analyze(nullIf.left());
    RexNode right = analyze(nullIf.right());
    ResolvedCall equality = equalityCall(left, right, nullIf.pos());
    RexNode coerced = coerce(left, equality.argTypes().get(0), nullIf.pos());
    return call(
        new Operation.NullIf(equality),
        coerced.getType(),
        List.of(coerced, coerce(right, equality.argTypes().get(1), nullIf.pos())));
  }

  private RexNode between(Expr.Between between) {
    RexNode operand = analyze(between.operand());
    RexNode low = analyze(between.low());
    RexNode high = analyze(between.high());
    RexNode inside = inside(operand, low, high, between.pos());
    if (between.symmetric()) {
      inside =
          RexUtil.composeDisjunction(
              analysis.rex(), List.of(inside, inside(operand, high, low, between.pos())));
    }
    return not(inside, between.negated());
  }

  private RexNode inside(RexNode operand, RexNode low, RexNode high, int pos) {
    return RexUtil.composeConjunction(
        analysis.rex(),
        List.of(operator(">=", operand, low, pos), operator("<=", operand, high, pos)));
  }

  private RexNode inList(Expr.InList in) {
    if (in.operand() instanceof Expr.Row row) {
      List<RexNode> left = fields(row);
      List<RexNode> choices = new ArrayList<>();
      for (Expr item : in.items()) {
        if (!(item instanceof Expr.Row itemRow)) {
          throw new SqlException(
                  SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions")
              .at(item.pos());
        }
        choices.add(compareRows("=", left, fields(itemRow), in.pos()));
      }
      return not(RexUtil.composeDisjunction(analysis.rex(), choices), in.negated());
    }
    RexNode operand = analyze(in.operand());
    List<RexNode> items = new ArrayList<>();
    boolean constants = in.items().size() > 1;
    for (Expr item : in.items()) {
      RexNode value = analyze(item);
      items.add(value);
      constants &= !(value instanceof RexInputRef);
    }
    if (constants) {
      RexNode any = inArray(operand, items, in);
      if (any != null) {
        return not(any, in.negated());
      }
    }
    List<RexNode> choices = new ArrayList<>();
    for (RexNode item : items) {
      choices.add(equality(operand, item, in.pos()));
    }
    return not(RexUtil.composeDisjunction(analysis.rex(), choices), in.negated());
  }

  /// `x IN (1, 2, 3)` as `x = ANY (ARRAY[1, 2, 3])`, where all have one type in common; else null.
  private RexNode inArray(RexNode operand, List<RexNode> items, Expr.InList in) {
    List<RexNode> all = new ArrayList<>(items);
    all.add(operand);
    PgType common = conversions.commonTypeOrNull(all);
    if (common == null
        || common.arrayType() == null
        || common.isPseudo()
        || !common.codec().ordered()) {
      return null;
    }
    List<RexNode> elements = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      elements.add(coerce(items.get(i), common, in.items().get(i).pos()));
    }
    RexNode array =
        call(new Operation.ArrayOf(false), PgTypeFactory.of(common.arrayType()), elements);
    RexNode left = coerce(operand, common, in.operand().pos());
    ResolvedCall equality = equalityCall(left, elements.getFirst(), in.pos());
    return call(
        new Operation.Quantified(equality, false),
        PgTypeFactory.of(Types.BOOL),
        List.of(left, array));
  }

  private RexNode pattern(Expr.PatternMatch match) {
    RexNode operand = analyze(match.operand());
    RexNode pattern = analyze(match.pattern());
    if (match.kind() == Expr.PatternKind.SIMILAR) {
      List<RexNode> arguments =
          match.escape() == null ? List.of(pattern) : List.of(pattern, analyze(match.escape()));
      RexNode regex = calls.named("similar_to_escape", arguments, match.pos());
      return operator(match.negated() ? "!~" : "~", operand, regex, match.pos());
    }
    if (match.escape() != null) {
      pattern = calls.named("like_escape", List.of(pattern, analyze(match.escape())), match.pos());
    }
    String symbol = match.kind() == Expr.PatternKind.LIKE ? "~~" : "~~*";
    return operator(match.negated() ? "!" + symbol : symbol, operand, pattern, match.pos());
  }

  // ---- constructs

  private RexNode cast(Expr operand, TypeName name, int pos) {
    Names.TypeReference target = analysis.names().type(name);
    if (operand instanceof Expr.ArrayConstructor array && target.type().isArray()) {
      return conversions.cast(
          array(array, target.type()),
          target.type(),
          target.typmod(),
          CastContext.EXPLICIT,
          operand.pos());
    }
    return conversions.cast(
        analyze(operand),
        target.type(),
        target.typmod(),
        CastContext.EXPLICIT,
        operand instanceof Expr.StringLiteral ? operand.pos() : pos);
  }

  /// @param wanted the array type that a cast asks for, or null
  private RexNode array(Expr.ArrayConstructor array, PgType wanted) {
    if (array.elements().isEmpty()) {
      if (wanted == null) {
        throw new SqlException(
                SqlState.INDETERMINATE_DATATYPE, "cannot determine type of empty array")
            .at(array.pos())
            .hint("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
      }
      return call(new Operation.ArrayOf(false), PgTypeFactory.of(wanted), List.of());
    }
    List<RexNode> elements = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (Expr element : array.elements()) {
      elements.add(
          element instanceof Expr.ArrayConstructor inner ? array(inner, wanted) : analyze(element));
      positions.add(element.pos());
    }
    boolean nested = Analysis.typeOf(elements.getFirst()).isArray();
    if (wanted != null && !nested) {
      List<RexNode> cast = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        cast.add(
            conversions.cast(
                elements.get(i), wanted.elementType(), -1, CastContext.EXPLICIT, positions.get(i)));
      }
      return call(new Operation.ArrayOf(false), PgTypeFactory.of(wanted), cast);
    }
    List<RexNode> unified = unify(elements, positions, "ARRAY");
    PgType element = Analysis.typeOf(unified.getFirst());
    PgType type = nested ? element : element.arrayType();
    if (type == null) {
      throw new SqlException(
              SqlState.UNDEFINED_OBJECT,
              "could not find array type for data type " + element.displayName())
          .at(array.pos());
    }
    int typmod = PgRelType.typmodOf(unified.getFirst().getType());
    boolean shared =
        unified.stream().allMatch(node -> PgRelType.typmodOf(node.getType()) == typmod);
    return call(
        new Operation.ArrayOf(nested), PgTypeFactory.of(type, shared ? typmod : -1), unified);
  }

  private RexNode bitString(Expr.BitStringLiteral bits) {
    try {
      String text = (bits.hex() ? "x" : "b") + bits.digits();
      return analysis.fixed(
          Types.BIT.codec().parse(text, -1, analysis.names().context()), Types.BIT);
    } catch (SqlException e) {
      throw e.at(bits.pos());
    }
  }

  private RexNode subscript(Expr.Subscript subscript) {
    List<Expr.Subscript> chain = new ArrayList<>();
    Expr base = subscript;
    boolean continued = true;
    while (continued && base instanceof Expr.Subscript inner) {
      chain.addFirst(inner);
      base = inner.base();
      continued = inner.continued();
    }
    RexNode array = analyze(base);
    PgType type = Analysis.typeOf(array).baseType();
    if (type == Types.JSONB) {
      return new JsonSubscripts(analysis, this).part(array, chain);
    }
    if (type == Types.NAME && chain.size() == 1 && !chain.getFirst().slice()) {
      List<RexNode> operands = List.of(array, index(chain.getFirst().upper()));
      return call(new Operation.Subscript(), PgTypeFactory.of(Types.CHAR), operands);
    }
    if (!type.isArray()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "cannot subscript type "
                  + type.displayName()
                  + " because it does not support subscripting")
          .at(subscript.pos());
    }
    List<RexNode> operands = new ArrayList<>();
    operands.add(array);
    if (chain.stream().noneMatch(Expr.Subscript::slice)) {
      for (Expr.Subscript link : chain) {
        operands.add(index(link.upper()));
      }
      int typmod = PgRelType.typmodOf(array.getType());
      return call(
          new Operation.Subscript(), PgTypeFactory.of(type.elementType(), typmod), operands);
    }
    List<Boolean> present = new ArrayList<>();
    for (Expr.Subscript link : chain) {
      // Beside a slice, a plain subscript n means 1:n.
      Expr lower = link.lower();
      present.add(lower != null || !link.slice());
      operands.add(
          lower != null
              ? index(lower)
              : link.slice() ? analysis.nullOf(Types.INT4) : analysis.fixed(1, Types.INT4));
      present.add(link.upper() != null);
      operands.add(link.upper() != null ? index(link.upper()) : analysis.nullOf(Types.INT4));
    }
    return call(
        new Operation.Slice(present),
        PgTypeFactory.of(type, PgRelType.typmodOf(array.getType())),
        operands);
  }

  /// A subscript.
  RexNode index(Expr expr) {
    return conversions.coerceAssigned(
        analyze(expr),
        PgTypeFactory.of(Types.INT4),
        expr.pos(),
        "array subscript must have type integer, not ");
  }

  void requireGroupings(int pos) {
    if (!clause.aggregates) {
      throw new SqlException(
              SqlState.GROUPING_ERROR, "grouping operations are not allowed in " + clause.text)
          .at(pos);
    }
  }

  private RexNode grouping(Expr.GroupingCall grouping) {
    if (grouping.args().size() > 31) {
      throw new SqlException(
              SqlState.TOO_MANY_ARGUMENTS, "GROUPING must have fewer than 32 arguments")
          .at(grouping.pos());
    }
    OuterAggregates outer = new OuterAggregates(analysis, scope);
    List<RexNode> arguments = new ArrayList<>();
    grouping.args().forEach(argument -> arguments.add(analyze(argument)));
    RexNode moved = outer.movedGrouping(arguments, this::groupingBits, grouping.pos());
    if (moved != null) {
      return moved;
    }
    requireGroupings(grouping.pos());
    return groupingBits(arguments);
  }

  private RexNode groupingBits(List<RexNode> arguments) {
    return call(new Operation.GroupingBits(), PgTypeFactory.of(Types.INT4), arguments);
  }

  /// The columns of a row that a sub-select gives, for several columns of an UPDATE.
  List<RexNode> row(Expr.ScalarSubquery subquery, int columns) {
    return subqueries.row(subquery, columns);
  }

  private RexNode caseOf(Expr.Case choice) {
    RexNode operand = choice.operand() == null ? null : analyze(choice.operand());
    if (operand != null && Analysis.typeOf(operand) == Types.UNKNOWN) {
      // Else each WHEN would give it a type of its own.
      operand = coerce(operand, Types.TEXT, choice.operand().pos());
    }
    List<RexNode> conditions = new ArrayList<>();
    List<RexNode> results = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (Expr.When when : choice.whens()) {
      conditions.add(
          operand == null
              ? booleanOperand(when.condition(), "argument of CASE/WHEN")
              : equality(operand, analyze(when.condition()), when.pos()));
      results.add(analyze(when.result()));
      positions.add(when.result().pos());
    }
    results.add(
        choice.otherwise() == null ? analysis.nullOf(Types.UNKNOWN) : analyze(choice.otherwise()));
    positions.add(choice.otherwise() == null ? choice.pos() : choice.otherwise().pos());
    List<RexNode> unified = unify(results, positions, "CASE");
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      operands.add(conditions.get(i));
      operands.add(unified.get(i));
    }
    operands.add(unified.getLast());
    return analysis
        .rex()
        .makeCall(unified.getFirst().getType(), SqlStdOperatorTable.CASE, operands);
  }

  private RexNode unified(Operation operation, List<Expr> arguments, String construct) {
    List<RexNode> nodes = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (Expr argument : arguments) {
      nodes.add(analyze(argument));
      positions.add(argument.pos());
    }
    List<RexNode> unified = unify(nodes, positions, construct);
    return call(operation, unified.getFirst().getType(), unified);
  }

  RexNode coalesce(List<RexNode> nodes) {
    List<RexNode> unified =
        unify(nodes, java.util.Collections.nCopies(nodes.size(), -1), "JOIN/USING");
    return call(new Operation.Coalesce(), unified.getFirst().getType(), unified);
  }

  private RexNode collate(Expr.Collate collate) {
    RexNode operand = analyze(collate.operand());
    PgType type = Analysis.typeOf(operand);
    Collation collation =
        Collations.find(analysis.names(), collate.collation(), type, collate.pos());
    RexNode value = type == Types.UNKNOWN ? coerce(operand, Types.TEXT, collate.pos()) : operand;
    return analysis
        .rex()
        .makeCall(
            PgTypeFactory.collated(value.getType(), collation),
            new PgCall(new Operation.Collate(collation, collate.pos())),
            List.of(value));
  }

  // ---- conversions, by their short names

  RexNode coerce(RexNode node, PgType type, int pos) {
    return conversions.coerce(node, type, pos);
  }

  RexNode coerceTo(RexNode node, RelDataType type, int pos) {
    return conversions.coerceTo(node, type, pos);
  }

  RexNode coerceAssigned(RexNode node, RelDataType type, int pos, String complaint) {
    return conversions.coerceAssigned(node, type, pos, complaint);
  }

  List<RexNode> unify(List<RexNode> nodes, List<Integer> positions, String construct) {
    return conversions.unify(nodes, positions, construct);
  }
}
