package io.trencadis.sql.analyze;

import io.trencadis.sql.types.PgType;
import java.util.List;

/// The arguments of a function of SQL by their names, which may be written after the function's.
///
/// @param function its name
/// @param names of its input arguments; empty for one without
/// @param types of them
public record SqlVariables(String function, List<String> names, List<PgType> types)
    implements Variables {
  @Override
  public Reference find(List<String> parts) {
    if (parts.size() > 1 && parts.getFirst().equals(function) && named(parts.get(1)) >= 0) {
      return new Reference(named(parts.get(1)) + 1, parts.subList(2, parts.size()));
    }
    int at = named(parts.getFirst());
    return at < 0 ? null : new Reference(at + 1, parts.subList(1, parts.size()));
  }

  private int named(String name) {
    return name.isEmpty() ? -1 : names.indexOf(name);
  }

  @Override
  public PgType type(int number) {
    return number >= 1 && number <= types.size() ? types.get(number - 1) : null;
  }

  @Override
  public Conflict conflict() {
    return Conflict.COLUMN;
  }
}
