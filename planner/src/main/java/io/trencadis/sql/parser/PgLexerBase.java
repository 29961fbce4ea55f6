package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;

/// The actions of the lexer grammar: each ends a token where [Lexemes] says, and decodes it.
///
/// A fault becomes a BAD token, which no rule of the grammar mentions. So it is reported only when
/// the parser arrives there, and a syntax error before it is reported first, as PostgreSQL does.
abstract class PgLexerBase extends Lexer {
  private final String text;
  private String value;
  private SqlException fault;

  PgLexerBase(CharStream input) {
    super(input);
    text = ((TextStream) input).text();
  }

  @Override
  public Token emit() {
    int start = _tokenStartCharIndex;
    SqlToken token =
        new SqlToken(_tokenFactorySourcePair, _type, start, getCharIndex() - 1, value, fault);
    value = null;
    fault = null;
    emit(token);
    return token;
  }

  private void endAt(int end) {
    getInputStream().seek(end);
  }

  private void end(int type, String decoded, int end) {
    setType(type);
    value = decoded;
    endAt(end);
  }

  private void fail(SqlException e) {
    setType(PgLexer.BAD);
    fault = e;
    endAt(text.length());
  }

  final void blockComment() {
    try {
      endAt(Lexemes.commentEnd(text, _tokenStartCharIndex));
      skip();
    } catch (SqlException e) {
      fail(e);
    }
  }

  final void word() {
    String folded = Lexemes.fold(getText());
    Integer keyword = Keywords.type(folded);
    setType(keyword == null ? PgLexer.IDENT : keyword);
    value = folded;
  }

  final void quotedName() {
    try {
      Lexemes.Quoted name = Lexemes.name(text, _tokenStartCharIndex, _tokenStartCharIndex);
      end(PgLexer.IDENT, Lexemes.truncate(name.value()), name.end());
    } catch (SqlException e) {
      fail(e);
    }
  }

  /// A string: plain (`'`), with backslashes (`e`), or with Unicode escapes (`u`).
  final void string(char kind) {
    int start = _tokenStartCharIndex;
    int open = start + (kind == '\'' ? 0 : kind == 'e' ? 1 : 2);
    try {
      Lexemes.Quoted string = Lexemes.string(text, start, open, kind == 'e', "quoted string");
      if (kind == 'u') {
        unicode(PgLexer.STRING, string, open);
      } else {
        end(PgLexer.STRING, string.value(), string.end());
      }
    } catch (SqlException e) {
      fail(e);
    }
  }

  final void unicodeName() {
    int start = _tokenStartCharIndex;
    try {
      unicode(PgLexer.IDENT, Lexemes.name(text, start, start + 2), start + 2);
    } catch (SqlException e) {
      fail(e);
    }
  }

  /// Decodes a Unicode form, and takes the UESCAPE clause that may follow into the token.
  private void unicode(int type, Lexemes.Quoted quoted, int open) {
    char escape = '\\';
    int end = quoted.end();
    int clause = Lexemes.skipBlanks(text, end);
    int wordEnd = Lexemes.nameEnd(text, clause);
    if (text.substring(clause, wordEnd).equalsIgnoreCase("uescape")) {
      int quote = Lexemes.skipBlanks(text, wordEnd);
      if (quote >= text.length() || text.charAt(quote) != '\'') {
        throw Lexemes.near(
            SqlState.SYNTAX_ERROR,
            "UESCAPE must be followed by a simple string literal",
            text,
            quote,
            Math.min(quote + 1, text.length()));
      }
      Lexemes.Quoted character = Lexemes.string(text, quote, quote, false, "quoted string");
      String chosen = character.value();
      if (chosen.length() != 1
          || "'\"+".contains(chosen)
          || Lexemes.isSpace(chosen.charAt(0))
          || Character.digit(chosen.charAt(0), 16) >= 0) {
        throw Lexemes.near(
            SqlState.SYNTAX_ERROR,
            "invalid Unicode escape character",
            text,
            quote,
            character.end());
      }
      escape = chosen.charAt(0);
      end = character.end();
    }
    String decoded = EscapeReader.unicodeBody(quoted.value(), escape, open + 1);
    end(type, type == PgLexer.IDENT ? Lexemes.truncate(decoded) : decoded, end);
  }

  /// `N'…'` is the keyword NCHAR and a plain string.
  final void national() {
    end(PgLexer.K_NCHAR, "nchar", _tokenStartCharIndex + 1);
  }

  final void bits(int type) {
    int start = _tokenStartCharIndex;
    String what = type == PgLexer.BITS ? "bit string literal" : "hexadecimal string literal";
    try {
      Lexemes.Quoted bits = Lexemes.string(text, start, start + 1, false, what);
      end(type, bits.value(), bits.end());
    } catch (SqlException e) {
      fail(e);
    }
  }

  /// A dollar begins a parameter or a dollar-quoted string; alone it is a fault.
  final void dollar() {
    int start = _tokenStartCharIndex;
    try {
      int end = start + 1;
      while (end < text.length() && Lexemes.isDigit(text.charAt(end))) {
        end++;
      }
      if (end > start + 1) {
        if (end < text.length() && Lexemes.isNameStart(text.charAt(end))) {
          throw Lexemes.near(
              SqlState.SYNTAX_ERROR,
              "trailing junk after parameter",
              text,
              start,
              Lexemes.nameEnd(text, end));
        }
        end(PgLexer.PARAM, text.substring(start + 1, end), end);
        return;
      }
      int tag = Lexemes.dollarTag(text, start);
      if (tag == 0) {
        bad();
        return;
      }
      Lexemes.Quoted quoted = Lexemes.dollarQuoted(text, start, tag);
      end(PgLexer.STRING, quoted.value(), quoted.end());
    } catch (SqlException e) {
      fail(e);
    }
  }

  final void number() {
    int start = _tokenStartCharIndex;
    try {
      int end = Lexemes.numberEnd(text, start);
      String digits = text.substring(start, end);
      end(Lexemes.fits(digits, "2147483647") ? PgLexer.ICONST : PgLexer.FCONST, digits, end);
    } catch (SqlException e) {
      fail(e);
    }
  }

  final void operator() {
    int start = _tokenStartCharIndex;
    int end = Lexemes.operatorEnd(text, start);
    if (end - start > 63) {
      fail(new SqlException(SqlState.SYNTAX_ERROR, "operator too long").at(start));
      return;
    }
    String symbol = text.substring(start, end);
    int type =
        switch (symbol) {
          case "+" -> PgLexer.PLUS;
          case "-" -> PgLexer.MINUS;
          case "*" -> PgLexer.STAR;
          case "/" -> PgLexer.SLASH;
          case "%" -> PgLexer.PERCENT;
          case "^" -> PgLexer.CARET;
          case "<" -> PgLexer.LT;
          case ">" -> PgLexer.GT;
          case "=" -> PgLexer.EQ;
          case "<=" -> PgLexer.LE;
          case ">=" -> PgLexer.GE;
          case "<>", "!=" -> PgLexer.NE;
          case "=>" -> PgLexer.ARROW;
          default -> PgLexer.OP;
        };
    end(type, type == PgLexer.NE ? "<>" : symbol, end);
  }

  final void bad() {
    int start = _tokenStartCharIndex;
    int end = start + Character.charCount(text.codePointAt(start));
    setType(PgLexer.BAD);
    endAt(end);
    fault = Lexemes.near(SqlState.SYNTAX_ERROR, "syntax error", text, start, end);
  }
}
