package io.trencadis.sql.catalog;

import java.util.List;

/// An expression over a table's columns that an index is ordered by, or the condition of the rows
/// that a partial index has.
///
/// @param text the expression as SQL text, over the table's columns
/// @param typeOid its type
/// @param columns numbers of the columns that it names
public record IndexExpression(String text, int typeOid, List<Integer> columns) {}
