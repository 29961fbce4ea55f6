package io.trencadis.sql.parser;

import java.util.ArrayList;
import java.util.List;

/// Cuts a text's tokens into statements at the semicolons between them. One inside parentheses (CREATE
/// RULE) or inside BEGIN ATOMIC … END (CREATE FUNCTION) ends nothing.
final class StatementSplitter {
  private StatementSplitter() {}

  /// The statements that are not empty, each with an EOF token at its end.
  static List<List<SqlToken>> split(List<SqlToken> tokens) {
    List<List<SqlToken>> statements = new ArrayList<>();
    List<SqlToken> current = new ArrayList<>();
    int parens = 0;
    int blocks = 0;
    SqlToken previous = null;
    for (SqlToken token : tokens) {
      switch (token.getType()) {
        case PgLexer.LPAREN -> parens++;
        case PgLexer.RPAREN -> parens = Math.max(0, parens - 1);
        case PgLexer.K_ATOMIC -> {
          if (previous != null && previous.getType() == PgLexer.K_BEGIN && isCreate(current)) {
            blocks++;
          }
        }
        case PgLexer.K_CASE -> blocks += blocks > 0 ? 1 : 0;
        case PgLexer.K_END -> blocks -= blocks > 0 ? 1 : 0;
        default -> {}
      }
      boolean semicolon = token.getType() == PgLexer.SEMI && parens == 0 && blocks == 0;
      if (semicolon || token.getType() == PgLexer.EOF) {
        if (!current.isEmpty()) {
          current.add(Scanner.end(token, token.getStartIndex(), token.getStopIndex() + 1));
          statements.add(current);
          current = new ArrayList<>();
        }
      } else {
        current.add(token);
      }
      previous = token;
    }
    return statements;
  }

  private static boolean isCreate(List<SqlToken> statement) {
    return statement.getFirst().getType() == PgLexer.K_CREATE;
  }
}
