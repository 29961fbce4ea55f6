/// From syntax to meaning: resolves names, overloads, casts, unknown literals and parameter types
/// by PostgreSQL's rules, and builds Calcite's `RelNode`s. Start at [Analyzer].
///
/// An *analysis* is the work on one statement; a *scope* is the names that an expression may use;
/// an *outer reference* is a column of an enclosing query, which becomes a slot. Errors carry the
/// SQLSTATE, text and position that PostgreSQL gives. Nothing here chooses how a query is run.
package io.trencadis.sql.analyze;
