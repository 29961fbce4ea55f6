package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What a statement is apart from its constants: its shape, and the constants lifted out of it.
///
/// Two texts of equal shape parse to trees that differ only in the values of their literals (and in
/// positions). So whatever was planned for one of them serves the other, if the plan treats the
/// literals as parameters. Literal `i` here is the literal with index `i` in the tree.
///
/// The shape has every token once, blanks between them: names and keywords folded, a literal as the
/// mark of its class (`?i` integer, `?l` bigint, `?n` numeric, `?s` string). A number that is no
/// mere value (a type's length, a position in ORDER BY) stays visible behind its mark.
///
/// A text that does not pay or is not safe to treat so (several statements, DDL, unusual constants,
/// anything the lexer would refuse) is not [#cacheable]; the parser has the last word about it.
public final class SqlFingerprint {
  private static final Set<String> VERBS =
      Set.of("select", "insert", "update", "delete", "with", "values", "table");

  /// Types that SQL's grammar gives a length or a precision.
  private static final Set<String> SIZED =
      Set.of(
          "char",
          "character",
          "nchar",
          "varchar",
          "varying",
          "bpchar",
          "bit",
          "varbit",
          "numeric",
          "decimal",
          "dec",
          "float",
          "time",
          "timestamp",
          "timestamptz",
          "timetz",
          "interval",
          "second");

  /// Words that end a list after BY.
  private static final Set<String> AFTER_BY =
      Set.of(
          "limit",
          "offset",
          "fetch",
          "having",
          "window",
          "union",
          "intersect",
          "except",
          "for",
          "returning",
          "rows",
          "range",
          "groups",
          "order",
          "where",
          "from");

  private static final int MAX_DEPTH = 200;
  private static final SqlFingerprint NOT_CACHEABLE =
      new SqlFingerprint(null, List.of(), new int[0]);

  private final String shape;
  private final List<String> literals;
  private final int[] offsets;

  private SqlFingerprint(String shape, List<String> literals, int[] offsets) {
    this.shape = shape;
    this.literals = literals;
    this.offsets = offsets;
  }

  /// Reads a text. Never throws: what cannot be read is not cacheable.
  public static SqlFingerprint of(String sql) {
    try {
      Reader reader = new Reader(sql);
      return reader.read() ? reader.result() : NOT_CACHEABLE;
    } catch (SqlException e) {
      return NOT_CACHEABLE;
    }
  }

  /// Whether this is exactly one statement that a cache may know by its shape.
  public boolean cacheable() {
    return shape != null;
  }

  /// The shape; null if not cacheable.
  public String shape() {
    return shape;
  }

  /// How many literals there are.
  public int literals() {
    return literals.size();
  }

  /// A literal's value: a string decoded, a number as its digits without sign.
  public String literal(int index) {
    return literals.get(index);
  }

  /// Where the literal's token starts in the text.
  public int offset(int index) {
    return offsets[index];
  }

