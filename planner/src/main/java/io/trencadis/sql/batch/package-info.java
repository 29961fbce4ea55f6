/// Values of about a thousand rows at a time, column by column. Start at [Batch].
///
/// A [Column] holds whole numbers or decimals as longs with a mask of nulls, and everything else as
/// the objects that `io.trencadis.sql.types` says. Which rows of a batch count is said by its list
/// of places, so that a condition moves no value: columns have something to say of those places
/// only. A column that nobody needs is not there at all.
///
/// Whoever reads all rows of a source takes them so; who may stop early, looks at one row at a time
/// (point plans, LIMIT), takes them row by row, since a batch computes ahead: a row that is never
/// asked for must not fail. Nothing here knows of plans or tables.
package io.trencadis.sql.batch;
