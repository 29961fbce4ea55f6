package io.trencadis.sql.regex;

/// A bracket expression (manual, 9.7.3.2), from behind its first bracket on.
final class Bracket {
  private final RegexParser in;
  private final CharSet.Builder set = new CharSet.Builder();

  Bracket(RegexParser in) {
    this.in = in;
  }

  CharSet set() {
    boolean negated = in.next("^");
    if (negated) {
      in.at++;
    }
    for (boolean first = true; ; first = false) {
      if (in.ends()) {
        throw RegexParser.invalid("brackets [] not balanced");
      }
      if (in.peek() == ']' && !first) {
        in.at++;
        break;
      }
      part(first);
    }
    CharSet all = set.build();
    if (in.flags.insensitive()) {
      all = all.anyCase();
    }
    if (negated) {
      all = all.complement();
      if (in.flags.newlineDot()) {
        all = all.without(CharSet.NEWLINE);
      }
    }
    return all;
  }

  private void part(boolean first) {
    if (in.peek() == '-' && !first && !in.next("-]")) {
      throw RegexParser.invalid("invalid character range");
    }
    if (in.next("[:")) {
      String name = delimited(":]");
      CharSet named = CharClasses.named(name);
      if (named == null) {
        throw RegexParser.invalid("invalid character class");
      }
      boolean letters = name.equals("upper") || name.equals("lower");
      set.add(in.flags.insensitive() && letters ? CharClasses.named("alpha") : named);
      return;
    }
    if (in.next("[=")) {
      int c = element(delimited("=]"));
      set.add(c, c);
      return;
    }
    if (escapes() && in.peek() == '\\' && in.at + 1 < in.source.length()) {
      CharSet named = in.classEscape(in.source.charAt(in.at + 1));
      if (named != null) {
        in.at += 2;
        set.add(named);
        return;
      }
    }
    int from = character();
    if (in.ends() || in.peek() != '-' || in.next("-]")) {
      set.add(from, from);
      return;
    }
    in.at++;
    if (in.ends()) {
      throw RegexParser.invalid("brackets [] not balanced");
    }
    if (in.next("[:") || in.next("[=")) {
      throw RegexParser.invalid("invalid character range");
    }
    int to = character();
    if (from > to) {
      throw RegexParser.invalid("invalid character range");
    }
    set.add(from, to);
  }

  private boolean escapes() {
    return in.flags.syntax() == RegexFlags.Syntax.ADVANCED;
  }

  private int character() {
    if (in.next("[.")) {
      return element(delimited(".]"));
    }
    int c = in.take();
    if (c != '\\' || !escapes()) {
      return c;
    }
    if (in.ends()) {
      throw RegexParser.invalid("invalid escape \\ sequence");
    }
    if ("dDsSwW".indexOf(in.peek()) >= 0) {
      throw RegexParser.invalid("invalid character range");
    }
    return in.characterEscape();
  }

  private String delimited(String end) {
    int to = in.source.indexOf(end, in.at + 2);
    if (to < 0) {
      throw RegexParser.invalid("brackets [] not balanced");
    }
    String name = in.source.substring(in.at + 2, to);
    in.at = to + 2;
    return name;
  }

  private static int element(String name) {
    int c = name.isEmpty() ? -1 : CharClasses.element(name);
    if (c < 0) {
      throw RegexParser.invalid("invalid collating element");
    }
    return c;
  }
}
