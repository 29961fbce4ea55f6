/// Runs plans. A plan is a tree of [PlanNode]s: immutable, shared by all sessions, made once and
/// run many times. Running one opens a tree of [RowSource]s over an [Execution], which holds what
/// belongs to this run: the values of the slots, the transaction, the session's settings.
///
/// Expressions are [Eval]s: closures that the planner compiled. Nothing here knows of Calcite, of
/// SQL text or of the catalog's names; tables arrive as [StoredTable]s, which know their rows'
/// bytes and places.
///
/// Rows move one by one, or a thousand at a time ([RowSource#batches], `io.trencadis.sql.batch`).
/// Why both: a batch is computed ahead, so only who will read all rows may ask for it (groups,
/// sorts, the sides of a hash join); a point plan or what is below a LIMIT must not pay, or fail,
/// for a row that nobody asks for. What cannot be computed out of order (a user's function, a
/// sub-select) has no batch form, and whoever wanted batches gets rows. [BatchEval]s and
/// [BatchCondition]s are what [Eval]s are for rows, made of the loops in [BatchKernels].
package io.trencadis.sql.execute;
