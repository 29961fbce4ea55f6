package io.trencadis.sql.catalog;

import io.trencadis.sql.collation.Collation;
import java.util.List;

/// An expression over a table's columns that an index is ordered by, or the condition of the rows
/// that a partial index has.
///
/// @param text the expression as SQL text, over the table's columns
/// @param typeOid its type
/// @param columns numbers of the columns that it names
/// @param collation by which its values are compared; null for the default one
public record IndexExpression(
    String text, int typeOid, List<Integer> columns, Collation collation) {}
