package io.trencadis.sql.rel;

import java.util.List;
import org.apache.calcite.rex.RexNode;

/// What an index that is not one of plain columns computes from a row of its table's live columns.
///
/// @param expressions those of its key that are no columns, in order
/// @param predicate the condition of the rows that it has, or null for all
public record IndexTerms(List<RexNode> expressions, RexNode predicate) {}
