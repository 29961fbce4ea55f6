package io.trencadis.sql.system;

import io.trencadis.sql.functions.SystemRelation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// What fills which relation. Relations of `pg_catalog` go by their bare names, the others by
/// qualified ones.
final class Registration {
  private final Map<String, Consumer<Rows>> fixed = new HashMap<>();
  private final Map<String, BiConsumer<Rows, Reading>> current = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /// Rows that are always the same.
  void fixed(String relation, Consumer<Rows> filler) {
    if (fixed.put(relation, filler) != null) {
      throw new IllegalStateException("filled twice: " + relation);
    }
  }

  /// Rows that depend on the catalog or the session.
  void current(String relation, BiConsumer<Rows, Reading> filler) {
    if (current.put(relation, filler) != null) {
      throw new IllegalStateException("filled twice: " + relation);
    }
  }

  private String key(SystemRelation relation) {
    String key =
        relation.schema().equals("pg_catalog")
            ? relation.name()
            : relation.schema() + "." + relation.name();
    used.add(key);
    return key;
  }

  Consumer<Rows> fixed(SystemRelation relation) {
    return fixed.getOrDefault(key(relation), _ -> {});
  }

  BiConsumer<Rows, Reading> current(SystemRelation relation) {
    return current.getOrDefault(key(relation), (_, _) -> {});
  }

  void requireAllUsed() {
    Set<String> unknown = new HashSet<>(fixed.keySet());
    unknown.addAll(current.keySet());
    unknown.removeAll(used);
    if (!unknown.isEmpty()) {
      throw new IllegalStateException("no such relations: " + unknown);
    }
  }
}
