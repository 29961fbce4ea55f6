package io.trencadis.sql.rel;

import io.trencadis.sql.types.PgType;

/// What a dynamic parameter of a plan stands for. A running plan has one array with the value of
/// each slot; expressions read it by the slot's index.
public sealed interface Slot {
  /// The type of the slot's value.
  PgType type();

  /// The client's `$number`.
  record Parameter(int number, PgType type) implements Slot {}

  /// A literal of the statement's text, already of the type that its place asked for.
  ///
  /// @param value the value, null for NULL
  /// @param text the literal as written (strings decoded), from which another value is made when
  ///   the plan serves a statement of the same shape
  /// @param literal index of the literal in the statement, or -1 for a constant that is not one
  /// @param source the type whose input function reads `text`
  /// @param negated whether a minus sign belongs to the literal
  record Constant(
      Object value,
      String text,
      int literal,
      PgType source,
      int typmod,
      boolean negated,
      PgType type)
      implements Slot {}

  /// A column of an enclosing query's row; set before the inner plan runs.
  record Outer(PgType type) implements Slot {}
}
