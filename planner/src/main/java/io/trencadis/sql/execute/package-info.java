/// Runs plans. A plan is a tree of [PlanNode]s: immutable, shared by all sessions, made once and
/// run many times. Running one opens a tree of [RowSource]s over an [Execution], which holds what
/// belongs to this run: the values of the slots, the transaction, the session's settings.
///
/// Expressions are [Eval]s: closures that the planner compiled. Nothing here knows of Calcite, of
/// SQL text or of the catalog's names; tables arrive as [StoredTable]s, which know their rows'
/// bytes and places.
package io.trencadis.sql.execute;
