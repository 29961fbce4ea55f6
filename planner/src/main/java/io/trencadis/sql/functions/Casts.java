package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Finds casts, and the common type of several expressions.
public final class Casts {
  private Casts() {}

  /// Whether a cast exists; never fails. Everything can be cast to itself, and unknown to
  /// everything.
  public static boolean exists(PgType source, PgType target, CastContext context) {
    return source == target
        || (!target.isPseudo() || target == Types.ANY || target == Types.RECORD)
            && Coercion.possible(source, target, context);
  }

  /// Whether a value of the source type is one of the target type as it is, such as varchar and
  /// text.
  public static boolean binaryCoercible(PgType source, PgType target) {
    return Coercion.binaryCoercible(source, target);
  }

  /// The cast, or null if there is none in this context.
  ///
  /// @param typmod the modifier that the target is wanted with; -1 for none
  public static Cast find(PgType source, PgType target, int typmod, CastContext context) {
    return CastCode.build(source, target, typmod, context);
  }

  /// The cast.
  ///
  /// @throws SqlException 42846 `cannot cast type integer to date`
  public static Cast require(PgType source, PgType target, int typmod, CastContext context) {
    Cast cast = find(source, target, typmod, context);
    if (cast == null) {
      throw new SqlException(
          SqlState.CANNOT_COERCE,
          "cannot cast type " + source.displayName() + " to " + target.displayName());
    }
    return cast;
  }

  /// The check that a value read as one of the type is one indeed; see [PgType#hasRules].
  public static Cast check(PgType type) {
    return CastCode.check(type);
  }

  /// The cast that only applies a typmod (length coercion) to values that are of the type already.
  public static Cast typmodOnly(PgType type, int typmod, boolean explicit) {
    return CastCode.build(
        type, type, typmod, explicit ? CastContext.EXPLICIT : CastContext.ASSIGNMENT);
  }

  /// The type that UNION, CASE, VALUES, ARRAY, COALESCE, GREATEST and IN give to several
  /// expressions.
  ///
  /// @param construct what error messages call it, such as `CASE` or `UNION`
  /// @throws SqlException 42804 if the types have nothing in common
  public static PgType selectCommonType(List<PgType> types, String construct) {
    PgType first = types.getFirst();
    boolean alike = first != Types.UNKNOWN;
    for (PgType each : types) {
      alike &= each == first;
    }
    if (alike) {
      return first;
    }
    PgType common = first.baseType();
    for (PgType each : types.subList(1, types.size())) {
      PgType next = each.baseType();
      if (next == Types.UNKNOWN || next == common) {
        continue;
      }
      if (common == Types.UNKNOWN) {
        common = next;
      } else if (next.category() != common.category()) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            construct.startsWith("arguments of")
                ? construct
                    + " cannot be matched: "
                    + common.displayName()
                    + " and "
                    + next.displayName()
                : construct
                    + " types "
                    + common.displayName()
                    + " and "
                    + next.displayName()
                    + " cannot be matched");
      } else if (!common.preferred()
          && Coercion.possible(common, next, CastContext.IMPLICIT)
          && !Coercion.possible(next, common, CastContext.IMPLICIT)) {
        common = next;
      }
    }
    // A set of untyped literals is text.
    return common == Types.UNKNOWN ? Types.TEXT : common;
  }

  /// The typmod that several expressions of the common type share; -1 where they differ in type or
  /// typmod.
  public static int selectCommonTypmod(List<PgType> types, int[] typmods, PgType common) {
    for (int i = 0; i < typmods.length; i++) {
      if (types.get(i) != common || typmods[i] != typmods[0]) {
        return -1;
      }
    }
    return typmods.length == 0 ? -1 : typmods[0];
  }
}
