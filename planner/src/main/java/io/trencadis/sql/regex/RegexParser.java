package io.trencadis.sql.regex;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.regex.Node.Place;
import io.trencadis.sql.regex.Node.Taste;
import java.util.ArrayList;
import java.util.List;

/// Reads advanced and extended expressions.
class RegexParser {
  static final int MOST_REPEATS = 255;

  protected final String source;
  protected final RegexFlags flags;
  protected int at;
  private final List<Node.Group> closed = new ArrayList<>();
  private int opened;
  private int looks;
  private int inside;
  private boolean references;

  RegexParser(String source, RegexFlags flags) {
    this.source = source;
    this.flags = flags;
  }

  /// @throws SqlException 2201B
  static SqlException invalid(String reason) {
    return new SqlException(
        SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason);
  }

  Node parse() {
    Node whole = choice(0);
    if (at < source.length()) {
      throw invalid("parentheses () not balanced");
    }
    return whole;
  }

  int groups() {
    return opened;
  }

  int looks() {
    return looks;
  }

  boolean hasReferences() {
    return references;
  }

  private boolean advanced() {
    return flags.syntax() == RegexFlags.Syntax.ADVANCED;
  }

  protected boolean ends() {
    return at >= source.length();
  }

  protected char peek() {
    return source.charAt(at);
  }

  protected boolean next(String text) {
    return source.startsWith(text, at);
  }

  protected int take() {
    int c = source.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  /// Passes over comments and, in expanded syntax, blanks.
  private void skip() {
    while (!ends()) {
      if (advanced() && next("(?#")) {
        while (!ends() && peek() != ')') {
          at++;
        }
        at = Math.min(at + 1, source.length());
      } else if (flags.expanded() && (Character.isWhitespace(peek()))) {
        at++;
      } else if (flags.expanded() && peek() == '#') {
        while (!ends() && peek() != '\n') {
          at++;
        }
      } else {
        return;
      }
    }
  }

  private Node choice(int depth) {
    List<Node> branches = new ArrayList<>();
    branches.add(branch(depth));
    while (!ends() && peek() == '|') {
      at++;
      branches.add(branch(depth));
    }
    return branches.size() == 1
        ? branches.getFirst()
        : new Node.Choice(branches, branches.stream().anyMatch(Node::hasParts));
  }

  private Node branch(int depth) {
    List<Node> parts = new ArrayList<>();
    for (skip(); !ends() && peek() != '|' && !(peek() == ')' && closes(depth)); skip()) {
      parts.add(quantified(depth));
    }
    return sequence(parts);
  }

  /// A closing parenthesis without an opening one is a character in POSIX extended expressions.
  private boolean closes(int depth) {
    if (depth == 0 && advanced()) {
      throw invalid("parentheses () not balanced");
    }
    return depth > 0;
  }

  /// The parts in a row. Those that match one length each are one part, so that there are fewer
  /// places where the parts could meet.
  static Node sequence(List<Node> parts) {
    if (parts.isEmpty()) {
      return new Node.Empty();
    }
    List<Node> runs = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= parts.size(); i++) {
      boolean plain =
          i < parts.size() && parts.get(i).taste() == Taste.NONE && !parts.get(i).hasParts();
      if (plain) {
        continue;
      }
      if (i > from) {
        runs.add(joined(parts.subList(from, i)));
      }
      if (i < parts.size()) {
        runs.add(parts.get(i));
      }
      from = i + 1;
    }
    return joined(runs);
  }

  private static Node joined(List<Node> parts) {
    Node whole = parts.getLast();
    for (int i = parts.size() - 2; i >= 0; i--) {
      Node first = parts.get(i);
      Taste taste = first.taste() != Taste.NONE ? first.taste() : whole.taste();
      whole = new Node.Sequence(first, whole, taste, first.hasParts() || whole.hasParts());
    }
    return whole;
  }

  private Node quantified(int depth) {
    if (isQuantifier()) {
      throw invalid("quantifier operand invalid");
    }
    boolean bare = !next("(") || next("(?=") || next("(?!") || next("(?<");
    Node atom = atom(depth);
    skip();
    if (!isQuantifier()) {
      return atom;
    }
    if (bare && (atom instanceof Node.At || atom instanceof Node.Look)) {
      throw invalid("quantifier operand invalid");
    }
    Node repeated = repeat(atom);
    skip();
    if (isQuantifier()) {
      throw invalid("quantifier operand invalid");
    }
    return repeated;
  }

