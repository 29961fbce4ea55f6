package io.trencadis.sql.parser;

import io.trencadis.sql.ast.Statement;

/// One statement of a text. All positions, also those inside the statement's tree, count from the
/// beginning of the whole text, as the positions in PostgreSQL's errors do.
///
/// @param start where its first token starts
/// @param end where its last token ends, before the semicolon
/// @param text the source from start to end
/// @param literalCount how many number and string tokens it has
public record ParsedStatement(
    Statement statement, int start, int end, String text, int literalCount) {}
