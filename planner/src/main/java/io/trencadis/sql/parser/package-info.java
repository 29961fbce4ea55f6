/// From SQL text to syntax tree. [SqlParser] is the way in; [SqlFingerprint] recognises texts that
/// differ in their constants only, so that a cached plan can be found without parsing.
///
/// The grammar (PgLexer.g4, PgParser.g4) accepts a little more than PostgreSQL does. The builders,
/// one for each area of the language, walk its parse trees and refuse the rest. ANTLR is a detail
/// of this package: nothing outside sees a parse tree or a token of it.
package io.trencadis.sql.parser;
