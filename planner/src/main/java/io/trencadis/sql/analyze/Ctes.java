package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import java.util.List;

/// The WITH queries that may be named, innermost first. Immutable.
///
/// @param before what was in sight where `cte` was written
record Ctes(Query.Cte cte, Ctes before, OuterReferences outer) {
  /// A WITH query and what its own text may name.
  record Found(Query.Cte cte, Ctes ctes, OuterReferences outer) {}

  static Ctes with(Ctes before, List<Query.Cte> added, OuterReferences outer) {
    Ctes all = before;
    for (Query.Cte cte : added) {
      all = new Ctes(cte, all, outer);
    }
    return all;
  }

  /// The WITH query of that name, or null.
  static Found find(Ctes ctes, String name) {
    for (Ctes at = ctes; at != null; at = at.before) {
      if (at.cte.name().equals(name)) {
        return new Found(at.cte, at.before, at.outer);
      }
    }
    return null;
  }
}
