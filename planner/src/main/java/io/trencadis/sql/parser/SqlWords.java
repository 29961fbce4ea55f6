package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import java.util.ArrayList;
import java.util.List;

/// Cuts a text into the tokens that SQL has, for languages that embed SQL in their own statements.
public final class SqlWords {
  private SqlWords() {}

  /// What a token is.
  public enum Kind {
    /// A name or keyword without quotes; the value is folded.
    WORD,
    /// A name in quotes.
    QUOTED,
    STRING,
    NUMBER,
    /// `$1`; the value is the number.
    PARAMETER,
    /// Anything else; the value is the text.
    SYMBOL,
    /// After the last one.
    END
  }

  /// A token.
  ///
  /// @param start offset of its first character
  /// @param end offset behind its last
  public record Word(Kind kind, String value, int start, int end) {
    /// Whether it is this keyword.
    public boolean is(String keyword) {
      return kind == Kind.WORD && value.equals(keyword);
    }

    /// Whether it is this symbol.
    public boolean isSymbol(String symbol) {
      return kind == Kind.SYMBOL && value.equals(symbol);
    }

    /// Whether it may be a name.
    public boolean isName() {
      return kind == Kind.WORD || kind == Kind.QUOTED;
    }
  }

  /// All tokens of a text, with one of kind END behind them.
  ///
  /// @throws SqlException 42601 for a text with a token that is none, such as an open string
  public static List<Word> of(String text) {
    List<Word> words = new ArrayList<>();
    for (SqlToken token : Scanner.tokens(text)) {
      int start = token.pos();
      int end = token.getStopIndex() + 1;
      if (token.getType() == PgLexer.BAD) {
        throw token.fault();
      }
      if (token.getType() == PgLexer.EOF) {
        words.add(new Word(Kind.END, "", text.length(), text.length()));
        break;
      }
      String written = text.substring(start, end);
      Kind kind =
          switch (token.getType()) {
            case PgLexer.IDENT ->
                Character.isUnicodeIdentifierStart(written.charAt(0)) || written.charAt(0) == '_'
                    ? written.contains("\"") ? Kind.QUOTED : Kind.WORD
                    : Kind.QUOTED;
            case PgLexer.STRING, PgLexer.BITS, PgLexer.HEXBITS -> Kind.STRING;
            case PgLexer.ICONST, PgLexer.FCONST -> Kind.NUMBER;
            case PgLexer.PARAM -> Kind.PARAMETER;
            default ->
                Character.isLetter(written.charAt(0)) || written.charAt(0) == '_'
                    ? Kind.WORD
                    : Kind.SYMBOL;
          };
      String value =
          switch (kind) {
            case WORD, QUOTED, STRING, NUMBER ->
                token.value() != null ? token.value() : written.toLowerCase(java.util.Locale.ROOT);
            case PARAMETER -> written.substring(1);
            default -> written;
          };
      words.add(new Word(kind, value, start, end));
    }
    return words;
  }
}