  private boolean isQuantifier() {
    if (ends()) {
      return false;
    }
    char c = peek();
    return c == '*'
        || c == '+'
        || c == '?'
        || c == '{' && (!advanced() || at + 1 < source.length() && isDigit(source.charAt(at + 1)));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private Node repeat(Node atom) {
    int least = 0;
    int most = -1;
    boolean passes = false;
    switch (take()) {
      case '+' -> least = 1;
      case '?' -> most = 1;
      case '{' -> {
        int[] bound = bound();
        least = bound[0];
        most = bound[1];
        passes = bound[2] != 0;
        close();
      }
      default -> {}
    }
    boolean shortest = advanced() && !ends() && peek() == '?';
    if (shortest) {
      at++;
    }
    Taste taste = passes ? atom.taste() : shortest ? Taste.SHORTEST : Taste.LONGEST;
    return repeat(atom, least, most, taste);
  }

  static Node repeat(Node atom, int least, int most, Taste taste) {
    if (most == 0) {
      return new Node.Empty();
    }
    if (least == 1 && most == 1 && (taste == atom.taste())) {
      return atom;
    }
    if (least > 0 && atom.hasParts() && !refers(atom)) {
      // What groups hold after the last round is all that counts, so that the other rounds need
      // none. Where the last one begins is decided by this, too.
      int others = most < 0 ? -1 : most - 1;
      Node last = atom;
      if (others == 0) {
        return new Node.Repeat(atom, 1, 1, taste, true);
      }
      Node before = new Node.Repeat(withoutGroups(atom), least - 1, others, taste, false);
      return new Node.Sequence(before, last, taste, true);
    }
    return new Node.Repeat(atom, least, most, taste, atom.hasParts());
  }

  private static boolean refers(Node node) {
    return switch (node) {
      case Node.Reference _ -> true;
      case Node.Sequence row -> refers(row.first()) || refers(row.rest());
      case Node.Choice choice -> choice.branches().stream().anyMatch(RegexParser::refers);
      case Node.Repeat repeat -> refers(repeat.node());
      case Node.Group group -> refers(group.node());
      default -> false;
    };
  }

  private static Node withoutGroups(Node node) {
    if (!node.hasParts()) {
      return node;
    }
    return switch (node) {
      case Node.Group group -> withoutGroups(group.node());
      case Node.Sequence row ->
          new Node.Sequence(
              withoutGroups(row.first()), withoutGroups(row.rest()), row.taste(), false);
      case Node.Choice choice ->
          new Node.Choice(
              choice.branches().stream().map(RegexParser::withoutGroups).toList(), false);
      case Node.Repeat repeat ->
          new Node.Repeat(
              withoutGroups(repeat.node()), repeat.least(), repeat.most(), repeat.taste(), false);
      default -> node;
    };
  }

  protected void close() {
    if (ends()) {
      throw invalid("braces {} not balanced");
    }
    if (peek() != '}') {
      throw invalid("invalid repetition count(s)");
    }
    at++;
  }

  /// The least and the most, and whether it was one number.
  protected int[] bound() {
    int least = number();
    int most = least;
    boolean one = true;
    if (!ends() && peek() == ',') {
      at++;
      one = false;
      most = !ends() && isDigit(peek()) ? number() : -1;
      if (most >= 0 && least > most) {
        throw invalid("invalid repetition count(s)");
      }
    }
    return new int[] {least, most, one ? 1 : 0};
  }

  private int number() {
    int value = 0;
    int from = at;
    while (!ends() && isDigit(peek())) {
      value = value * 10 + take() - '0';
      if (value > MOST_REPEATS) {
        throw invalid("invalid repetition count(s)");
      }
    }
    if (from == at) {
      throw ends() ? invalid("braces {} not balanced") : invalid("invalid repetition count(s)");
    }
    return value;
  }

  private Node atom(int depth) {
    int c = take();
    return switch (c) {
      case '(' -> parentheses(depth);
      case '[' -> bracket();
      case '.' ->
          new Node.Chars(flags.newlineDot() ? CharSet.ALL.without(CharSet.NEWLINE) : CharSet.ALL);
      case '^' -> new Node.At(flags.newlineAnchors() ? Place.LINE_START : Place.TEXT_START);
      case '$' -> new Node.At(flags.newlineAnchors() ? Place.LINE_END : Place.TEXT_END);
      case '\\' -> escape();
      default -> character(c);
    };
  }

  protected Node character(int c) {
    CharSet set = CharSet.of(c);
    return new Node.Chars(flags.insensitive() ? set.anyCase() : set);
  }

  protected Node bracket() {
    if (next("[:<:]]")) {
      at += 6;
      return new Node.At(Place.WORD_START);
    }
    if (next("[:>:]]")) {
      at += 6;
      return new Node.At(Place.WORD_END);
    }
    return new Node.Chars(new Bracket(this).set());
  }

  private Node parentheses(int depth) {
    if (advanced() && next("?")) {
      at++;
      String kind = lookKind();
      at += kind.length();
      if (kind.equals(":")) {
        return closed(choice(depth + 1));
      }
      inside++;
      Node node = closed(choice(depth + 1));
      inside--;
      return new Node.Look(looks++, !kind.startsWith("<"), kind.endsWith("!"), node);
    }
    if (inside > 0) {
      return closed(choice(depth + 1));
    }
    int number = ++opened;
    closed.add(null);
    Node.Group group = new Node.Group(closed(choice(depth + 1)), number);
    closed.set(number - 1, group);
    return group;
  }

  private String lookKind() {
    for (String kind : new String[] {":", "=", "!", "<=", "<!"}) {
      if (next(kind)) {
        return kind;
      }
    }
    throw invalid("quantifier operand invalid");
  }

  private Node closed(Node node) {
    if (ends()) {
      throw invalid("parentheses () not balanced");
    }
    at++;
    return node;
  }

  protected Node reference(int number) {
    if (inside > 0) {
      throw invalid("invalid backreference number");
    }
    Node.Group group = number <= closed.size() ? closed.get(number - 1) : null;
    if (group == null) {
      throw invalid("invalid backreference number");
    }
    references = true;
    return new Node.Reference(group);
  }

  /// Begins a group of a basic expression.
  protected Node group(java.util.function.Supplier<Node> content) {
    int number = ++opened;
    closed.add(null);
    Node.Group group = new Node.Group(content.get(), number);
    closed.set(number - 1, group);
    return group;
  }

  // ---- escapes

  private Node escape() {
    if (ends()) {
      throw invalid("invalid escape \\ sequence");
    }
    if (!advanced()) {
      return character(take());
    }
    char c = peek();
    CharSet set = classEscape(c);
    if (set != null) {
      at++;
      return new Node.Chars(set);
    }
    Place place =
        switch (c) {
          case 'A' -> Place.TEXT_START;
          case 'Z' -> Place.TEXT_END;
          case 'm' -> Place.WORD_START;
          case 'M' -> Place.WORD_END;
          case 'y' -> Place.WORD_EDGE;
          case 'Y' -> Place.NO_WORD_EDGE;
          default -> null;
        };
    if (place != null) {
      at++;
      return new Node.At(place);
    }
    if (c >= '1' && c <= '9') {
      int from = at;
      int number = 0;
      while (!ends() && isDigit(peek()) && number < 1000) {
        number = number * 10 + take() - '0';
      }
      if (at - from == 1 || number <= opened) {
        return reference(number);
      }
      at = from;
      // More digits than there are groups: an octal number.
      if (c > '7') {
        throw invalid("invalid backreference number");
      }
      return character(octal());
    }
    return character(characterEscape());
  }

  /// The set of `\d` and the like, or null.
  CharSet classEscape(char c) {
    return switch (c) {
      case 'd' -> CharClasses.digit();
      case 'D' -> CharClasses.digit().complement();
      case 's' -> CharClasses.space();
      case 'S' -> CharClasses.space().complement();
      case 'w' -> CharClasses.word();
      case 'W' -> CharClasses.word().complement();
      default -> null;
    };
  }

  private int octal() {
    int value = 0;
    for (int digits = 0; digits < 3 && !ends() && peek() >= '0' && peek() <= '7'; digits++) {
      value = value * 8 + take() - '0';
    }
    return value;
  }

  /// The character that an escape stands for; the backslash is already read.
  int characterEscape() {
    int c = take();
    boolean word = c < 128 && Character.isLetterOrDigit(c);
    if (!word) {
      return c;
    }
    switch (c) {
      case 'a':
        return 7;
      case 'b':
        return '\b';
      case 'B':
        return '\\';
      case 'c':
        if (ends()) {
          throw invalid("invalid escape \\ sequence");
        }
        return take() & 0x1f;
      case 'e':
        return 27;
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        return hexadecimal(4, 4);
      case 'U':
        return hexadecimal(8, 8);
      case 'v':
        return 11;
      case 'x':
        return hexadecimal(1, 255);
      case '0':
        at--;
        return octal();
      default:
        throw invalid("invalid escape \\ sequence");
    }
  }

  private int hexadecimal(int least, int most) {
    long value = 0;
    int digits = 0;
    while (digits < most && !ends() && Character.digit(peek(), 16) >= 0 && peek() < 128) {
      value = Math.min(value * 16 + Character.digit(take(), 16), Integer.MAX_VALUE);
      digits++;
    }
    if (digits < least || value > Character.MAX_CODE_POINT) {
      throw invalid("invalid escape \\ sequence");
    }
    return (int) value;
  }
}
