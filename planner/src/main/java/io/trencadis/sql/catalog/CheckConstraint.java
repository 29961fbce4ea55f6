package io.trencadis.sql.catalog;

import java.util.List;

/// A CHECK constraint of a table.
///
/// @param text the condition as SQL text, over the table's columns
/// @param columns numbers of the columns that it names
public record CheckConstraint(int oid, String name, String text, List<Integer> columns) {}
