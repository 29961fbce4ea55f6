package io.trencadis.sql.planning;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/// Writes the parts of fragments' programs: expressions and types. What depends on the session, the
/// catalog or the moment does not travel: where it is the same for the whole run it becomes an
/// argument, whose value is sent; anything else stays with the gateway. Not thread-safe.
///
/// [FragmentReader] reads what this writes, and says how it is laid out.
final class FragmentWriter {
  /// Types whose texts do not depend on settings.
  private static final Set<PgType> PLAIN_TEXTS =
      Set.of(Types.BOOL, Types.INT2, Types.INT4, Types.INT8, Types.NUMERIC, Types.UUID);

  private static final int MOST_ARGUMENTS = 1_000;

  private final ByteWriter out = new ByteWriter(256);
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<RexNode> arguments = new ArrayList<>();

  /// Something that other nodes may not know, or know otherwise.
  static final class StaysException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final StaysException INSTANCE = new StaysException();

    private StaysException() {
      super("does not travel", null, false, false);
    }
  }

  /// Whether an expression can be computed at other nodes.
  static boolean travels(RexNode node) {
    try {
      new FragmentWriter().expression(node);
      return true;
    } catch (StaysException stays) {
      return false;
    }
  }

  /// Whether values of a type mean the same at other nodes.
  static boolean travels(PgType type) {
    return !type.isUsers()
        && !type.isPseudo()
        && !type.isRow()
        && !type.isDomain()
        && type != Types.UNKNOWN
        && type.codec().storable()
        && (!type.isArray() || travels(type.elementType()));
  }

  ByteWriter out() {
    return out;
  }

  /// What is to be computed before the program can be run, in the order of its slots.
  List<RexNode> arguments() {
    return arguments;
  }

  static void text(ByteWriter to, String text) {
    to.putByte(text == null ? 0 : 1);
    if (text != null) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      to.putInt(bytes.length).putBytes(bytes);
    }
  }

  static void collation(ByteWriter to, Collation collation) {
    to.putByte(collation == null ? 0 : 1);
    if (collation != null) {
      if (collation.isConflict()) {
        throw StaysException.INSTANCE;
      }
      to.putInt(collation.oid());
      text(to, collation.schema());
      text(to, collation.name());
      text(to, collation.locale());
      to.putByte(collation.deterministic() ? 1 : 0);
    }
  }

  static void type(ByteWriter to, RelDataType type) {
    PgType pg = PgRelType.of(type);
    if (!travels(pg)) {
      throw StaysException.INSTANCE;
    }
    to.putInt(pg.oid()).putInt(PgRelType.typmodOf(type));
    collation(to, PgRelType.collationOf(type));
  }

  /// The slot of an argument, which is the same for all rows of a run.
  int argument(RexNode node) {
    if (!travels(PgRelType.of(node.getType())) || arguments.size() == MOST_ARGUMENTS) {
      throw StaysException.INSTANCE;
    }
    return numbers.computeIfAbsent(
        node + ":" + node.getType(),
        _ -> {
          arguments.add(node);
          return arguments.size() - 1;
        });
  }

  /// The slot of an argument that is no expression: a number.
  int special() {
    arguments.add(null);
    return arguments.size() - 1;
  }

  void expression(RexNode node) {
    switch (node) {
      case RexInputRef ref -> {
        out.putByte(FragmentReader.INPUT).putShort(ref.getIndex());
        type(out, ref.getType());
      }
      case RexDynamicParam parameter -> slot(parameter);
      case RexLiteral literal -> {
        out.putByte(FragmentReader.LITERAL);
        out.putByte(literal.isNull() ? 2 : literal.getValueAs(Boolean.class) ? 1 : 0);
        type(out, literal.getType());
      }
      case RexCall call when call.getOperator() instanceof PgCall pg -> {
        if (isSame(call, pg.operation())) {
          slot(call);
        } else {
          operation(pg.operation(), call);
        }
      }
      case RexCall call when call.getKind() == org.apache.calcite.sql.SqlKind.CAST -> {
        if (PgRelType.of(call.getOperands().getFirst().getType()) != PgRelType.of(call.getType())) {
          throw StaysException.INSTANCE;
        }
        expression(call.getOperands().getFirst());
      }
      case RexCall call -> {
        int operator = FragmentReader.OPERATORS.indexOf(call.getOperator());
        if (operator < 0) {
          throw StaysException.INSTANCE;
        }
        out.putByte(FragmentReader.STANDARD).putByte(operator);
        operands(call);
      }
      default -> throw StaysException.INSTANCE;
    }
  }

  private void slot(RexNode node) {
    out.putByte(FragmentReader.SLOT).putShort(argument(node));
  }

  private void operands(RexCall call) {
    type(out, call.getType());
    out.putShort(call.getOperands().size());
    call.getOperands().forEach(this::expression);
  }

  /// Whether a call depends on nothing but the session and the moment the statement began.
  private static boolean isSame(RexCall call, Operation operation) {
    boolean stable =
        switch (operation) {
          case Operation.Function function ->
              function.call().proc() != null
                  && !function.call().proc().hasBody()
                  && function.call().proc().volatility() == 's';
          case Operation.Convert convert -> !travels(convert) && convert.cast().volatility() != 'v';
          default -> false;
        };
    return stable
        && Sarg.isKnown(call)
        && call.getOperands().stream().allMatch(FragmentWriter::isStable);
  }

  private static boolean isStable(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return true;
    }
    boolean stable =
        !(call.getOperator() instanceof PgCall pg)
            || switch (pg.operation()) {
              case Operation.Function function ->
                  function.call().proc() != null
                      && !function.call().proc().hasBody()
                      && function.call().proc().volatility() != 'v';
              case Operation.Convert convert -> convert.cast().volatility() != 'v';
              case Operation.Relabel _, Operation.Collate _ -> true;
              default -> false;
            };
    return stable && call.getOperands().stream().allMatch(FragmentWriter::isStable);
  }

  /// Whether a conversion is the same in any session.
  private static boolean travels(Operation.Convert convert) {
    PgType source = Types.builtIn(convert.sourceOid());
    PgType target = Types.builtIn(convert.targetOid());
    if (source == null
        || target == null
        || source.isArray()
        || target.isArray()
        || convert.cast().volatility() != 'i') {
      return false;
    }
    boolean fromText = source.category() == 'S';
    boolean toText = target.category() == 'S';
    return fromText == toText || PLAIN_TEXTS.contains(fromText ? target : source);
  }

  private void operation(Operation operation, RexCall call) {
    out.putByte(FragmentReader.OPERATION);
    switch (operation) {
      case Operation.Function function -> {
        out.putByte(FragmentReader.Op.FUNCTION.ordinal());
        call(out, function.call());
      }
      case Operation.Convert convert -> {
        if (!travels(convert)) {
          throw StaysException.INSTANCE;
        }
        out.putByte(FragmentReader.Op.CONVERT.ordinal());
        out.putInt(convert.sourceOid()).putInt(convert.targetOid()).putInt(convert.typmod());
        out.putByte(convert.explicit() ? 1 : 0);
      }
      case Operation.Quantified quantified -> {
        out.putByte(FragmentReader.Op.QUANTIFIED.ordinal());
        call(out, quantified.operator());
        out.putByte(quantified.all() ? 1 : 0);
      }
      case Operation.Relabel relabel ->
          out.putByte(FragmentReader.Op.RELABEL.ordinal())
              .putInt(relabel.targetOid())
              .putInt(relabel.typmod());
      case Operation.Collate collate -> {
        out.putByte(FragmentReader.Op.COLLATE.ordinal());
        collation(out, collate.collation());
      }
      case Operation.Narrow narrow ->
          out.putByte(FragmentReader.Op.NARROW.ordinal())
              .putInt(narrow.targetOid())
              .putByte(narrow.clamped() ? 1 : 0);
      case Operation.Coalesce _ -> out.putByte(FragmentReader.Op.COALESCE.ordinal());
      case Operation.NullIf nullIf -> {
        out.putByte(FragmentReader.Op.NULLIF.ordinal());
        call(out, nullIf.equality());
      }
      case Operation.Distinct distinct -> {
        out.putByte(FragmentReader.Op.DISTINCT.ordinal());
        call(out, distinct.equality());
        out.putByte(distinct.negated() ? 1 : 0);
      }
      case Operation.GreatestLeast extreme ->
          out.putByte(FragmentReader.Op.GREATEST.ordinal()).putByte(extreme.greatest() ? 1 : 0);
      case Operation.ArrayOf array ->
          out.putByte(FragmentReader.Op.ARRAY.ordinal()).putByte(array.nested() ? 1 : 0);
      default -> throw StaysException.INSTANCE;
    }
    operands(call);
  }

  /// A call of a built-in function or aggregate that gives the same anywhere.
  static void call(ByteWriter to, ResolvedCall call) {
    if (call.proc() == null
        || call.proc().isUsers()
        || call.proc().volatility() != 'i'
        || call.castTarget() != null
        || Types.builtIn(call.resultType().oid()) != call.resultType()
        || !call.outputs().isEmpty()) {
      throw StaysException.INSTANCE;
    }
    to.putInt(call.proc().oid()).putInt(call.resultType().oid());
    to.putShort(call.argTypes().size());
    for (int i = 0; i < call.argTypes().size(); i++) {
      PgType type = call.argTypes().get(i);
      if (Types.builtIn(type.oid()) != type || type.isRow()) {
        throw StaysException.INSTANCE;
      }
      to.putInt(type.oid()).putShort(call.argSources()[i]);
      text(to, call.defaults().get(i));
    }
    to.putShort(call.packedFrom()).putByte(call.variadicArray() ? 1 : 0);
    collation(to, call.collation());
  }
}
