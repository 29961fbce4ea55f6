package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.RangeType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Functions over any type: what `anyelement` and its family stand for in one call.
final class Polymorphism {
  private Polymorphism() {}

  static boolean isPolymorphic(PgType type) {
    return isSimple(type) || isCompatible(type);
  }

  private static boolean isSimple(PgType t) {
    return t == Types.ANYELEMENT
        || t == Types.ANYARRAY
        || t == Types.ANYNONARRAY
        || t == Types.ANYENUM
        || t == Types.ANYRANGE
        || t == Types.ANYMULTIRANGE;
  }

  private static boolean isCompatible(PgType t) {
    return t == Types.ANYCOMPATIBLE
        || t == Types.ANYCOMPATIBLEARRAY
        || t == Types.ANYCOMPATIBLENONARRAY
        || t == Types.ANYCOMPATIBLERANGE
        || t == Types.ANYCOMPATIBLEMULTIRANGE;
  }

  /// What the arguments settle; null where nothing is known.
  private record Bound(PgType element, PgType array, PgType range, PgType common) {}

  static boolean consistent(PgType[] actual, PgType[] declared) {
    try {
      bind(actual, declared, false);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  private static SqlException mismatch(String message) {
    return new SqlException(SqlState.DATATYPE_MISMATCH, message);
  }

  private static PgType elementOf(PgType array, String declared) {
    PgType base = array.baseType();
    if (!base.isArray()) {
      throw mismatch(
          "argument declared " + declared + " is not an array but type " + array.displayName());
    }
    return base.elementType();
  }

  private static Bound bind(PgType[] actual, PgType[] declared, boolean mustResolve) {
    PgType element = null;
    PgType array = null;
    PgType range = null;
    boolean simple = false;
    boolean nonArray = false;
    boolean wantsEnum = false;
    boolean compatible = false;
    boolean compatibleNonArray = false;
    List<PgType> commons = new ArrayList<>();
    for (int i = 0; i < actual.length; i++) {
      PgType have = actual[i];
      PgType want = declared[i];
      if (want == Types.ANYELEMENT || want == Types.ANYNONARRAY || want == Types.ANYENUM) {
        simple = true;
        nonArray |= want == Types.ANYNONARRAY;
        wantsEnum |= want == Types.ANYENUM;
        if (have == Types.UNKNOWN) {
          continue;
        }
        if (want == Types.ANYENUM && !have.isEnum()) {
          throw mismatch("type matched to anyenum is not an enum type: " + have.displayName());
        }
        if (element != null && element != have) {
          throw mismatch("arguments declared \"anyelement\" are not all alike")
              .detail(element.displayName() + " versus " + have.displayName());
        }
        element = have;
      } else if (want == Types.ANYARRAY) {
        simple = true;
        if (have == Types.UNKNOWN) {
          continue;
        }
        PgType base = have.baseType();
        if (array != null && array != base) {
          throw mismatch("arguments declared \"anyarray\" are not all alike")
              .detail(array.displayName() + " versus " + have.displayName());
        }
        array = base;
      } else if (want == Types.ANYCOMPATIBLE || want == Types.ANYCOMPATIBLENONARRAY) {
        compatible = true;
        compatibleNonArray |= want == Types.ANYCOMPATIBLENONARRAY;
        if (have != Types.UNKNOWN) {
          commons.add(have);
        }
      } else if (want == Types.ANYCOMPATIBLEARRAY) {
        compatible = true;
        if (have != Types.UNKNOWN) {
          commons.add(elementOf(have, "anycompatiblearray"));
        }
      } else if (isPolymorphic(want)) {
        boolean multirange = want == Types.ANYMULTIRANGE || want == Types.ANYCOMPATIBLEMULTIRANGE;
        if (have != Types.UNKNOWN && have.kind() != (multirange ? 'm' : 'r')) {
          throw mismatch(
              "argument declared "
                  + want.name()
                  + " is not a range type but type "
                  + have.displayName());
        }
        if (want == Types.ANYRANGE && have != Types.UNKNOWN) {
          if (range != null && range != have.baseType()) {
            throw mismatch("arguments declared \"anyrange\" are not all alike")
                .detail(range.displayName() + " versus " + have.displayName());
          }
          range = have.baseType();
        }
        simple |= want == Types.ANYRANGE || want == Types.ANYMULTIRANGE;
        compatible |= want == Types.ANYCOMPATIBLERANGE || want == Types.ANYCOMPATIBLEMULTIRANGE;
      }
    }
    if (simple) {
      if (array == Types.ANYARRAY) {
        // A column of pg_statistic: an array of nobody knows what.
        element = element == null ? Types.ANYELEMENT : element;
      } else if (array != null) {
        PgType of = elementOf(array, "anyarray");
        if (element != null && element != of) {
          throw mismatch(
                  "argument declared anyarray is not consistent with argument declared anyelement")
              .detail(array.displayName() + " versus " + element.displayName());
        }
        element = of;
      }
      if (range != null) {
        PgType of = RangeType.of(range).subtype();
        if (element != null && element != of) {
          throw mismatch(
                  "argument declared anyrange is not consistent with argument declared anyelement")
              .detail(range.displayName() + " versus " + element.displayName());
        }
        element = of;
      }
      if (element == null && (mustResolve || wantsEnum)) {
        throw mismatch("could not determine polymorphic type because input has type unknown");
      }
      if (nonArray && element != null && element.baseType().isArray()) {
        throw mismatch("type matched to anynonarray is an array type: " + element.displayName());
      }
      if (array == null && element != null) {
        array = element.arrayType();
      }
    }
    PgType common = null;
    if (compatible) {
      common =
          commons.isEmpty()
              ? Types.TEXT
              : Casts.selectCommonType(commons, "arguments of anycompatible family");
      for (PgType each : commons) {
        if (!Coercion.possible(each, common, CastContext.IMPLICIT)) {
          throw mismatch("arguments of anycompatible family cannot be cast to a common type");
        }
      }
      if (compatibleNonArray && common.isArray()) {
        throw mismatch(
            "type matched to anycompatiblenonarray is an array type: " + common.displayName());
      }
    }
    if (range == null && simple && element != null) {
      range = RangeType.over(element);
    }
    return new Bound(element, array, range, common);
  }

  /// Replaces polymorphic types in `declared` by what the call makes of them, and returns the
  /// result type.
  static PgType resolve(PgType[] actual, PgType[] declared, PgType result) {
    boolean any = isPolymorphic(result);
    for (PgType each : declared) {
      any |= isPolymorphic(each);
    }
    if (!any) {
      return result;
    }
    Bound bound = bind(actual, declared, true);
    for (int i = 0; i < declared.length; i++) {
      declared[i] = replace(declared[i], bound);
    }
    return replace(result, bound);
  }

  private static PgType replace(PgType type, Bound bound) {
    if (type == Types.ANYELEMENT || type == Types.ANYNONARRAY || type == Types.ANYENUM) {
      return require(bound.element, type);
    }
    if (type == Types.ANYARRAY) {
      if (bound.array == null) {
        throw new SqlException(
            SqlState.UNDEFINED_OBJECT,
            "could not find array type for data type " + bound.element.displayName());
      }
      return bound.array;
    }
    if (type == Types.ANYRANGE) {
      return require(bound.range, type);
    }
    if (type == Types.ANYCOMPATIBLE || type == Types.ANYCOMPATIBLENONARRAY) {
      return require(bound.common, type);
    }
    if (type == Types.ANYCOMPATIBLEARRAY) {
      if (bound.common != null && bound.common.arrayType() == null) {
        throw new SqlException(
            SqlState.UNDEFINED_OBJECT,
            "could not find array type for data type " + bound.common.displayName());
      }
      return require(bound.common, type).arrayType();
    }
    return type;
  }

  private static PgType require(PgType type, PgType declared) {
    if (type == null) {
      throw mismatch("could not determine polymorphic type " + declared.name());
    }
    return type;
  }
}
