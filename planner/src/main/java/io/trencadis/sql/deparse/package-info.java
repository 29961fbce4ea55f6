/// From meaning back to syntax: definitions that the catalog keeps as text, written as PostgreSQL's
/// `pg_get_…def` functions write them, with the casts that the text left out, names qualified, and
/// parentheses. Start at [Deparser].
///
/// A text is analyzed once more with a [io.trencadis.sql.analyze.Trace]; what that found out about
/// the syntax tree decides what is written. Nothing here is kept or run.
package io.trencadis.sql.deparse;
