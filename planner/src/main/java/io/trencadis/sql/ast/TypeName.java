package io.trencadis.sql.ast;

import java.util.List;

/// A type as written. Keywords arrive as the catalog's names: `integer` is `pg_catalog.int4`,
/// `char(3)` is `pg_catalog.bpchar` with modifier 3, `float(30)` is `pg_catalog.float8` without
/// modifier.
///
/// An `interval` has the modifiers PostgreSQL gives it: none; or the bit mask of its fields (see
/// [#INTERVAL_FULL_RANGE]); or that mask and a precision.
///
/// @param modifiers the expressions in parentheses; a bare `char` and `bit` have the modifier 1
/// @param arrayBounds one entry for each dimension: its declared size, or -1
/// @param percentType whether `%TYPE` follows, so that the name is that of a column
public record TypeName(
    List<String> parts,
    List<Expr> modifiers,
    List<Integer> arrayBounds,
    boolean setOf,
    boolean percentType,
    int pos) {
  /// The field mask of an interval that was written with a precision only.
  public static final int INTERVAL_FULL_RANGE = 0x7FFF;

  public static final int INTERVAL_MONTH = 1 << 1;
  public static final int INTERVAL_YEAR = 1 << 2;
  public static final int INTERVAL_DAY = 1 << 3;
  public static final int INTERVAL_HOUR = 1 << 10;
  public static final int INTERVAL_MINUTE = 1 << 11;
  public static final int INTERVAL_SECOND = 1 << 12;

  /// The last part of the name.
  public String name() {
    return parts.getLast();
  }

  /// A type of the system catalog, without modifiers.
  public static TypeName system(String name, int pos) {
    return new TypeName(List.of("pg_catalog", name), List.of(), List.of(), false, false, pos);
  }
}
