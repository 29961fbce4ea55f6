package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.Cast;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Brings expressions to types: untyped literals are read by their new type, untyped parameters get
/// it, all else is cast by PostgreSQL's rules (manual, chapter 10).
final class Conversions {
  private final Analysis analysis;

  Conversions(Analysis analysis) {
    this.analysis = analysis;
  }

  /// An implicit conversion, which resolution has already found possible.
  RexNode coerce(RexNode node, PgType type, int pos) {
    if (type.isPseudo() && type != Types.RECORD) {
      return node;
    }
    return convert(node, type, -1, CastContext.IMPLICIT, pos);
  }

  /// An implicit or assignment conversion to a type with its modifier.
  RexNode coerceTo(RexNode node, RelDataType type, int pos) {
    return convert(node, PgRelType.of(type), PgRelType.typmodOf(type), CastContext.ASSIGNMENT, pos);
  }

  /// As [#coerceTo], with an error of the caller's if there is no such conversion.
  ///
  /// @param complaint the message up to the name of the expression's type
  RexNode coerceAssigned(RexNode node, RelDataType type, int pos, String complaint) {
    PgType source = Analysis.typeOf(node);
    if (!Casts.exists(source, PgRelType.of(type), CastContext.ASSIGNMENT)) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, complaint + source.displayName()).at(pos);
    }
    return coerceTo(node, type, pos);
  }

  /// A value for a column.
  ///
  /// @throws SqlException 42804 in the words that INSERT and UPDATE have for it
  RexNode assign(RexNode node, String column, PgType type, int typmod, int pos) {
    PgType source = Analysis.typeOf(node);
    if (!Casts.exists(source, type, CastContext.ASSIGNMENT)) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "column \""
                  + column
                  + "\" is of type "
                  + type.displayName()
                  + " but expression is of type "
                  + source.displayName())
          .at(pos)
          .hint("You will need to rewrite or cast the expression.");
    }
    return convert(node, type, typmod, CastContext.ASSIGNMENT, pos);
  }

  RexNode cast(RexNode node, PgType type, int typmod, CastContext context, int pos) {
    return convert(node, type, typmod, context, pos);
  }

  private RexNode convert(RexNode node, PgType type, int typmod, CastContext context, int pos) {
    if (analysis.trace() != null) {
      analysis.trace().converted(node, type, typmod, context == CastContext.EXPLICIT);
    }
    PgType source = Analysis.typeOf(node);
    Slot slot = analysis.slotOf(node);
    if (source == Types.UNKNOWN && type != Types.UNKNOWN) {
      if (slot instanceof Slot.Parameter) {
        return withTypmod(analysis.decideParameter(node, type), type, typmod, context, pos);
      }
      if (slot instanceof Slot.Constant constant) {
        return type.hasRules()
            ? checkedLiteral(constant, type, context, pos)
            : literal(constant, type, typmod, context, pos);
      }
    }
    if (slot instanceof Slot.Constant constant
        && constant.literal() >= 0
        && widens(source, type)
        && typmod < 0) {
      // The number is read as the wider type at once: no cast is left to run.
      String signed = constant.negated() ? "-" + constant.text() : constant.text();
      Object value = type.codec().parse(signed, -1, analysis.names().context());
      return analysis.constant(
          value, constant.text(), constant.literal(), type, type, -1, constant.negated());
    }
    if (source == type) {
      return withTypmod(node, type, typmod, context, pos);
    }
    if (source == Types.RECORD && type.baseType().isRow() && type != Types.RECORD) {
      RexNode row = namedRow(node, type.baseType(), context, pos);
      return type.isDomain() && type.hasRules() ? checked(row, type, context) : row;
    }
    Cast cast;
    try {
      cast = Casts.require(source, type, typmod, context);
    } catch (SqlException e) {
      throw e.at(pos);
    }
    if (cast.isNoop()) {
      RexNode relabeled = call(new Operation.Relabel(type.oid(), -1), PgTypeFactory.of(type), node);
      return withTypmod(relabeled, type, typmod, context, pos);
    }
    return call(
        new Operation.Convert(
            cast, source.oid(), type.oid(), typmod, context == CastContext.EXPLICIT),
        PgTypeFactory.of(type, typmod),
        node);
  }

  /// A row that is written out as one of a composite type, field by field.
  private RexNode namedRow(RexNode node, PgType type, CastContext context, int pos) {
    List<RexNode> parts = RowAnalyzer.parts(node);
    SqlException impossible =
        new SqlException(SqlState.CANNOT_COERCE, "cannot cast type record to " + type.displayName())
            .at(pos);
    if (parts == null) {
      throw impossible;
    }
    int width = type.fields().size();
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      if (i >= parts.size()) {
        throw impossible.detail("Input has too few columns.");
      }
      PgType wanted = type.fieldType(i);
      PgType given = Analysis.typeOf(parts.get(i));
      if (!Casts.exists(given, wanted, context)) {
        throw impossible.detail(
            "Cannot cast type "
                + given.displayName()
                + " to "
                + wanted.displayName()
                + " in column "
                + (i + 1)
                + ".");
      }
      fields.add(convert(parts.get(i), wanted, type.fields().get(i).typmod(), context, pos));
    }
    if (parts.size() > width) {
      throw impossible.detail("Input has too many columns.");
    }
    return analysis
        .rex()
        .makeCall(
            PgTypeFactory.of(type),
            new PgCall(new Operation.RowOf(type.fieldNames(), false)),
            fields);
  }

  private static boolean widens(PgType source, PgType target) {
    if (source == Types.INT4) {
      return target == Types.INT8 || target == Types.NUMERIC || target == Types.FLOAT8;
    }
    return source == Types.INT8 && target == Types.NUMERIC
        || source == Types.NUMERIC && target == Types.FLOAT8;
  }

  private RexNode literal(
      Slot.Constant constant, PgType type, int typmod, CastContext context, int pos) {
    if (constant.value() == null) {
      return analysis.constant(null, null, constant.literal(), type, type, typmod, false);
    }
    try {
      // The input function gets no modifier for strings, so that an explicit cast can truncate.
      boolean length =
          type == Types.VARCHAR
              || type == Types.BPCHAR
              || type == Types.BIT
              || type == Types.VARBIT;
      Object value =
          type.codec().parse(constant.text(), length ? -1 : typmod, analysis.names().context());
      RexNode node =
          analysis.constant(
              value, constant.text(), constant.literal(), type, type, length ? -1 : typmod, false);
      return length ? withTypmod(node, type, typmod, context, pos) : node;
    } catch (SqlException e) {
      throw e.at(analysis.positionOf(constant, pos));
    }
  }

  /// A literal of a domain, which is read as one of what the domain is over.
  private RexNode checkedLiteral(
      Slot.Constant constant, PgType type, CastContext context, int pos) {
    return checked(
        literal(constant, type.baseType(), type.domainTypmod(), context, pos), type, context);
  }

  /// A value of what a domain is over as one of the domain.
  RexNode checked(RexNode node, PgType type, CastContext context) {
    return call(
        new Operation.Convert(
            Casts.check(type),
            Analysis.typeOf(node).oid(),
            type.oid(),
            -1,
            context == CastContext.EXPLICIT),
        PgTypeFactory.of(type),
        node);
  }

  private RexNode withTypmod(RexNode node, PgType type, int typmod, CastContext context, int pos) {
    if (typmod < 0 || (Analysis.typeOf(node) == type && Analysis.typmodOf(node) == typmod)) {
      return node;
    }
    Cast cast = Casts.typmodOnly(type, typmod, context == CastContext.EXPLICIT);
    if (cast == null) {
      return node;
    }
    return call(
        new Operation.Convert(
            cast, type.oid(), type.oid(), typmod, context == CastContext.EXPLICIT),
        PgTypeFactory.of(type, typmod),
        node);
  }

  private RexNode call(Operation operation, RelDataType type, RexNode operand) {
    return analysis.rex().makeCall(type, new PgCall(operation), List.of(operand));
  }

  /// The type that several expressions have in common, or null.
  PgType commonTypeOrNull(List<RexNode> nodes) {
    try {
      PgType common = Casts.selectCommonType(typesOf(nodes), "IN");
      for (RexNode node : nodes) {
        if (!Casts.exists(Analysis.typeOf(node), common, CastContext.IMPLICIT)) {
          return null;
        }
      }
      return common;
    } catch (SqlException e) {
      return null;
    }
  }

  private static List<PgType> typesOf(List<RexNode> nodes) {
    List<PgType> types = new ArrayList<>();
    for (RexNode node : nodes) {
      types.add(Analysis.typeOf(node));
    }
    return types;
  }

  /// Brings several expressions to their common type and, where they agree on it, modifier.
  ///
  /// @param construct what messages call them together
  List<RexNode> unify(List<RexNode> nodes, List<Integer> positions, String construct) {
    List<PgType> types = typesOf(nodes);
    PgType common;
    try {
      common = Casts.selectCommonType(types, construct);
    } catch (SqlException e) {
      throw e.at(offender(types, positions));
    }
    List<RexNode> out = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      out.add(convert(nodes.get(i), common, -1, CastContext.IMPLICIT, positions.get(i)));
    }
    int typmod = Analysis.typmodOf(out.getFirst());
    boolean sameTypmod = out.stream().allMatch(node -> Analysis.typmodOf(node) == typmod);
    if (!sameTypmod) {
      // A type without modifier for all: the first one names the type of the whole.
      out.set(
          0,
          typmod < 0
              ? out.getFirst()
              : call(
                  new Operation.Relabel(common.oid(), -1),
                  PgTypeFactory.of(common),
                  out.getFirst()));
    }
    return out;
  }

  /// Where the first expression stands that does not fit those before it.
  private static int offender(List<PgType> types, List<Integer> positions) {
    for (int i = 1; i < types.size(); i++) {
      try {
        Casts.selectCommonType(types.subList(0, i + 1), "");
      } catch (SqlException e) {
        return positions.get(i);
      }
    }
    return positions.getLast();
  }
}
