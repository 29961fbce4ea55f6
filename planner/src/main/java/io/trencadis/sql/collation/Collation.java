package io.trencadis.sql.collation;

import java.util.List;

/// A collation: a row of `pg_collation`. Immutable.
///
/// @param oid 0 for a conflict of two others
/// @param schema the schema's name, as messages have it where it is not on the search path
/// @param locale of ICU, as a language tag; null for code point order, which is what the default
///   collation is here
/// @param deterministic whether texts are equal only if their bytes are
public record Collation(int oid, String schema, String name, String locale, boolean deterministic) {
  /// What columns have that say nothing.
  public static final Collation DEFAULT = new Collation(100, "pg_catalog", "default", null, true);

  /// What an expression has over operands of different collations, none of which was written in it.
  /// It is an error to compare by it.
  public static Collation conflict(Collation one, Collation other) {
    return new Collation(0, other.name, one.name, null, true);
  }

  public boolean isConflict() {
    return oid == 0;
  }

  /// Of a conflict, the names of the two collations.
  public List<String> parties() {
    return List.of(name, schema);
  }

  /// Whether texts are in the order of their code points.
  public boolean byCodePoints() {
    return locale == null;
  }

  /// The collation if it is not code point order, else null.
  public static Collation special(Collation collation) {
    return collation == null || collation.byCodePoints() ? null : collation;
  }

  /// Whether two collations (null is the default) say the same of any two texts' order.
  public static boolean sameOrder(Collation a, Collation b) {
    Collation one = special(a);
    Collation other = special(b);
    return one == null || other == null
        ? one == other
        : one.locale.equals(other.locale) && one.deterministic == other.deterministic;
  }
}
