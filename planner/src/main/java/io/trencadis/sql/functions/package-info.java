/// Functions, operators, casts and aggregates: what exists, which one a call means, and what it
/// does.
///
/// Start at [FunctionResolver] (which function or operator do these argument types mean), [Casts]
/// (how one type becomes another), [Builtins] (the code of a function), [Aggregates] and
/// [SetFunctions]. [PgCatalog] holds the facts about PostgreSQL's built-in objects, read from
/// resources.
///
/// Strict functions are never called with null: the caller looks at [ResolvedCall#strict]. What a
/// function needs of its session it asks of an [EvalContext]. Nothing here keeps state, and nothing
/// here knows of plans or tables.
package io.trencadis.sql.functions;
