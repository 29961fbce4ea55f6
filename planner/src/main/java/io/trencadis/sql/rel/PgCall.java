package io.trencadis.sql.rel;

import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;

/// An operator of an expression tree whose meaning is one of our own [Operation]s. Comparisons of
/// the same type, AND, OR, NOT, IS tests and CASE are Calcite's, because its rules understand them
/// and they mean the same in PostgreSQL; all else is opaque to it.
public final class PgCall extends SqlOperator {
  private final Operation operation;

  public PgCall(Operation operation) {
    super(operation.label(), SqlKind.OTHER_FUNCTION, 0, 0, null, null, null);
    this.operation = operation;
  }

  public Operation operation() {
    return operation;
  }

  @Override
  public SqlSyntax getSyntax() {
    return SqlSyntax.FUNCTION;
  }

  @Override
  public boolean isDeterministic() {
    return operation.deterministic();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PgCall that && that.operation.label().equals(operation.label());
  }

  @Override
  public int hashCode() {
    return operation.label().hashCode();
  }
}
