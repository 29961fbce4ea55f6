package io.trencadis.sql.deparse;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.Trace;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.WindowSpec;
import io.trencadis.sql.functions.CastInfo;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Makes trees of expressions that were analyzed.
final class TreeBuilder {
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");

  private final Names names;
  private final Trace trace;
  private final Frames frames;

  TreeBuilder(Names names, Trace trace, Frames frames) {
    this.names = names;
    this.trace = trace;
    this.frames = frames;
  }

  /// What cannot be written down again, so that the text is shown as it was written.
  static final class Unwritable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unwritable(String what) {
      super(what, null, false, false);
    }
  }

  /// The expression as what its place made of it.
  Tree as(Expr expr) {
    return as(expr, 0);
  }

  /// @param which of several comparisons the expression stands in
  Tree as(Expr expr, int which) {
    Trace.Conversion to = trace.conversion(expr, which);
    if (to == null) {
      return of(expr);
    }
    if (expr instanceof Expr.StringLiteral literal) {
      return literal(literal.value(), to.type(), to.typmod(), !to.explicit());
    }
    if (expr instanceof Expr.NullLiteral) {
      return literal(null, to.type(), to.typmod(), !to.explicit());
    }
    return converted(of(expr), type(expr), trace.typmod(expr), to);
  }

  private PgType type(Expr expr) {
    PgType type = trace.type(expr);
    if (type == null) {
      throw new Unwritable("an expression that was not analyzed");
    }
    return type;
  }

  private Tree converted(Tree tree, PgType from, int typmod, Trace.Conversion to) {
    if (from == to.type() || from.oid() == to.type().oid()) {
      return to.typmod() < 0 || to.typmod() == typmod
          ? tree
          : new Tree.Cast(tree, to.type(), to.typmod(), !to.explicit(), true);
    }
    if (to.type() == Types.RECORD && from.isRow()) {
      return tree;
    }
    if (from == Types.UNKNOWN) {
      throw new Unwritable("a value whose type was found late");
    }
    return new Tree.Cast(tree, to.type(), to.typmod(), !to.explicit(), isCall(from, to.type()));
  }

  /// Whether a function converts, and not the types' input and output, or nothing at all.
  private static boolean isCall(PgType from, PgType to) {
    if (to.isDomain()) {
      return false;
    }
    CastInfo known = PgCatalog.cast(from.baseType().oid(), to.oid());
    return known != null && known.method() == 'f';
  }

  /// A constant that is read as one of a type.
  ///
  /// @param text null for NULL
  private Tree literal(String text, PgType type, int typmod, boolean implicit) {
    PgType base = type.isDomain() ? type.baseType() : type;
    int wanted = type.isDomain() ? type.domainTypmod() : typmod;
    Tree constant = constant(text, base, base == Types.INTERVAL ? wanted : -1);
    if (wanted >= 0) {
      constant = new Tree.Cast(constant, base, wanted, implicit || type.isDomain(), true);
    }
    return type.isDomain() ? new Tree.Cast(constant, type, -1, implicit, false) : constant;
  }

  private Tree constant(String text, PgType type, int typmod) {
    if (text == null || type == Types.UNKNOWN) {
      return new Tree.Constant(text, type);
    }
    try {
      Object value = type.codec().parse(text, typmod, names.context());
      return new Tree.Constant(type.codec().format(value, names.context()), type);
    } catch (SqlException e) {
      throw new Unwritable(e.getMessage());
    }
  }

  /// A constant that nothing but itself gives a type.
  Tree constantOf(Expr expr) {
    return switch (expr) {
      case Expr.StringLiteral literal -> literal(literal.value(), Types.TEXT, -1, true);
      case Expr.NumberLiteral number when number.effectiveClass() == Expr.NumberClass.INT4 ->
          constant(number.text(), Types.INT4, -1);
      default -> as(expr);
    };
  }

  List<Tree> all(List<Expr> exprs) {
    List<Tree> trees = new ArrayList<>();
    exprs.forEach(each -> trees.add(as(each)));
    return trees;
  }

  /// The expression by itself.
  Tree of(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral number -> constant(number.text(), type(number), -1);
      case Expr.StringLiteral string -> new Tree.Constant(string.value(), Types.UNKNOWN);
      case Expr.BitStringLiteral bits ->
          constant((bits.hex() ? "x" : "b") + bits.digits(), Types.BIT, -1);
      case Expr.BooleanLiteral literal ->
          new Tree.Constant(literal.value() ? "t" : "f", Types.BOOL);
      case Expr.NullLiteral _ -> new Tree.Constant(null, Types.UNKNOWN);
      case Expr.TypedLiteral literal -> cast(literal.value(), names.type(literal.type()));
      case Expr.Param param -> new Tree.Parameter(param.number());
      case Expr.ColumnRef column -> column(column);
      case Expr.FieldAccess field -> field(field);
      case Expr.Subscript subscript -> subscript(subscript);
      case Expr.UnaryOp unary ->
          new Tree.Operator(unary.operator().symbol(), null, as(unary.operand()));
      case Expr.BinaryOp binary -> binary(binary);
      case Expr.And and -> logic(Tree.Junction.AND, and.operands());
      case Expr.Or or -> logic(Tree.Junction.OR, or.operands());
      case Expr.Not not -> negated(as(not.operand()));
      case Expr.IsTest test ->
          new Tree.Test(
              as(test.operand()),
              " IS " + (test.negated() ? "NOT " : "") + test.kind(),
              test.kind() == Expr.TestKind.NULL);
      case Expr.IsDistinctFrom distinct -> distinct(distinct);
      case Expr.Between between -> between(between);
      case Expr.InList in -> inList(in);
      case Expr.PatternMatch match -> pattern(match);
      case Expr.QuantifiedArray quantified ->
          new Tree.Quantified(
              as(quantified.left()),
              quantified.operator().symbol(),
              quantified.all(),
              as(quantified.array()));
      case Expr.InQuery in -> {
        Tree found =
            new Tree.SubSelect(tested(in.operand()), isRow(in.operand()), "IN", in.query());
        yield in.negated() ? negated(found) : found;
      }
      case Expr.QuantifiedQuery quantified -> {
        String symbol = quantified.operator().symbol();
        yield new Tree.SubSelect(
            tested(quantified.left()),
            isRow(quantified.left()),
            quantified.all() ? symbol + " ALL" : symbol.equals("=") ? "IN" : symbol + " ANY",
            quantified.query());
      }
      case Expr.Exists exists -> new Tree.SubSelect(List.of(), false, "EXISTS", exists.query());
      case Expr.ScalarSubquery subquery ->
          new Tree.SubSelect(List.of(), false, null, subquery.query());
      case Expr.ArraySubquery subquery ->
          new Tree.SubSelect(List.of(), false, "ARRAY", subquery.query());
      case Expr.ArrayConstructor array ->
          new Tree.ArrayOf(all(array.elements()), array.elements().isEmpty() ? type(array) : null);
      case Expr.Row row -> new Tree.Row(all(row.fields()), null);
      case Expr.Case choice -> choice(choice);
      case Expr.Coalesce coalesce -> new Tree.Listing("COALESCE", all(coalesce.args()));
      case Expr.NullIf nullIf ->
          new Tree.Listing("NULLIF", compared("=", nullIf.left(), nullIf.right()));
      case Expr.Greatest greatest -> new Tree.Listing("GREATEST", all(greatest.args()));
      case Expr.Least least -> new Tree.Listing("LEAST", all(least.args()));
      case Expr.GroupingCall grouping -> new Tree.Listing("GROUPING", all(grouping.args()));
      case Expr.Cast cast -> cast(cast.operand(), names.type(cast.type()));
      case Expr.FunctionCall call -> call(call);
      case Expr.SqlValueFunction function ->
          new Tree.Word(
              function.function()
                  + (function.precision() == null
                      ? ""
                      : "(" + function.precision().digits() + ")"));
      case Expr.Collate collate ->
          new Tree.Collated(
              collate.operand() instanceof Expr.StringLiteral literal
                  ? literal(literal.value(), Types.TEXT, -1, true)
                  : of(collate.operand()),
              collation(collate.collation()));
      case Expr.Default _ -> new Tree.Word("DEFAULT");
      case Expr.CurrentOf _ -> throw new Unwritable("CURRENT OF");
    };
  }

  private static String collation(QualifiedName name) {
    return Identifiers.quote(name.name());
  }

  static Tree negated(Tree tree) {
    return new Tree.Logic(Tree.Junction.NOT, List.of(tree));
  }

  // ---- names

  private Tree column(Expr.ColumnRef ref) {
    Trace.Place place = trace.place(ref);
    if (ref.star()) {
      List<Trace.Place> columns = trace.star(ref);
      if (ref.parts().isEmpty() || columns == null || columns.isEmpty()) {
        throw new Unwritable("a row of all columns");
      }
      return frames.column(
          new Trace.Place(columns.getFirst().hops(), columns.getFirst().item(), null));
    }
    if (place == null) {
      throw new Unwritable("a name that was not looked up");
    }
    return frames.column(place);
  }

  private Tree field(Expr.FieldAccess field) {
    if (field.field() == null) {
      throw new Unwritable("the fields of a row");
    }
    if (field.base() instanceof Expr.ColumnRef ref && !ref.star() && ref.parts().size() == 1) {
      Trace.Place place = trace.place(ref);
      if (place == null || place.column() == null) {
        // A field of a table's row is its column.
        int hops = place == null ? 0 : place.hops();
        return frames.column(new Trace.Place(hops, ref.parts().getFirst(), field.field()));
      }
    }
    return new Tree.Field(of(field.base()), field.field());
  }

  private Tree subscript(Expr.Subscript subscript) {
    List<Expr.Subscript> chain = new ArrayList<>();
    chain.add(subscript);
    while (chain.getFirst().continued()) {
      chain.addFirst((Expr.Subscript) chain.getFirst().base());
    }
    boolean slice = chain.stream().anyMatch(Expr.Subscript::slice);
    List<List<Tree>> bounds = new ArrayList<>();
    for (Expr.Subscript link : chain) {
      List<Tree> pair = new ArrayList<>();
      if (slice) {
        pair.add(
            link.lower() != null
                ? as(link.lower())
                : link.slice() ? null : new Tree.Constant("1", Types.INT4));
      }
      pair.add(link.upper() == null ? null : as(link.upper()));
      bounds.add(pair);
    }
    return new Tree.Subscript(of(chain.getFirst().base()), bounds);
  }

  // ---- operators

  private static boolean isInteger(PgType type) {
    return type == Types.INT2 || type == Types.INT4 || type == Types.INT8;
  }

  /// Two operands of a comparison. Integers of different widths have operators of their own.
  private List<Tree> compared(String symbol, Expr left, Expr right) {
    return compared(symbol, left, 0, right, 0);
  }

  private List<Tree> compared(String symbol, Expr left, int leftUse, Expr right, int rightUse) {
    boolean plain = COMPARISONS.contains(symbol) && isInteger(type(left)) && isInteger(type(right));
    return List.of(plain ? of(left) : as(left, leftUse), plain ? of(right) : as(right, rightUse));
  }

  private Tree operator(String symbol, Expr left, Expr right) {
    List<Tree> operands = compared(symbol, left, right);
    return new Tree.Operator(symbol, operands.get(0), operands.get(1));
  }

  private Tree binary(Expr.BinaryOp binary) {
    String symbol = binary.operator().symbol();
    if (binary.left() instanceof Expr.Row left && binary.right() instanceof Expr.Row right) {
      if (!symbol.equals("=") && !symbol.equals("<>")) {
        return comparison(left, symbol, right);
      }
      return rows(symbol, left, right);
    }
    if (binary.left() instanceof Expr.Row
        && binary.right() instanceof Expr.ScalarSubquery subquery) {
      return new Tree.SubSelect(tested(binary.left()), true, symbol, subquery.query());
    }
    return operator(symbol, binary.left(), binary.right());
  }

  private Tree comparison(Expr.Row left, String symbol, Expr.Row right) {
    List<Tree> ours = new ArrayList<>();
    List<Tree> theirs = new ArrayList<>();
    for (int i = 0; i < left.fields().size(); i++) {
      List<Tree> pair = compared(symbol, left.fields().get(i), right.fields().get(i));
      ours.add(pair.get(0));
      theirs.add(pair.get(1));
    }
    return new Tree.RowComparison(new Tree.Row(ours, null), symbol, new Tree.Row(theirs, null));
  }

  private Tree rows(String symbol, Expr.Row left, Expr.Row right) {
    List<Tree> parts = new ArrayList<>();
    for (int i = 0; i < left.fields().size(); i++) {
      parts.add(operator(symbol, left.fields().get(i), right.fields().get(i)));
    }
    return parts.size() == 1
        ? parts.getFirst()
        : new Tree.Logic(symbol.equals("=") ? Tree.Junction.AND : Tree.Junction.OR, parts);
  }

  private static boolean isRow(Expr expr) {
    return expr instanceof Expr.Row;
  }

  private List<Tree> tested(Expr operand) {
    return operand instanceof Expr.Row row ? all(row.fields()) : List.of(as(operand));
  }

  private Tree logic(Tree.Junction junction, List<Expr> operands) {
    List<Tree> trees = new ArrayList<>();
    for (Expr operand : operands) {
      Tree tree = as(operand);
      boolean same =
          trees.isEmpty()
              && (operand instanceof Expr.And || operand instanceof Expr.Or)
              && tree instanceof Tree.Logic inner
              && inner.junction() == junction;
      if (same) {
        trees.addAll(((Tree.Logic) tree).operands());
      } else {
        trees.add(tree);
      }
    }
    return new Tree.Logic(junction, trees);
  }

  private Tree distinct(Expr.IsDistinctFrom distinct) {
    if (distinct.left() instanceof Expr.Row || distinct.right() instanceof Expr.Row) {
      throw new Unwritable("rows that are compared by IS DISTINCT FROM");
    }
    String words = distinct.negated() ? " IS NULL" : " IS NOT NULL";
    if (distinct.right() instanceof Expr.NullLiteral) {
      return new Tree.Test(of(distinct.left()), words, true);
    }
    if (distinct.left() instanceof Expr.NullLiteral) {
      return new Tree.Test(of(distinct.right()), words, true);
    }
    List<Tree> operands = compared("=", distinct.left(), distinct.right());
    Tree tree = new Tree.Distinct(operands.get(0), operands.get(1));
    return distinct.negated() ? negated(tree) : tree;
  }

  private Tree between(Expr.Between between) {
    String low = between.negated() ? "<" : ">=";
    String high = between.negated() ? ">" : "<=";
    Tree.Junction inner = between.negated() ? Tree.Junction.OR : Tree.Junction.AND;
    Tree first = inside(between, inner, low, between.low(), 0, high, between.high());
    if (!between.symmetric()) {
      return first;
    }
    Tree second = inside(between, inner, low, between.high(), 1, high, between.low());
    return new Tree.Logic(
        between.negated() ? Tree.Junction.AND : Tree.Junction.OR, List.of(first, second));
  }

  private Tree inside(
      Expr.Between between,
      Tree.Junction junction,
      String low,
      Expr from,
      int use,
      String high,
      Expr to) {
    List<Tree> lower = compared(low, between.operand(), 2 * use, from, use);
    List<Tree> upper = compared(high, between.operand(), 2 * use + 1, to, use);
    return new Tree.Logic(
        junction,
        List.of(
            new Tree.Operator(low, lower.get(0), lower.get(1)),
            new Tree.Operator(high, upper.get(0), upper.get(1))));
  }

  private Tree inList(Expr.InList in) {
    ResolvedCall comparison = trace.comparison(in);
    String symbol = in.negated() ? "<>" : "=";
    if (in.operand() instanceof Expr.Row row) {
      if (in.items().size() > 1) {
        throw new Unwritable("rows in a list");
      }
      return rows(symbol, row, (Expr.Row) in.items().getFirst());
    }
    if (comparison != null) {
      PgType array = trace.compared(in);
      Tree list = new Tree.ArrayOf(all(in.items()), array);
      PgType wanted = comparison.argTypes().get(1);
      if (!wanted.isPseudo() && wanted.oid() != array.elementType().oid()) {
        list = new Tree.Cast(list, wanted.arrayType(), -1, true, false);
      }
      Tree left = of(in.operand());
      PgType from = type(in.operand());
      PgType to = comparison.argTypes().getFirst();
      if (in.operand() instanceof Expr.StringLiteral || in.operand() instanceof Expr.NullLiteral) {
        left = as(in.operand());
      } else if (!to.isPseudo() && !(isInteger(from) && isInteger(to))) {
        left = converted(left, from, -1, new Trace.Conversion(to, -1, false));
      }
      return new Tree.Quantified(left, symbol, in.negated(), list);
    }
    List<Tree> choices = new ArrayList<>();
    for (int i = 0; i < in.items().size(); i++) {
      List<Tree> operands = compared(symbol, in.operand(), i, in.items().get(i), 0);
      choices.add(new Tree.Operator(symbol, operands.get(0), operands.get(1)));
    }
    return choices.size() == 1
        ? choices.getFirst()
        : new Tree.Logic(in.negated() ? Tree.Junction.AND : Tree.Junction.OR, choices);
  }

  private Tree pattern(Expr.PatternMatch match) {
    Tree operand = as(match.operand());
    Tree pattern = as(match.pattern());
    List<Tree> arguments =
        match.escape() == null ? List.of(pattern) : List.of(pattern, as(match.escape()));
    String not = match.negated() ? "!" : "";
    if (match.kind() == Expr.PatternKind.SIMILAR) {
      return new Tree.Operator(not + "~", operand, function("similar_to_escape", arguments));
    }
    Tree right = match.escape() == null ? pattern : function("like_escape", arguments);
    String symbol = match.kind() == Expr.PatternKind.LIKE ? "~~" : "~~*";
    return new Tree.Operator(not + symbol, operand, right);
  }

  private static Tree function(String name, List<Tree> args) {
    return new Tree.Call(name, args, java.util.Collections.nCopies(args.size(), null), false);
  }

  // ---- constructs

  private Tree cast(Expr operand, Names.TypeReference target) {
    PgType type = target.type();
    switch (operand) {
      case Expr.StringLiteral literal -> {
        return literal(literal.value(), type, target.typmod(), false);
      }
      case Expr.NullLiteral _ -> {
        return literal(null, type, target.typmod(), false);
      }
      case Expr.ArrayConstructor array when type.isArray() -> {
        return new Tree.ArrayOf(all(array.elements()), type);
      }
      case Expr.Row row when type.isRow() -> {
        return new Tree.Row(all(row.fields()), type);
      }
      default -> {
        return converted(
            of(operand),
            type(operand),
            trace.typmod(operand),
            new Trace.Conversion(type, target.typmod(), true));
      }
    }
  }

  private Tree choice(Expr.Case choice) {
    List<Tree> conditions = new ArrayList<>();
    List<Tree> results = new ArrayList<>();
    for (Expr.When when : choice.whens()) {
      boolean plain =
          choice.operand() != null
              && isInteger(type(choice.operand()))
              && isInteger(type(when.condition()));
      conditions.add(plain ? of(when.condition()) : as(when.condition()));
      results.add(as(when.result()));
    }
    results.add(
        choice.otherwise() == null
            ? new Tree.Constant(null, type(choice))
            : as(choice.otherwise()));
    Tree operand =
        choice.operand() == null
            ? null
            : type(choice.operand()) == Types.UNKNOWN ? as(choice.operand()) : of(choice.operand());
    return new Tree.Choice(operand, conditions, results);
  }

  // ---- calls

  private Tree call(Expr.FunctionCall call) {
    ResolvedCall resolved = trace.call(call);
    if (resolved == null) {
      throw new Unwritable("a call that is none of a function");
    }
    List<Tree> args = new ArrayList<>();
    List<String> argNames = new ArrayList<>();
    for (Expr.Argument argument : call.args()) {
      args.add(as(argument.value()));
      argNames.add(argument.name());
    }
    if (resolved.castTarget() != null) {
      Expr operand = call.args().getFirst().value();
      return cast(operand, new Names.TypeReference(resolved.castTarget(), -1));
    }
    String name = nameOf(resolved.proc());
    if (resolved.proc().isAggregate() || call.over() != null) {
      List<Tree.Sort> orderBy = new ArrayList<>();
      call.orderBy().forEach(key -> orderBy.add(sort(key)));
      return new Tree.Aggregate(
          name,
          call.star(),
          call.distinct(),
          call.variadic(),
          args,
          call.withinGroup(),
          orderBy,
          call.filter() == null ? null : as(call.filter()),
          call.over() == null ? null : window(call.over()));
    }
    return call.sqlSyntax() && Syntaxes.has(resolved.proc(), args.size())
        ? new Tree.Syntax(resolved.proc().name(), args)
        : new Tree.Call(name, args, argNames, call.variadic());
  }

  /// The name of a function, with its schema where the search path does not lead to it.
  private String nameOf(ProcInfo proc) {
    for (List<ProcInfo> each : names.routines(QualifiedName.of(proc.name(), -1))) {
      if (each.stream().anyMatch(other -> other.oid() == proc.oid())) {
        return Identifiers.quote(proc.name());
      }
    }
    return Identifiers.quote(proc.schema()) + "." + Identifiers.quote(proc.name());
  }

  Tree.Sort sort(SortKey key) {
    return new Tree.Sort(as(key.expr()), suffix(key));
  }

  /// What follows an expression in ORDER BY.
  static String suffix(SortKey key) {
    if (key.using() != null && !Set.of("<", ">").contains(key.using().symbol())) {
      throw new Unwritable("ORDER BY … USING");
    }
    boolean descending =
        key.direction() == SortKey.Direction.DESC
            || key.using() != null && key.using().symbol().equals(">");
    String nulls =
        switch (key.nulls()) {
          case DEFAULT -> "";
          case FIRST -> descending ? "" : " NULLS FIRST";
          case LAST -> descending ? " NULLS LAST" : "";
        };
    return (descending ? " DESC" : "") + nulls;
  }

  Tree.Window window(WindowSpec spec) {
    if (spec.reference()) {
      return new Tree.Window(spec.base(), null, List.of(), List.of(), null);
    }
    List<Tree.Sort> orderBy = new ArrayList<>();
    spec.orderBy().forEach(key -> orderBy.add(sort(key)));
    return new Tree.Window(
        null, spec.base(), all(spec.partitionBy()), orderBy, frame(spec.frame()));
  }

  private Tree.Frame frame(WindowSpec.Frame frame) {
    if (frame == null) {
      return null;
    }
    boolean plain =
        frame.unit() == WindowSpec.FrameUnit.RANGE
            && frame.start().kind() == WindowSpec.BoundKind.UNBOUNDED_PRECEDING
            && (frame.end() == null || frame.end().kind() == WindowSpec.BoundKind.CURRENT_ROW)
            && frame.exclusion() == WindowSpec.Exclusion.NO_OTHERS;
    if (plain && frame.end() == null) {
      return null;
    }
    String exclusion =
        frame.exclusion() == null || frame.exclusion() == WindowSpec.Exclusion.NO_OTHERS
            ? null
            : frame.exclusion().name().replace('_', ' ');
    return new Tree.Frame(
        frame.unit().name(),
        bound(frame.start()),
        frame.end() == null ? null : bound(frame.end()),
        exclusion);
  }

  private Tree.Bound bound(WindowSpec.FrameBound bound) {
    return new Tree.Bound(
        bound.offset() == null ? null : as(bound.offset()), bound.kind().name().replace('_', ' '));
  }
}
