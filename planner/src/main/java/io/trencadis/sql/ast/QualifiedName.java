package io.trencadis.sql.ast;

import java.util.List;

/// A possibly qualified name: `table`, `schema.table` or `database.schema.table`.
///
/// @param parts at least one part, the outermost first
public record QualifiedName(List<String> parts, int pos) {
  /// The last part: the object's own name.
  public String name() {
    return parts.getLast();
  }

  /// The part before the last one, or null when the name is not qualified.
  public String schema() {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2);
  }

  /// A name of one part.
  public static QualifiedName of(String name, int pos) {
    return new QualifiedName(List.of(name), pos);
  }

  /// The name as it would be written, in quotes where it needs them.
  public String quoted() {
    return parts.stream()
        .map(io.trencadis.sql.types.Identifiers::quote)
        .collect(java.util.stream.Collectors.joining("."));
  }

  @Override
  public String toString() {
    return String.join(".", parts);
  }
}
