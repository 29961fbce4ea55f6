package io.trencadis.sql.parser;

import java.util.ArrayList;
import java.util.List;

/// Cuts a text's tokens into statements at the semicolons between them. One inside parentheses
/// (CREATE RULE) or inside BEGIN ATOMIC … END (CREATE FUNCTION) ends nothing.
final class StatementSplitter {
  /// Telling a query in parentheses from an expression takes a look behind all parentheses that
  /// open together, so the cost of them grows with the square of their number.
  private static final int MAX_PARENS = 600;

  private StatementSplitter() {}

  /// The statements that are not empty, each with an EOF token at its end.
  static List<List<SqlToken>> split(List<SqlToken> tokens) {
    checkNesting(tokens);
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

  /// Refuses more open parentheses than the parser can take.
  static void checkNesting(List<SqlToken> tokens) {
    int open = 0;
    for (SqlToken token : tokens) {
      if (token.getType() == PgLexer.LPAREN && ++open > MAX_PARENS) {
        throw PgParserBase.tooDeep();
      } else if (token.getType() == PgLexer.RPAREN) {
        open = Math.max(0, open - 1);
      }
    }
  }

  private static boolean isCreate(List<SqlToken> statement) {
    return statement.getFirst().getType() == PgLexer.K_CREATE;
  }
}
