package io.trencadis.sql.parser;

import java.util.List;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.Interval;

/// The tokens of one statement, the last of them EOF, as a stream.
final class TokenArray implements TokenStream {
  private final SqlToken[] tokens;
  private int index;
  private int furthest;

  TokenArray(List<SqlToken> tokens) {
    this.tokens = tokens.toArray(SqlToken[]::new);
    for (int i = 0; i < this.tokens.length; i++) {
      this.tokens[i].setTokenIndex(i);
    }
  }

  @Override
  public Token LT(int k) {
    int at = Math.min(k > 0 ? index + k - 1 : index + k, tokens.length - 1);
    if (at > furthest) {
      furthest = at;
    }
    return at < 0 ? null : tokens[at];
  }

  /// Starts over.
  void rewind() {
    index = 0;
    furthest = 0;
  }

  /// The last token that was looked at. When a parse fails it is the one that could not be: the
  /// prediction stops at it, though it may then blame the token it started from.
  SqlToken furthest() {
    return tokens[furthest];
  }

  @Override
  public int LA(int k) {
    return LT(k).getType();
  }

  @Override
  public Token get(int i) {
    return tokens[i];
  }

  @Override
  public void consume() {
    if (index < tokens.length - 1) {
      index++;
    }
  }

  @Override
  public int mark() {
    return 0;
  }

  @Override
  public void release(int marker) {}

  @Override
  public int index() {
    return index;
  }

  @Override
  public void seek(int to) {
    index = Math.min(to, tokens.length - 1);
  }

  @Override
  public int size() {
    return tokens.length;
  }

  @Override
  public TokenSource getTokenSource() {
    return tokens[0].getTokenSource();
  }

  @Override
  public String getText(Interval interval) {
    if (interval.a < 0 || interval.b < interval.a) {
      return "";
    }
    int last = Math.min(interval.b, tokens.length - 1);
    String text = ((TextStream) tokens[0].getInputStream()).text();
    return text.substring(tokens[interval.a].getStartIndex(), tokens[last].getStopIndex() + 1);
  }

  @Override
  public String getText() {
    return getText(Interval.of(0, tokens.length - 2));
  }

  @Override
  public String getText(RuleContext context) {
    return getText(context.getSourceInterval());
  }

  @Override
  public String getText(Token start, Token stop) {
    return getText(Interval.of(start.getTokenIndex(), stop.getTokenIndex()));
  }

  @Override
  public String getSourceName() {
    return IntStream.UNKNOWN_SOURCE_NAME;
  }
}
