package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import org.antlr.v4.runtime.Token;

/// Syntax errors in PostgreSQL's words.
final class SyntaxErrors {
  private SyntaxErrors() {}

  /// `syntax error at or near "token"`; for a BAD token, what is wrong with it.
  static SqlException at(SqlToken token) {
    if (token.fault() != null) {
      return token.fault();
    }
    return near("syntax error", token);
  }

  /// An error that PostgreSQL reports where its parser stands, at the token that comes next.
  static SqlException near(String what, SqlToken token) {
    String text = ((TextStream) token.getInputStream()).text();
    if (token.pos() >= text.length()) {
      return new SqlException(SqlState.SYNTAX_ERROR, what + " at end of input").at(text.length());
    }
    String word = text.substring(token.pos(), token.getStopIndex() + 1);
    return new SqlException(SqlState.SYNTAX_ERROR, what + " at or near \"" + word + "\"")
        .at(token.pos());
  }

  static SqlException at(Token token) {
    return at((SqlToken) token);
  }

  /// An error of PostgreSQL's grammar that has a message of its own.
  static SqlException because(String message, int pos) {
    return new SqlException(SqlState.SYNTAX_ERROR, message).at(pos);
  }
}
