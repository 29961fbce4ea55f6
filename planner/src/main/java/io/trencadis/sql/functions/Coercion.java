package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// Whether and how one type becomes another: PostgreSQL's coercion pathways.
final class Coercion {
  /// How a value is converted.
  enum Path {
    NONE,
    /// Same bits, other name.
    RELABEL,
    FUNCTION,
    /// Output function of the source, input function of the target.
    IO,
    /// Element by element.
    ARRAY
  }

  /// A pathway; `function` is the cast function's oid where the path is FUNCTION.
  record Pathway(Path path, int function) {
    static final Pathway NONE = new Pathway(Path.NONE, 0);
  }

  private Coercion() {}

  static Pathway find(PgType sourceType, PgType targetType, CastContext context) {
    PgType source = sourceType.baseType();
    PgType target = targetType.baseType();
    if (source == target) {
      return new Pathway(Path.RELABEL, 0);
    }
    if (target.isCitext()) {
      return toCitext(source, context);
    }
    if (source.isCitext() && isText(target)) {
      return new Pathway(Path.RELABEL, 0);
    }
    CastInfo cast = PgCatalog.cast(source.oid(), target.oid());
    if (cast != null) {
      CastContext needed =
          switch (cast.context()) {
            case 'i' -> CastContext.IMPLICIT;
            case 'a' -> CastContext.ASSIGNMENT;
            default -> CastContext.EXPLICIT;
          };
      if (context.compareTo(needed) < 0) {
        return Pathway.NONE;
      }
      return switch (cast.method()) {
        case 'f' -> new Pathway(Path.FUNCTION, cast.function());
        case 'i' -> new Pathway(Path.IO, 0);
        default -> new Pathway(Path.RELABEL, 0);
      };
    }
    if (target.isArray()
        && source.isArray()
        && !target.isVector()
        && find(source.elementType(), target.elementType(), context).path() != Path.NONE) {
      return new Pathway(Path.ARRAY, 0);
    }
    if (context.compareTo(CastContext.ASSIGNMENT) >= 0 && target.category() == 'S') {
      return new Pathway(Path.IO, 0);
    }
    if (context == CastContext.EXPLICIT && source.category() == 'S') {
      return new Pathway(Path.IO, 0);
    }
    return Pathway.NONE;
  }

  private static boolean isText(PgType type) {
    return type == Types.TEXT || type == Types.VARCHAR;
  }

  /// What can be assigned to a text column can be to one of citext, in the same way.
  private static Pathway toCitext(PgType source, CastContext context) {
    if (context.compareTo(CastContext.ASSIGNMENT) < 0) {
      return Pathway.NONE;
    }
    return isText(source)
        ? new Pathway(Path.RELABEL, 0)
        : find(source, Types.TEXT, CastContext.EXPLICIT);
  }

  /// Whether one argument may be coerced; polymorphic targets are only checked for their own sake.
  static boolean possible(PgType source, PgType target, CastContext context) {
    if (source == target || target == Types.ANY || Polymorphism.isPolymorphic(target)) {
      return true;
    }
    if (source == Types.UNKNOWN) {
      return true;
    }
    if (find(source, target, context).path() != Path.NONE) {
      return true;
    }
    if (source == Types.RECORD && target.baseType().isRow()) {
      return true;
    }
    if (target == Types.RECORD && source.baseType().isRow()) {
      return true;
    }
    return target == Types.RECORD_ARRAY && source.isArray() && source.elementType().isRow();
  }

  /// Whether all arguments may be coerced to what a function declares.
  static boolean possible(PgType[] sources, PgType[] targets, CastContext context) {
    boolean generic = false;
    for (int i = 0; i < sources.length; i++) {
      generic |= Polymorphism.isPolymorphic(targets[i]);
      if (!possible(sources[i], targets[i], context)) {
        return false;
      }
    }
    return !generic || Polymorphism.consistent(sources, targets);
  }

  /// Whether a value of one type is one of the other without any conversion.
  static boolean binaryCoercible(PgType source, PgType target) {
    if (source == target
        || target == Types.ANY
        || target == Types.ANYELEMENT
        || target == Types.ANYCOMPATIBLE) {
      return true;
    }
    if (source.isCitext() && isText(target)) {
      return true;
    }
    CastInfo cast = PgCatalog.cast(source.oid(), target.oid());
    return cast != null && cast.method() == 'b' && cast.context() == 'i';
  }
}
