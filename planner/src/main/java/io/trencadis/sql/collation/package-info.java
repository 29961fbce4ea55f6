/// Collations: by which rules two texts are in order, and when they are equal.
///
/// Start at [Collation]. What is not ordered by code points is ordered by ICU, the library of the
/// Unicode consortium's collation algorithm, which only [TextOrder] knows; its classes are loaded
/// when the first such collation is used. PostgreSQL's ICU collations are the same algorithm with
/// the same data, where both have the same version of the Unicode standard.
package io.trencadis.sql.collation;
