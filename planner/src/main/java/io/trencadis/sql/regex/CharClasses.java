package io.trencadis.sql.regex;

import java.util.HashMap;
import java.util.Map;

/// The named classes of characters, by Unicode's properties, and the names of single ones.
final class CharClasses {
  private CharClasses() {}

  /// Made when first asked for: a look at every character there is.
  private static final class Word {
    static final CharSet SET =
        CharSet.where(c -> c == '_' || Character.isLetterOrDigit(c) || isMark(c));
  }

  private static final class Alphabetic {
    static final CharSet SET = CharSet.where(c -> Character.isLetter(c) || isMark(c));
  }

  private static final class Upper {
    static final CharSet SET = CharSet.where(Character::isUpperCase);
  }

  private static final class Lower {
    static final CharSet SET = CharSet.where(Character::isLowerCase);
  }

  private static final class Print {
    static final CharSet SET =
        CharSet.where(c -> Character.isDefined(c) && !Character.isISOControl(c));
  }

  private static final class Punctuation {
    static final CharSet SET =
        CharSet.where(
            c ->
                Character.isDefined(c)
                    && !Character.isISOControl(c)
                    && !Character.isLetterOrDigit(c)
                    && !isMark(c)
                    && !isSpace(c));
  }

  private static boolean isMark(int c) {
    return Character.isAlphabetic(c);
  }

  private static boolean isSpace(int c) {
    return c >= 9 && c <= 13 || c != 0xa0 && c != 0x2007 && c != 0x202f && Character.isSpaceChar(c);
  }

  private static final class Space {
    static final CharSet SET = CharSet.where(CharClasses::isSpace);
  }

  static CharSet word() {
    return Word.SET;
  }

  static CharSet digit() {
    return CharSet.range('0', '9');
  }

  static CharSet space() {
    return Space.SET;
  }

  /// The class of that name, or null.
  static CharSet named(String name) {
    return switch (name) {
      case "alpha" -> Alphabetic.SET;
      case "alnum" -> Word.SET.without(CharSet.of('_'));
      case "word" -> Word.SET;
      case "digit" -> digit();
      case "xdigit" -> new CharSet.Builder().add('0', '9').add('a', 'f').add('A', 'F').build();
      case "upper" -> Upper.SET;
      case "lower" -> Lower.SET;
      case "space" -> Space.SET;
      case "blank" -> new CharSet.Builder().add(' ', ' ').add('\t', '\t').build();
      case "cntrl" -> new CharSet.Builder().add(0, 31).add(127, 159).build();
      case "print" -> Print.SET;
      case "graph" -> Print.SET.without(Space.SET);
      case "punct" -> Punctuation.SET;
      case "ascii" -> CharSet.range(0, 127);
      default -> null;
    };
  }

  private static final class Names {
    static final Map<String, Integer> ALL = all();

    private static Map<String, Integer> all() {
      Map<String, Integer> names = new HashMap<>();
      String[] controls = {
        "NUL",
        "SOH",
        "STX",
        "ETX",
        "EOT",
        "ENQ",
        "ACK",
        "BEL",
        "BS",
        "HT",
        "LF",
        "VT",
        "FF",
        "CR",
        "SO",
        "SI",
        "DLE",
        "DC1",
        "DC2",
        "DC3",
        "DC4",
        "NAK",
        "SYN",
        "ETB",
        "CAN",
        "EM",
        "SUB",
        "ESC",
        "IS4",
        "IS3",
        "IS2",
        "IS1",
        "space",
        "exclamation-mark",
        "quotation-mark",
        "number-sign",
        "dollar-sign",
        "percent-sign",
        "ampersand",
        "apostrophe",
        "left-parenthesis",
        "right-parenthesis",
        "asterisk",
        "plus-sign",
        "comma",
        "hyphen",
        "period",
        "slash",
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "colon",
        "semicolon",
        "less-than-sign",
        "equals-sign",
        "greater-than-sign",
        "question-mark",
        "commercial-at"
      };
      for (int i = 0; i < controls.length; i++) {
        names.put(controls[i], i);
      }
      String[] more = {
        "alert",
        "\u0007",
        "backspace",
        "\b",
        "tab",
        "\t",
        "newline",
        "\n",
        "vertical-tab",
        "\u000b",
        "form-feed",
        "\f",
        "carriage-return",
        "\r",
        "hyphen-minus",
        "-",
        "full-stop",
        ".",
        "solidus",
        "/",
        "left-square-bracket",
        "[",
        "backslash",
        "\\",
        "reverse-solidus",
        "\\",
        "right-square-bracket",
        "]",
        "circumflex",
        "^",
        "circumflex-accent",
        "^",
        "underscore",
        "_",
        "low-line",
        "_",
        "grave-accent",
        "`",
        "left-brace",
        "{",
        "left-curly-bracket",
        "{",
        "vertical-line",
        "|",
        "right-brace",
        "}",
        "right-curly-bracket",
        "}",
        "tilde",
        "~",
        "DEL",
        "\u007f"
      };
      for (int i = 0; i < more.length; i += 2) {
        names.put(more[i], (int) more[i + 1].charAt(0));
      }
      return names;
    }
  }

  /// The character of a collating element's name, or -1.
  static int element(String name) {
    if (name.codePointCount(0, name.length()) == 1) {
      return name.codePointAt(0);
    }
    return Names.ALL.getOrDefault(name, -1);
  }
}
