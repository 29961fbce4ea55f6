/// Chooses how a query is run. Start at [QueryPlanner]: rewriting by rules that are always good,
/// then choosing by cost in Calcite's Volcano planner, then compiling the winner into the
/// executor's nodes.
///
/// [PhysicalRels] are the nodes that know how they are run; [AccessPaths] finds the best way into a
/// table for a condition; [RexCompiler] makes closures out of expressions. `RelNode`s and
/// `RexNode`s come in from the analyzer and end here.
package io.trencadis.sql.planning;
