package io.trencadis.sql.parser;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Pair;

/// Runs the lexer over a text.
final class Scanner {
  private Scanner() {}

  /// All tokens, with EOF at the end. Nothing follows a BAD token but EOF.
  static List<SqlToken> tokens(String sql) {
    PgLexer lexer = new PgLexer(new TextStream(sql));
    lexer.removeErrorListeners();
    List<SqlToken> tokens = new ArrayList<>(sql.length() / 5 + 4);
    while (true) {
      Token token = lexer.nextToken();
      if (token.getType() == Token.EOF) {
        break;
      }
      if (!tokens.isEmpty()) {
        lookAhead(tokens.getLast(), token.getType());
        markAsOf(tokens, token.getType());
        markSplit(tokens, token.getType());
      }
      tokens.add((SqlToken) token);
      if (token.getType() == PgLexer.BAD) {
        break;
      }
    }
    tokens.add(
        end(tokens.isEmpty() ? lexer.emitEOF() : tokens.getFirst(), sql.length(), sql.length()));
    return tokens;
  }

  /// Three keywords are tokens of another type before certain words, as in PostgreSQL: NOT before
  /// an infix operator, NULLS before FIRST and LAST, WITH before TIME and ORDINALITY. This makes
  /// the grammar decidable one token earlier, and so puts errors where PostgreSQL has them.
  private static void lookAhead(SqlToken token, int next) {
    switch (token.getType()) {
      case PgLexer.K_NOT -> {
        boolean infix =
            next == PgLexer.K_BETWEEN
                || next == PgLexer.K_IN
                || next == PgLexer.K_LIKE
                || next == PgLexer.K_ILIKE
                || next == PgLexer.K_SIMILAR;
        if (infix) {
          token.setType(PgLexer.NOT_LA);
        }
      }
      case PgLexer.K_NULLS -> {
        if (next == PgLexer.K_FIRST || next == PgLexer.K_LAST) {
          token.setType(PgLexer.NULLS_LA);
        }
      }
      case PgLexer.K_WITH -> {
        if (next == PgLexer.K_TIME || next == PgLexer.K_ORDINALITY) {
          token.setType(PgLexer.WITH_LA);
        }
      }
      default -> {}
    }
  }

  /// AS before OF SYSTEM TIME is a token of its own, too: any other AS ends a statement's query.
  private static void markAsOf(List<SqlToken> tokens, int next) {
    int size = tokens.size();
    if (next == PgLexer.K_TIME
        && size >= 3
        && tokens.get(size - 1).getType() == PgLexer.K_SYSTEM
        && tokens.get(size - 2).getType() == PgLexer.K_OF
        && tokens.get(size - 3).getType() == PgLexer.K_AS) {
      tokens.get(size - 3).setType(PgLexer.AS_LA);
    }
  }

  /// SPLIT is no keyword, but in SPLIT PARTITION AT.
  private static void markSplit(List<SqlToken> tokens, int next) {
    int size = tokens.size();
    if (next == PgLexer.K_AT
        && size >= 2
        && tokens.get(size - 1).getType() == PgLexer.K_PARTITION
        && tokens.get(size - 2).getType() == PgLexer.IDENT
        && tokens.get(size - 2).getText().equalsIgnoreCase("split")) {
      tokens.get(size - 2).setType(PgLexer.SPLIT_LA);
    }
  }

  /// An EOF token that an error message shows as the text from start to end.
  static SqlToken end(Token like, int start, int end) {
    return new SqlToken(
        new Pair<>(like.getTokenSource(), like.getInputStream()),
        Token.EOF,
        start,
        end - 1,
        null,
        null);
  }

  /// Numbers the literals of one statement and returns how many there are.
  static int numberLiterals(List<SqlToken> statement) {
    int n = 0;
    for (SqlToken token : statement) {
      int type = token.getType();
      if (type == PgLexer.ICONST || type == PgLexer.FCONST || type == PgLexer.STRING) {
        token.number(n++);
      }
    }
    return n;
  }
}
