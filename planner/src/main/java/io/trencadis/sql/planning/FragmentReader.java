package io.trencadis.sql.planning;

import io.trencadis.base.ByteReader;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.Cast;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Reads the parts of fragments' programs that [FragmentWriter] writes. Nothing is believed: every
/// number has a limit, and what is not known is refused. Not thread-safe.
///
/// An expression is a byte that says its kind, and then:
/// - *input*: the column, its type
/// - *slot*: the number
/// - *literal*: false, true or null, its type
/// - *standard*: one of Calcite's operators by its place in [#OPERATORS], type, operands
/// - *operation*: what of [Op] it is, what belongs to that, type, operands
///
/// Functions, types and collations are named by PostgreSQL's oids; a collation brings all that is
/// known of it, as users make some. Texts and lists begin with their length.
final class FragmentReader {
  static final int INPUT = 1;
  static final int SLOT = 2;
  static final int LITERAL = 3;
  static final int STANDARD = 4;
  static final int OPERATION = 5;

  /// Their places are written: never reordered, only added to.
  static final List<SqlOperator> OPERATORS =
      List.of(
          SqlStdOperatorTable.AND,
          SqlStdOperatorTable.OR,
          SqlStdOperatorTable.NOT,
          SqlStdOperatorTable.IS_NULL,
          SqlStdOperatorTable.IS_NOT_NULL,
          SqlStdOperatorTable.IS_TRUE,
          SqlStdOperatorTable.IS_NOT_TRUE,
          SqlStdOperatorTable.IS_FALSE,
          SqlStdOperatorTable.IS_NOT_FALSE,
          SqlStdOperatorTable.EQUALS,
          SqlStdOperatorTable.NOT_EQUALS,
          SqlStdOperatorTable.LESS_THAN,
          SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          SqlStdOperatorTable.GREATER_THAN,
          SqlStdOperatorTable.GREATER_THAN_OR_EQUAL,
          SqlStdOperatorTable.CASE);

  /// Their places are written, too.
  enum Op {
    FUNCTION,
    CONVERT,
    QUANTIFIED,
    RELABEL,
    COLLATE,
    NARROW,
    COALESCE,
    NULLIF,
    DISTINCT,
    GREATEST,
    ARRAY
  }

  static final int MOST = 4_096;
  private static final int MOST_DEPTH = 200;
  private static final Op[] OPS = Op.values();

  private final ByteReader in;
  private final RexBuilder rex = new RexBuilder(PgTypeFactory.INSTANCE);

  /// Types of the slots' values.
  private List<RelDataType> slots = List.of();

  private int depth;

  FragmentReader(ByteReader in) {
    this.in = in;
  }

  void slots(List<RelDataType> types) {
    slots = types;
  }

  int number(int below) {
    int number = in.getShort();
    if (number < 0 || number >= below) {
      throw new IllegalArgumentException(number + " of " + below);
    }
    return number;
  }

  /// @return how many elements follow
  int count() {
    return number(MOST + 1);
  }

  boolean flag() {
    return in.getByte() != 0;
  }

  String text() {
    if (in.getByte() == 0) {
      return null;
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a text of " + length + " bytes");
    }
    return in.getUtf8(length);
  }

  PgType plainType() {
    int oid = in.getInt();
    PgType type = Types.builtIn(oid);
    if (type == null) {
      throw new IllegalArgumentException("no type " + oid);
    }
    return type;
  }

  Collation collation() {
    return flag() ? new Collation(in.getInt(), text(), text(), text(), flag()) : null;
  }

  RelDataType type() {
    PgType type = plainType();
    int typmod = in.getInt();
    return PgTypeFactory.collated(type, typmod, collation());
  }

  RexNode expression() {
    if (++depth > MOST_DEPTH) {
      throw new IllegalArgumentException("too deep");
    }
    int kind = in.getByte();
    RexNode read =
        switch (kind) {
          case INPUT -> {
            int column = count();
            yield rex.makeInputRef(type(), column);
          }
          case SLOT -> {
            int number = number(slots.size());
            yield rex.makeDynamicParam(slots.get(number), number);
          }
          case LITERAL -> {
            int value = in.getByte();
            RelDataType type = type();
            yield value == 2 ? rex.makeNullLiteral(type) : rex.makeLiteral(value == 1);
          }
          case STANDARD -> {
            int operator = in.getByte();
            if (operator < 0 || operator >= OPERATORS.size()) {
              throw new IllegalArgumentException("operator " + operator);
            }
            yield call(OPERATORS.get(operator));
          }
          case OPERATION -> call(new PgCall(operation()));
          default -> throw new IllegalArgumentException("an expression of kind " + kind);
        };
    depth--;
    return read;
  }

  private RexNode call(SqlOperator operator) {
    RelDataType type = type();
    int count = count();
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operands.add(expression());
    }
    if (OPERATORS.contains(operator) && !takes(operator, count)) {
      throw new IllegalArgumentException(count + " operands of " + operator);
    }
    return rex.makeCall(type, operator, operands);
  }

  private static boolean takes(SqlOperator operator, int operands) {
    return switch (operator.getKind()) {
      case AND, OR -> operands >= 2;
      case CASE -> operands >= 3 && operands % 2 == 1;
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL -> operands == 2;
      case GREATER_THAN, GREATER_THAN_OR_EQUAL -> operands == 2;
      default -> operands == 1;
    };
  }

  private Operation operation() {
    int op = in.getByte();
    if (op < 0 || op >= OPS.length) {
      throw new IllegalArgumentException("operation " + op);
    }
    return switch (OPS[op]) {
      case FUNCTION -> new Operation.Function(call(), null);
      case CONVERT -> {
        PgType source = plainType();
        PgType target = plainType();
        int typmod = in.getInt();
        boolean explicit = flag();
        Cast cast =
            Casts.find(
                source, target, typmod, explicit ? CastContext.EXPLICIT : CastContext.ASSIGNMENT);
        if (cast == null || cast.volatility() != 'i') {
          throw new IllegalArgumentException("no cast from " + source + " to " + target);
        }
        yield new Operation.Convert(cast, source.oid(), target.oid(), typmod, explicit);
      }
      case QUANTIFIED -> new Operation.Quantified(call(), flag());
      case RELABEL -> new Operation.Relabel(in.getInt(), in.getInt());
      case COLLATE -> new Operation.Collate(collation(), -1);
      case NARROW -> new Operation.Narrow(plainType().oid(), flag());
      case COALESCE -> new Operation.Coalesce();
      case NULLIF -> new Operation.NullIf(call());
      case DISTINCT -> new Operation.Distinct(call(), flag());
      case GREATEST -> new Operation.GreatestLeast(flag());
      case ARRAY -> new Operation.ArrayOf(flag());
    };
  }

  /// A call of a built-in function or aggregate.
  ResolvedCall call() {
    int oid = in.getInt();
    ProcInfo proc = PgCatalog.function(oid);
    if (proc == null || proc.isUsers() || proc.volatility() != 'i') {
      throw new IllegalArgumentException("no immutable function " + oid);
    }
    PgType result = plainType();
    int count = count();
    List<PgType> types = new ArrayList<>();
    List<String> defaults = new ArrayList<>();
    int[] sources = new int[count];
    for (int i = 0; i < count; i++) {
      types.add(plainType());
      sources[i] = in.getShort();
      defaults.add(text());
    }
    return new ResolvedCall(
        proc,
        null,
        result,
        types,
        sources,
        defaults,
        in.getShort(),
        flag(),
        List.of(),
        collation());
  }
}
