package io.trencadis.sql.regex;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// What flags such as `gi` ask for (manual, table 9.24).
///
/// @param newlineDot whether neither `.` nor a bracket expression with `^` matches a newline
/// @param newlineAnchors whether `^` and `$` match at newlines, too
/// @param expanded whether blanks and comments are passed over
public record RegexFlags(
    boolean global,
    boolean insensitive,
    boolean newlineDot,
    boolean newlineAnchors,
    Syntax syntax,
    boolean expanded) {
  /// Which kind of expression it is.
  public enum Syntax {
    ADVANCED,
    EXTENDED,
    BASIC,
    LITERAL
  }

  public static final RegexFlags NONE =
      new RegexFlags(false, false, false, false, Syntax.ADVANCED, false);
  public static final RegexFlags INSENSITIVE =
      new RegexFlags(false, true, false, false, Syntax.ADVANCED, false);

  /// Reads flags.
  ///
  /// @param globalAllowed whether `g` means something to the caller
  /// @throws SqlException 22023 for one that is none
  public static RegexFlags parse(String text, boolean globalAllowed) {
    RegexFlags flags = NONE;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      char c = text.charAt(i);
      // PostgreSQL's functions take e to mean what b does; only within an expression it differs.
      RegexFlags next =
          c == 'g' && globalAllowed ? flags.withGlobal() : flags.with(c == 'e' ? 'b' : c);
      if (next == null) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE,
            "invalid regular expression option: \""
                + Character.toString(text.codePointAt(i))
                + "\"");
      }
      flags = next;
    }
    return flags;
  }

  private RegexFlags withGlobal() {
    return new RegexFlags(true, insensitive, newlineDot, newlineAnchors, syntax, expanded);
  }

  private RegexFlags newlines(boolean dot, boolean anchors) {
    return new RegexFlags(global, insensitive, dot, anchors, syntax, expanded);
  }

  private RegexFlags letters(boolean same) {
    return new RegexFlags(global, same, newlineDot, newlineAnchors, syntax, expanded);
  }

  private RegexFlags spaced(boolean value) {
    return new RegexFlags(global, insensitive, newlineDot, newlineAnchors, syntax, value);
  }

  RegexFlags of(Syntax value) {
    return new RegexFlags(global, insensitive, newlineDot, newlineAnchors, value, expanded);
  }

  /// The flags with one more letter's meaning; null for a letter without one.
  RegexFlags with(char letter) {
    return switch (letter) {
      case 'i' -> letters(true);
      case 'c' -> letters(false);
      case 'm', 'n' -> newlines(true, true);
      case 'p' -> newlines(true, false);
      case 'w' -> newlines(false, true);
      case 's' -> newlines(false, false);
      case 'x' -> spaced(true);
      case 't' -> spaced(false);
      case 'q' -> of(Syntax.LITERAL);
      case 'e' -> of(Syntax.EXTENDED);
      case 'b' -> of(Syntax.BASIC);
      default -> null;
    };
  }
}
