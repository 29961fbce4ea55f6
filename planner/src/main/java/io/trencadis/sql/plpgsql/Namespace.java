package io.trencadis.sql.plpgsql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names that are known at a place of a body: those of a block, then those of the blocks around
/// it.
final class Namespace {
  private final Namespace outer;
  private final String label;
  private final Map<String, Integer> datums = new HashMap<>();

  /// What a name means.
  ///
  /// @param rest of the name, behind the datum's own
  record Found(int datum, List<String> rest) {}

  Namespace(Namespace outer, String label) {
    this.outer = outer;
    this.label = label;
  }

  Namespace outer() {
    return outer;
  }

  String label() {
    return label;
  }

  boolean declares(String name) {
    return datums.containsKey(name);
  }

  void declare(String name, int datum) {
    datums.put(name, datum);
  }

  /// The datum that the first parts of a name mean, or null.
  Found find(List<String> parts) {
    for (Namespace at = this; at != null; at = at.outer) {
      Integer own = at.datums.get(parts.getFirst());
      if (own != null) {
        return new Found(own, parts.subList(1, parts.size()));
      }
      if (parts.size() > 1 && parts.getFirst().equals(at.label)) {
        Integer within = at.datums.get(parts.get(1));
        if (within != null) {
          return new Found(within, parts.subList(2, parts.size()));
        }
      }
    }
    return null;
  }

  /// Whether a block or loop around this place has the label.
  boolean inside(String name) {
    for (Namespace at = this; at != null; at = at.outer) {
      if (name.equals(at.label)) {
        return true;
      }
    }
    return false;
  }
}
