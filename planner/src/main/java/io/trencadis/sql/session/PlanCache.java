package io.trencadis.sql.session;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.parser.SqlFingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Plans by the shape of their statements, shared by all sessions. Statements that differ only in
/// their literals share a plan, unless a literal's value shaped it. Bounded: what was not used
/// longest goes first. Thread-safe.
final class PlanCache {
  private static final int MOST_SHAPES = 2000;
  private static final int MOST_VARIANTS = 8;

  /// What besides the text decides what a statement means.
  record Key(
      int databaseOid,
      List<String> searchPath,
      int userOid,
      String shape,
      List<Integer> parameterTypes) {}

  private final Map<Key, List<PreparedPlan>> plans =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<PreparedPlan>> eldest) {
          return size() > MOST_SHAPES;
        }
      };

  static List<Integer> types(int[] oids) {
    return oids.length == 0 ? List.of() : Arrays.stream(oids).boxed().toList();
  }

  /// A plan for the statement that is good for the catalog, or null.
  synchronized PreparedPlan find(Key key, SqlFingerprint fingerprint, Catalog catalog) {
    List<PreparedPlan> variants = plans.get(key);
    if (variants == null) {
      return null;
    }
    for (PreparedPlan plan : variants) {
      if (plan.isFor(catalog) && plan.serves(fingerprint)) {
        return plan;
      }
    }
    return null;
  }

  synchronized void add(Key key, PreparedPlan plan) {
    List<PreparedPlan> variants = plans.computeIfAbsent(key, _ -> new ArrayList<>(1));
    variants.removeIf(old -> old.catalogVersion() < plan.catalogVersion());
    if (variants.size() == MOST_VARIANTS) {
      variants.removeFirst();
    }
    variants.add(plan);
  }
}
