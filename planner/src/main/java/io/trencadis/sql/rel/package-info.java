/// The vocabulary of relational algebra: how PostgreSQL's types, functions and query constructs
/// look as Calcite's `RelDataType`, `RexNode` and `RelNode`. Start at [PgRelType], [PgCall] and
/// [Slot].
///
/// The analyzer speaks it, the planning rules rewrite it, and neither type names nor constants of
/// Calcite's own get in: every constant, parameter and outer reference is a *slot* (a dynamic
/// parameter to Calcite), so that one plan serves all values and no rule can fold by Calcite's
/// semantics what has PostgreSQL's.
package io.trencadis.sql.rel;
