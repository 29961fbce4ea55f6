package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.parser.SqlWords;
import io.trencadis.sql.parser.SqlWords.Kind;
import io.trencadis.sql.parser.SqlWords.Word;
import java.util.List;
import java.util.Set;

/// Steps over the tokens of a body.
final class WordReader {
  private final String text;
  private final List<Word> words;
  private int at;

  WordReader(String text) {
    this.text = text;
    this.words = SqlWords.of(text);
  }

  String text() {
    return text;
  }

  String text(int from, int to) {
    return text.substring(from, to);
  }

  int place() {
    return at;
  }

  void back(int place) {
    at = place;
  }

  Word peek() {
    return words.get(at);
  }

  Word peek(int ahead) {
    return words.get(Math.min(at + ahead, words.size() - 1));
  }

  Word next() {
    Word word = words.get(at);
    if (word.kind() != Kind.END) {
      at++;
    }
    return word;
  }

  /// The line of a token, counted from 1.
  int line(Word word) {
    int line = 1;
    for (int i = 0; i < word.start(); i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return line;
  }

  int line() {
    return line(peek());
  }

  boolean is(String keyword) {
    return peek().is(keyword);
  }

  /// Takes a keyword if it comes next.
  boolean take(String keyword) {
    boolean there = is(keyword);
    at += there ? 1 : 0;
    return there;
  }

  boolean takeSymbol(String symbol) {
    boolean there = peek().isSymbol(symbol);
    at += there ? 1 : 0;
    return there;
  }

  void expect(String keyword) {
    if (!take(keyword)) {
      throw unexpected();
    }
  }

  void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw unexpected();
    }
  }

  String name() {
    if (!peek().isName()) {
      throw unexpected();
    }
    return next().value();
  }

  SqlException unexpected() {
    return unexpected(peek());
  }

  SqlException unexpected(Word word) {
    return new SqlException(
            SqlState.SYNTAX_ERROR,
            word.kind() == Kind.END
                ? "syntax error at end of input"
                : "syntax error at or near \"" + text(word.start(), word.end()) + "\"")
        .at(word.start());
  }

  SqlException error(SqlState state, String message, Word word) {
    return new SqlException(state, message).at(word.start());
  }

  /// The text up to a keyword or symbol that stands outside of parentheses, which is not taken.
  ///
  /// @throws SqlException 42601 where nothing stands before it, or none comes
  String until(String... stops) {
    Set<String> wanted = Set.of(stops);
    Word first = peek();
    int depth = 0;
    int end = first.start();
    while (true) {
      Word word = peek();
      boolean stop =
          depth == 0
              && (word.kind() == Kind.WORD || word.kind() == Kind.SYMBOL)
              && wanted.contains(word.value());
      if (stop) {
        break;
      }
      if (word.kind() == Kind.END || word.isSymbol(";") && depth == 0) {
        if (depth > 0) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "mismatched parentheses").at(end);
        }
        throw missing(stops, first, word);
      }
      depth += word.isSymbol("(") || word.isSymbol("[") ? 1 : 0;
      depth -= word.isSymbol(")") || word.isSymbol("]") ? 1 : 0;
      if (depth < 0) {
        throw unexpected(word);
      }
      end = word.end();
      at++;
    }
    if (end == first.start()) {
      throw peek().kind() == Kind.END || true
          ? new SqlException(
                  SqlState.SYNTAX_ERROR,
                  peek().isSymbol(";")
                      ? "missing expression"
                      : "syntax error at or near \"" + text(peek().start(), peek().end()) + "\"")
              .at(peek().start())
          : unexpected();
    }
    return text(first.start(), end);
  }

  private SqlException missing(String[] stops, Word first, Word word) {
    if (word.kind() == Kind.END) {
      return unexpected(word);
    }
    if (word == first && stops.length == 1) {
      return unexpected(word);
    }
    String wanted = stops[0].toUpperCase(java.util.Locale.ROOT);
    return new SqlException(
            SqlState.SYNTAX_ERROR, "missing \"" + wanted + "\" at end of SQL expression")
        .at(word.start());
  }
}
