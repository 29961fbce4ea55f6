package io.trencadis.sql.rel;

/// Rows that one part of a running plan leaves for another: those of a recursive query's last
/// round, or those that a data-modifying WITH query returned. Its identity is its name; the rows
/// are kept by the run.
public final class WorkTable {
  private final String name;

  public WorkTable(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }
}