  /// The text with `$1`, `$2` … for its constants, after the parameters that it has.
  public String withoutConstants(String text) {
    int number = 0;
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      int end = at + 1;
      while (end < text.length() && end - at < 6 && Character.isDigit(text.charAt(end))) {
        end++;
      }
      if (end > at + 1) {
        number = Math.max(number, Integer.parseInt(text, at + 1, end, 10));
      }
    }
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    for (int i = 0; i < literals.size(); i++) {
      int start = offsets[i];
      if (start < from || start >= text.length()) {
        return text;
      }
      out.append(text, from, start).append('$').append(++number);
      from = endOfLiteral(text, start);
    }
    return out.append(text, from, text.length()).toString();
  }

  private static int endOfLiteral(String text, int start) {
    int end = start;
    if (Character.isLetter(text.charAt(end))) {
      end++;
    }
    if (end < text.length() && text.charAt(end) == '\'') {
      boolean escapes = end > start && Character.toLowerCase(text.charAt(start)) == 'e';
      for (end++; end < text.length(); end++) {
        char c = text.charAt(end);
        if (escapes && c == '\\') {
          end++;
        } else if (c == '\'' && end + 1 < text.length() && text.charAt(end + 1) == '\'') {
          end++;
        } else if (c == '\'') {
          return end + 1;
        }
      }
      return Math.min(end, text.length());
    }
    while (end < text.length()) {
      char c = text.charAt(end);
      boolean sign = (c == '+' || c == '-') && Character.toLowerCase(text.charAt(end - 1)) == 'e';
      if (!Character.isLetterOrDigit(c) && c != '.' && !(sign && end > start)) {
        break;
      }
      end++;
    }
    return end;
  }

  /// The pass over one text.
  private static final class Reader {
    private final String sql;
    private final StringBuilder shape;
    private final List<String> literals = new ArrayList<>();
    private int[] offsets = new int[8];

    /// Whether numbers directly inside the parentheses of this depth, or deeper, stay visible.
    private final boolean[] pinned = new boolean[MAX_DEPTH + 2];

    private int pins;
    private int depth;

    private String previous = "";
    private String beforePrevious = "";
    private boolean previousIsName;
    private boolean ended;

    Reader(String sql) {
      this.sql = sql;
      shape = new StringBuilder(sql.length() + 16);
    }

    SqlFingerprint result() {
      return new SqlFingerprint(shape.toString(), List.copyOf(literals), offsets);
    }

    /// False when the text is not cacheable.
    boolean read() {
      int i = 0;
      while (true) {
        i = Lexemes.skipBlanks(sql, i);
        if (i >= sql.length()) {
          return !shape.isEmpty();
        }
        char c = sql.charAt(i);
        if (c == ';') {
          ended = true;
          i++;
          continue;
        }
        if (ended) {
          return false;
        }
        i = token(i, c);
        if (i < 0) {
          return false;
        }
      }
    }

    /// Reads the token at `i` and returns its end, or -1 if the text is not cacheable.
    private int token(int i, char c) {
      char next = i + 1 < sql.length() ? sql.charAt(i + 1) : 0;
      if (Lexemes.isNameStart(c)) {
        return next == '\'' || next == '&' ? prefixed(i, c, next) : word(i);
      }
      if (Lexemes.isDigit(c) || c == '.' && Lexemes.isDigit(next)) {
        return number(i);
      }
      switch (c) {
        case '\'' -> {
          return string(i, i, false);
        }
        case '"' -> {
          int end = Lexemes.name(sql, i, i).end();
          emit(sql.substring(i, end), true);
          return end;
        }
        case '$' -> {
          return parameter(i);
        }
        case '(', ')', '[', ']', ',', '.', ':' -> {
          return punctuation(i, c, next);
        }
        default -> {
          if (!Lexemes.isOperatorChar(c)) {
            return -1;
          }
          int end = Lexemes.operatorEnd(sql, i);
          emit(sql.substring(i, end), false);
          return end;
        }
      }
    }

    /// `e'…'` is a string; the other prefixed forms are too rare to care.
    private int prefixed(int i, char c, char next) {
      if (next == '\'') {
        return switch (c) {
          case 'e', 'E' -> string(i, i + 1, true);
          case 'b', 'B', 'x', 'X', 'n', 'N' -> -1;
          default -> word(i);
        };
      }
      char third = i + 2 < sql.length() ? sql.charAt(i + 2) : 0;
      boolean unicode = (c == 'u' || c == 'U') && (third == '\'' || third == '"');
      return unicode ? -1 : word(i);
    }

    private int word(int i) {
      int end = Lexemes.nameEnd(sql, i);
      String word = Lexemes.fold(sql.substring(i, end));
      if (shape.isEmpty() && !VERBS.contains(word)) {
        return -1;
      }
      if (word.equals("time") && previous.equals("system") && beforePrevious.equals("of")) {
        // A read of the past is planned with the catalog of its time.
        return -1;
      }
      boolean keyword = Keywords.type(word) != null;
      if (keyword) {
        if (word.equals("by")) {
          pin(depth);
        } else if (pinned[depth] && AFTER_BY.contains(word)) {
          unpin(depth);
        }
      }
      emit(word, !keyword);
      return end;
    }

    private void emit(String token, boolean name) {
      if (!shape.isEmpty()) {
        shape.append(' ');
      }
      shape.append(token);
      beforePrevious = previousIsName ? "name" : previous;
      previous = token;
      previousIsName = name;
    }

    private void pin(int at) {
      if (!pinned[at]) {
        pinned[at] = true;
        pins++;
      }
    }

    private void unpin(int at) {
      if (pinned[at]) {
        pinned[at] = false;
        pins--;
      }
    }

    private int punctuation(int i, char c, char next) {
      switch (c) {
        case '(' -> {
          if (depth == MAX_DEPTH) {
            return -1;
          }
          depth++;
          if (opensTypeLength() || previous.equals("on") && beforePrevious.equals("distinct")) {
            pin(depth);
          }
        }
        case ')' -> {
          unpin(depth);
          if (--depth < 0) {
            return -1;
          }
        }
        case ':' -> {
          if (next == ':' || next == '=') {
            emit(next == ':' ? "::" : ":=", false);
            return i + 2;
          }
        }
        case '.' -> {
          if (next == '.') {
            return -1;
          }
        }
        default -> {}
      }
      emit(String.valueOf(c), false);
      return i + 1;
    }

    /// Whether this parenthesis, just opened, may hold the length of a type: after the name of one
    /// that has lengths, or after a name where a type may stand (`x::name(`, `AS name(`, `column
    /// name(`).
    private boolean opensTypeLength() {
      if (SIZED.contains(previous)) {
        return true;
      }
      return previousIsName
          && (beforePrevious.equals("::")
              || beforePrevious.equals("as")
              || beforePrevious.equals("name")
              || beforePrevious.equals("."));
    }

    private int parameter(int i) {
      int end = i + 1;
      while (end < sql.length() && Lexemes.isDigit(sql.charAt(end))) {
        end++;
      }
      boolean junk = end < sql.length() && Lexemes.isNameStart(sql.charAt(end));
      if (end == i + 1 || junk) {
        return -1;
      }
      emit(sql.substring(i, end), false);
      return end;
    }

    private int string(int start, int open, boolean escapes) {
      // `type(3) 'text'` is a constant of that type, though `type(3)` looks like a call.
      if (previous.equals(")")) {
        return -1;
      }
      Lexemes.Quoted quoted = Lexemes.string(sql, start, open, escapes, "quoted string");
      add(quoted.value(), start);
      emit("?s", false);
      return quoted.end();
    }

    private int number(int i) {
      int end = Lexemes.numberEnd(sql, i);
      String digits = sql.substring(i, end);
      String mark;
      if (Lexemes.fits(digits, "2147483647")) {
        mark = "?i";
      } else if (Lexemes.fits(digits, "9223372036854775807")) {
        mark = "?l";
      } else {
        mark = "?n";
      }
      // These change their class with a sign before them.
      if (Lexemes.fits(digits, "2147483648") && mark.equals("?l")
          || Lexemes.fits(digits, "9223372036854775808") && mark.equals("?n")) {
        return -1;
      }
      add(digits, i);
      int after = Lexemes.skipBlanks(sql, end);
      boolean bracketed = previous.equals("[") && after < sql.length() && sql.charAt(after) == ']';
      emit(pins > 0 || bracketed ? mark + digits : mark, false);
      return end;
    }

    private void add(String value, int offset) {
      if (literals.size() == offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      offsets[literals.size()] = offset;
      literals.add(value);
    }
  }
}
