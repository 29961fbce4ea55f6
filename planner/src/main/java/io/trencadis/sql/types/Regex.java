package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// PostgreSQL's regular expressions ("advanced" ones), translated to Java's.
///
/// One difference remains: where alternatives match at the same place, Java takes the first,
/// PostgreSQL the longest.
public final class Regex {
  private static final int WORD_FLAGS = Pattern.UNICODE_CHARACTER_CLASS;

  /// What flags such as `gi` ask for.
  public record Flags(
      boolean global,
      int java,
      boolean newlineDot,
      boolean newlineAnchors,
      boolean literal,
      boolean spaced) {
    /// Reads flags.
    ///
    /// @param globalAllowed whether `g` means something to the caller
    public static Flags parse(String text, boolean globalAllowed) {
      boolean global = false;
      boolean insensitive = false;
      boolean dot = false;
      boolean anchors = false;
      boolean literal = false;
      boolean spaced = false;
      for (char c : text.toCharArray()) {
        switch (c) {
          case 'g' -> global = true;
          case 'i' -> insensitive = true;
          case 'c' -> insensitive = false;
          case 'm', 'n' -> {
            dot = true;
            anchors = true;
          }
          case 'p' -> {
            dot = true;
            anchors = false;
          }
          case 'w' -> {
            dot = false;
            anchors = true;
          }
          case 's' -> {
            dot = false;
            anchors = false;
          }
          case 'q' -> literal = true;
          case 'x' -> spaced = true;
          case 't', 'e', 'b' -> {
            // tight syntax; extended and basic expressions are close enough
          }
          default ->
              throw new SqlException(
                  SqlState.INVALID_PARAMETER_VALUE,
                  "invalid regular expression option: \"" + c + "\"");
        }
      }
      if (global && !globalAllowed) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE, "invalid regular expression option: \"g\"");
      }
      int java = insensitive ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
      return new Flags(global, java, dot, anchors, literal, spaced);
    }
  }

  public static final Flags NONE = Flags.parse("", false);
  public static final Flags INSENSITIVE = Flags.parse("i", false);

  private final String source;
  private final Flags flags;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int depth;
  private int groups;

  private Regex(String source, Flags flags) {
    this.source = source;
    this.flags = flags;
  }

  /// Translates and compiles.
  ///
  /// @throws SqlException 2201B if the expression is not valid
  public static Pattern compile(String source, Flags flags) {
    String text = source;
    Flags effective = flags;
    if (text.startsWith("***=")) {
      return Pattern.compile(text.substring(4), flags.java | WORD_FLAGS | Pattern.LITERAL);
    }
    if (text.startsWith("***:")) {
      text = text.substring(4);
    }
    if (text.startsWith("(?") && text.length() > 2 && Character.isLetter(text.charAt(2))) {
      int end = text.indexOf(')');
      if (end > 0) {
        effective = merge(flags, text.substring(2, end));
        text = text.substring(end + 1);
      }
    }
    int java =
        effective.java
            | WORD_FLAGS
            | (effective.newlineDot ? 0 : Pattern.DOTALL)
            | Pattern.UNIX_LINES
            | (effective.newlineAnchors ? Pattern.MULTILINE : 0);
    if (effective.literal) {
      return Pattern.compile(text, effective.java | WORD_FLAGS | Pattern.LITERAL);
    }
    String translated = new Regex(text, effective).translate();
    try {
      return Pattern.compile(translated, java);
    } catch (PatternSyntaxException e) {
      throw new SqlException(
          SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason(e), e);
    }
  }

  private static Flags merge(Flags flags, String embedded) {
    String base =
        (flags.java != 0 ? "i" : "")
            + (flags.newlineDot && flags.newlineAnchors ? "n" : "")
            + (flags.spaced ? "x" : "");
    for (char c : embedded.toCharArray()) {
      if ("bceimnpqstwx".indexOf(c) < 0) {
        throw invalid("invalid embedded option");
      }
    }
    Flags merged = Flags.parse(base + embedded, false);
    return new Flags(
        flags.global,
        merged.java,
        merged.newlineDot,
        merged.newlineAnchors,
        merged.literal,
        merged.spaced);
  }

  private static String reason(PatternSyntaxException e) {
    String text = e.getDescription();
    if (text.startsWith("Unclosed group") || text.startsWith("Unmatched closing")) {
      return "parentheses () not balanced";
    }
    if (text.startsWith("Dangling")) {
      return "quantifier operand invalid";
    }
    if (text.contains("range")) {
      return "invalid character range";
    }
    if (text.contains("repetition")) {
      return "invalid repetition count(s)";
    }
    return "invalid escape \\ sequence";
  }

  private static SqlException invalid(String reason) {
    return new SqlException(
        SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason);
  }

  private String translate() {
    boolean operand = false;
    while (at < source.length()) {
      char c = source.charAt(at);
      switch (c) {
        case '(' -> {
          openGroup();
          operand = false;
          continue;
        }
        case ')' -> {
          if (depth == 0) {
            throw invalid("parentheses () not balanced");
          }
          depth--;
          out.append(')');
          operand = true;
        }
        case '|' -> {
          out.append('|');
          operand = false;
        }
        case '^' -> {
          out.append(flags.newlineAnchors ? "^" : "\\A");
          operand = false;
        }
        case '$' -> {
          out.append(flags.newlineAnchors ? "$" : "\\z");
          operand = true;
        }
        case '*', '+', '?' -> {
          requireOperand(operand);
          quantifier(String.valueOf(c));
          operand = false;
          continue;
        }
        case '{' -> {
          if (at + 1 < source.length() && Character.isDigit(source.charAt(at + 1))) {
            requireOperand(operand);
            bound();
            operand = false;
            continue;
          }
          out.append("\\{");
          operand = true;
        }
        case '[' -> {
          new RegexBracket(source, out, flags.newlineDot).translateAt(at);
          at = RegexBracket.end(source, at);
          operand = true;
          continue;
        }
        case '\\' -> {
          at = RegexEscape.translate(source, at, out, groups);
          operand = true;
          continue;
        }
        case '.' -> {
          out.append(flags.newlineDot ? "[^\\n]" : ".");
          operand = true;
        }
        case '#' -> {
          if (flags.spaced) {
            while (at < source.length() && source.charAt(at) != '\n') {
              at++;
            }
            continue;
          }
          out.append("#");
          operand = true;
        }
        default -> {
          if (flags.spaced && Character.isWhitespace(c)) {
            at++;
            continue;
          }
          if ("}]&~-".indexOf(c) >= 0) {
            out.append('\\');
          }
          out.append(c);
          operand = true;
        }
      }
      at++;
    }
    if (depth > 0) {
      throw invalid("parentheses () not balanced");
    }
    return out.toString();
  }

  private void requireOperand(boolean operand) {
    if (!operand) {
      throw invalid("quantifier operand invalid");
    }
  }

  private void openGroup() {
    depth++;
    at++;
    out.append('(');
    if (at < source.length() && source.charAt(at) == '?') {
      String rest = source.substring(at, Math.min(at + 3, source.length()));
      String kind =
          rest.startsWith("?<=") || rest.startsWith("?<!")
              ? rest
              : rest.startsWith("?:") || rest.startsWith("?=") || rest.startsWith("?!")
                  ? rest.substring(0, 2)
                  : null;
      if (kind == null) {
        throw invalid("quantifier operand invalid");
      }
      out.append(kind);
      at += kind.length();
      return;
    }
    groups++;
  }

  private void quantifier(String text) {
    out.append(text);
    at++;
    if (at < source.length() && source.charAt(at) == '?') {
      out.append('?');
      at++;
    }
    if (at < source.length() && "*+?".indexOf(source.charAt(at)) >= 0) {
      throw invalid("quantifier operand invalid");
    }
  }

  private void bound() {
    int end = source.indexOf('}', at);
    if (end < 0) {
      throw invalid("braces {} not balanced");
    }
    String body = source.substring(at + 1, end);
    String[] parts = body.split(",", -1);
    try {
      int low = Integer.parseInt(parts[0]);
      int high = parts.length == 1 ? low : parts[1].isEmpty() ? 255 : Integer.parseInt(parts[1]);
      if (parts.length > 2 || low > 255 || high > 255 || low > high) {
        throw invalid("invalid repetition count(s)");
      }
    } catch (NumberFormatException e) {
      throw invalid("invalid repetition count(s)");
    }
    at = end;
    quantifier("{" + body + "}");
  }
}
