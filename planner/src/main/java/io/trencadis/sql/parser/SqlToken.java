package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.misc.Pair;

/// A token with what it means: the folded name, the decoded string.
final class SqlToken extends CommonToken {
  private final String value;
  private final SqlException fault;
  private int literal = -1;

  SqlToken(
      Pair<TokenSource, CharStream> source,
      int type,
      int start,
      int stop,
      String value,
      SqlException fault) {
    super(source, type, Token.DEFAULT_CHANNEL, start, stop);
    this.value = value;
    this.fault = fault;
  }

  String value() {
    return value;
  }

  /// What is wrong with a BAD token.
  SqlException fault() {
    return fault;
  }

  /// The number of this literal within its statement, or -1.
  int literal() {
    return literal;
  }

  void number(int index) {
    literal = index;
  }

  int pos() {
    return getStartIndex();
  }
}
