package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;

/// Builds the code of casts.
final class CastCode {
  /// What one step does to a value that is not null.
  @FunctionalInterface
  interface Step {
    Object apply(Object value, EvalContext cx);
  }

  private record Stepped(PgType source, PgType target, Step step, char volatility) implements Cast {
    @Override
    public Object apply(Object value, EvalContext cx) {
      return value == null || step == null ? value : step.apply(value, cx);
    }

    @Override
    public boolean isNoop() {
      return step == null;
    }
  }

  private CastCode() {}

  /// A cast whose result has to be looked at, NULL included.
  private record Checked(Cast cast, PgType target) implements Cast {
    @Override
    public Object apply(Object value, EvalContext cx) {
      return cx.checked(target, cast == null ? value : cast.apply(value, cx));
    }

    @Override
    public PgType source() {
      return cast == null ? target : cast.source();
    }

    @Override
    public boolean isNoop() {
      return false;
    }

    @Override
    public boolean looksAtNull() {
      return true;
    }

    @Override
    public char volatility() {
      return cast == null ? 'i' : cast.volatility();
    }
  }

  /// The check that a value read as one of the type is one indeed.
  static Cast check(PgType type) {
    return new Checked(null, type);
  }

  static Cast build(PgType source, PgType target, int typmod, CastContext context) {
    Cast cast = unchecked(source, target, typmod, context);
    return cast == null || source == target || !target.hasRules()
        ? cast
        : new Checked(cast, target);
  }

  private static Cast unchecked(PgType source, PgType target, int typmod, CastContext context) {
    PgType from = source.baseType();
    PgType to = target.baseType();
    int modifier = typmod < 0 ? target.domainTypmod() : typmod;
    boolean explicit = context == CastContext.EXPLICIT;
    if (from == Types.UNKNOWN && to != Types.UNKNOWN) {
      return new Stepped(source, target, input(to, modifier, explicit), inputVolatility(to));
    }
    if (to == Types.ANY || Polymorphism.isPolymorphic(to)) {
      return new Stepped(source, target, null, 'i');
    }
    Coercion.Pathway path = Coercion.find(from, to, context);
    return switch (path.path()) {
      case NONE ->
          from.isRow() && to == Types.RECORD ? new Stepped(source, target, null, 'i') : null;
      case RELABEL ->
          new Stepped(source, target, then(relabel(from, to), length(to, modifier, explicit)), 'i');
      case FUNCTION -> {
        ProcInfo proc = PgCatalog.function(path.function());
        yield new Stepped(
            source,
            target,
            then(
                then(
                    function(proc, from, to, modifier, explicit),
                    relabel(Types.byOid(proc.resultType()), to)),
                length(to, modifier, explicit)),
            proc.volatility());
      }
      case IO ->
          new Stepped(source, target, io(from, to, modifier, explicit), ioVolatility(from, to));
      case ARRAY -> {
        Cast each = unchecked(from.elementType(), to.elementType(), modifier, context);
        yield new Stepped(
            source,
            target,
            each.isNoop() && from == to ? null : array(each, to.elementType()),
            each.volatility());
      }
    };
  }

  private static Step then(Step first, Step second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return (value, cx) -> second.apply(first.apply(value, cx), cx);
  }

  private static Step length(PgType type, int typmod, boolean explicit) {
    if (typmod < 0) {
      return null;
    }
    TypeCodec codec = type.codec();
    return (value, cx) -> codec.coerceTypmod(value, typmod, explicit);
  }

  /// Binary coercible types share their Java class, but for arrays, which carry their element type,
  /// and integer, which has the same bits as an oid but is signed.
  private static Step relabel(PgType from, PgType to) {
    if (from.isCitext() != to.isCitext()) {
      // The same text, but not to be taken for the same: it compares otherwise.
      return (value, cx) -> value;
    }
    if (from == Types.INT4 && to != Types.INT4) {
      return (value, cx) -> (Integer) value & 0xffff_ffffL;
    }
    if (to == Types.INT4 && from != Types.INT4) {
      return (value, cx) -> (int) (long) (Long) value;
    }
    if (to.isArray() && from.isArray() && from.elementType() != to.elementType()) {
      PgType element = to.elementType();
      return (value, cx) -> ((SqlArray) value).withElementType(element);
    }
    return null;
  }

  private static Step function(
      ProcInfo proc, PgType from, PgType to, int typmod, boolean explicit) {
    int arguments = proc.argTypes().length;
    java.util.List<PgType> types = new java.util.ArrayList<>();
    types.add(from);
    for (int i = 1; i < arguments; i++) {
      types.add(Types.byOid(proc.argTypes()[i]));
    }
    Fn fn = Builtins.bind(ResolvedCall.plain(proc, to, types));
    return switch (arguments) {
      case 1 ->
          fn instanceof Fn1 one ? one::apply : (value, cx) -> fn.invoke(new Object[] {value}, cx);
      case 2 -> (value, cx) -> fn.invoke(new Object[] {value, typmod}, cx);
      default -> (value, cx) -> fn.invoke(new Object[] {value, typmod, explicit}, cx);
    };
  }

  private static Step input(PgType to, int typmod, boolean explicit) {
    TypeCodec codec = to.codec();
    // An explicit cast of a literal truncates, which input functions do not; so the typmod is
    // applied after.
    return typmod < 0
        ? (value, cx) -> codec.parse((String) value, -1, cx)
        : (value, cx) ->
            codec.coerceTypmod(
                codec.parse((String) value, to == Types.INTERVAL ? typmod : -1, cx),
                typmod,
                explicit);
  }

  private static Step io(PgType from, PgType to, int typmod, boolean explicit) {
    TypeCodec out = from.codec();
    Step in = input(to, typmod, explicit);
    return (value, cx) -> in.apply(out.format(value, cx), cx);
  }

  private static Step array(Cast each, PgType element) {
    return (value, cx) -> {
      SqlArray array = (SqlArray) value;
      Object[] converted = new Object[array.size()];
      for (int i = 0; i < converted.length; i++) {
        converted[i] = each.apply(array.elements()[i], cx);
      }
      return array.withElements(element, converted);
    };
  }

  private static char ioVolatility(PgType from, PgType to) {
    PgType element = from.isArray() ? from.elementType() : from;
    boolean session =
        element == Types.TIMESTAMPTZ
            || element == Types.TIMESTAMP
            || element == Types.DATE
            || element == Types.INTERVAL
            || element == Types.FLOAT4
            || element == Types.FLOAT8
            || element == Types.BYTEA
            || isReg(element)
            || element.isEnum()
            || element.isRow();
    return session || inputVolatility(to) == 's' ? 's' : 'i';
  }

  private static char inputVolatility(PgType type) {
    PgType element = type.isArray() ? type.elementType() : type;
    boolean session =
        element == Types.TIMESTAMPTZ
            || element == Types.TIMESTAMP
            || element == Types.DATE
            || element == Types.TIMETZ
            || element == Types.TIME
            || element.isEnum()
            || isReg(element);
    return session ? 's' : 'i';
  }

  private static boolean isReg(PgType type) {
    return type.name().startsWith("reg");
  }
}
