package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.pos;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Type names: SQL's own words become the catalog's names.
final class TypeBuilder {
  private static final int[] UNITS = {
    TypeName.INTERVAL_YEAR,
    TypeName.INTERVAL_MONTH,
    TypeName.INTERVAL_DAY,
    TypeName.INTERVAL_HOUR,
    TypeName.INTERVAL_MINUTE,
    TypeName.INTERVAL_SECOND
  };

  private TypeBuilder() {}

  static TypeName type(PgParser.TypeNameContext c) {
    boolean setOf = c.K_SETOF() != null;
    TypeName base = simple(c.simpleType());
    List<Integer> bounds = new ArrayList<>();
    for (PgParser.ArrayBoundContext bound : c.arrayBound()) {
      bounds.add(bound.ICONST() == null ? -1 : integer(bound.ICONST()));
    }
    if (c.K_ARRAY() != null) {
      bounds.add(c.ICONST() == null ? -1 : integer(c.ICONST()));
    }
    if (bounds.isEmpty() && !setOf) {
      return base;
    }
    return new TypeName(
        base.parts(), base.modifiers(), List.copyOf(bounds), setOf, false, base.pos());
  }

  static int integer(TerminalNode node) {
    return Integer.parseInt(Nodes.value(node));
  }

  private static TypeName simple(PgParser.SimpleTypeContext c) {
    if (c.constType() != null) {
      return constType(c.constType());
    }
    if (c.K_INTERVAL() != null) {
      return interval(c.intervalField(), c.ICONST(), pos(c));
    }
    List<String> parts = new ArrayList<>();
    parts.add(name(c.typeFuncName()));
    c.colLabel().forEach(label -> parts.add(name(label)));
    return new TypeName(
        List.copyOf(parts), modifiers(c.typeMods()), List.of(), false, false, pos(c));
  }

  private static List<Expr> modifiers(PgParser.TypeModsContext c) {
    return c == null ? List.of() : ExprBuilder.exprs(c.exprList());
  }

  private static TypeName system(String name, List<Expr> modifiers, int pos) {
    return new TypeName(List.of("pg_catalog", name), modifiers, List.of(), false, false, pos);
  }

  private static Expr constant(int value) {
    return new Expr.NumberLiteral(Integer.toString(value), Expr.NumberClass.INT4, false, -1, -1);
  }

  static TypeName constType(PgParser.ConstTypeContext c) {
    int pos = pos(c);
    List<Expr> size = c.ICONST() == null ? List.of() : List.of(PrimaryBuilder.number(c.ICONST()));
    boolean varying = c.K_VARYING() != null;
    return switch (c.getStart().getType()) {
      case PgParser.K_INT, PgParser.K_INTEGER -> TypeName.system("int4", pos);
      case PgParser.K_SMALLINT -> TypeName.system("int2", pos);
      case PgParser.K_BIGINT -> TypeName.system("int8", pos);
      case PgParser.K_REAL -> TypeName.system("float4", pos);
      case PgParser.K_BOOLEAN -> TypeName.system("bool", pos);
      case PgParser.K_DOUBLE -> TypeName.system("float8", pos);
      case PgParser.K_FLOAT -> floating(c.ICONST(), pos);
      case PgParser.K_DECIMAL, PgParser.K_DEC, PgParser.K_NUMERIC ->
          system("numeric", modifiers(c.typeMods()), pos);
      case PgParser.K_BIT -> {
        List<Expr> modifiers = modifiers(c.typeMods());
        yield varying
            ? system("varbit", modifiers, pos)
            : system("bit", modifiers.isEmpty() ? List.of(constant(1)) : modifiers, pos);
      }
      case PgParser.K_VARCHAR -> system("varchar", size, pos);
      case PgParser.K_TIMESTAMP ->
          system(c.WITH_LA() != null ? "timestamptz" : "timestamp", size, pos);
      case PgParser.K_TIME -> system(c.WITH_LA() != null ? "timetz" : "time", size, pos);
      default ->
          varying
              ? system("varchar", size, pos)
              : system("bpchar", size.isEmpty() ? List.of(constant(1)) : size, pos);
    };
  }

  /// The type before a constant, where a bare `char` or `bit` is as long as the constant.
  static TypeName literalType(PgParser.ConstTypeContext c) {
    boolean sized = c.ICONST() != null || c.typeMods() != null;
    TypeName type = constType(c);
    return sized || type.modifiers().isEmpty() ? type : TypeName.system(type.name(), type.pos());
  }

  private static TypeName floating(TerminalNode digits, int pos) {
    if (digits == null) {
      return TypeName.system("float8", pos);
    }
    int bits = integer(digits);
    if (bits < 1) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "precision for type float must be at least 1 bit")
          .at(pos(digits));
    }
    if (bits > 53) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "precision for type float must be less than 54 bits")
          .at(pos(digits));
    }
    return TypeName.system(bits <= 24 ? "float4" : "float8", pos);
  }

  /// An interval with its fields or its precision, either of which may be null.
  static TypeName interval(PgParser.IntervalFieldContext fields, TerminalNode precision, int pos) {
    if (fields == null && precision == null) {
      return TypeName.system("interval", pos);
    }
    if (fields == null) {
      Expr full = constant(TypeName.INTERVAL_FULL_RANGE);
      return system("interval", List.of(full, PrimaryBuilder.number(precision)), pos);
    }
    int first = field(fields.getStart());
    PgParser.IntervalSecondContext second = fields.intervalSecond();
    Token last = second != null ? second.getStart() : fields.getStop();
    int mask = 0;
    for (int unit : UNITS) {
      if (order(unit) >= order(first) && order(unit) <= order(field(last))) {
        mask |= unit;
      }
    }
    if (second != null && second.ICONST() != null) {
      return system(
          "interval", List.of(constant(mask), PrimaryBuilder.number(second.ICONST())), pos);
    }
    return system("interval", List.of(constant(mask)), pos);
  }

  private static int order(int unit) {
    for (int i = 0; i < UNITS.length; i++) {
      if (UNITS[i] == unit) {
        return i;
      }
    }
    throw new IllegalStateException("unit " + unit);
  }

  private static int field(Token token) {
    return switch (token.getType()) {
      case PgParser.K_YEAR -> TypeName.INTERVAL_YEAR;
      case PgParser.K_MONTH -> TypeName.INTERVAL_MONTH;
      case PgParser.K_DAY -> TypeName.INTERVAL_DAY;
      case PgParser.K_HOUR -> TypeName.INTERVAL_HOUR;
      case PgParser.K_MINUTE -> TypeName.INTERVAL_MINUTE;
      default -> TypeName.INTERVAL_SECOND;
    };
  }
}
