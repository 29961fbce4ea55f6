package io.trencadis.sql.rel;

import org.apache.calcite.rel.RelNode;

/// A WITH query that depends on nothing around it, so that however many references there are its
/// rows are computed once. Its identity is its name; filled while a statement is analyzed.
public final class SharedQuery {
  private final String name;
  private final RelNode definition;
  private final boolean always;
  private int references;

  /// @param always whether it is computed apart even for a single reference
  public SharedQuery(String name, RelNode definition, boolean always) {
    this.name = name;
    this.definition = definition;
    this.always = always;
  }

  public String name() {
    return name;
  }

  public RelNode definition() {
    return definition;
  }

  /// Notes one more reference.
  public void refer() {
    references++;
  }

  /// Whether its rows are computed apart, and not as a part of the query that names it.
  public boolean isShared() {
    return always || references > 1;
  }
}
