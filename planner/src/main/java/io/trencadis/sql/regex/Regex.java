package io.trencadis.sql.regex;

import io.trencadis.sql.regex.RegexFlags.Syntax;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// A compiled regular expression. Thread-safe.
public final class Regex {
  private static final int MOST_DEPTH = 2_000;

  private final Node tree;
  private final int groups;
  private final boolean references;
  private final boolean insensitive;
  private final Colors colors;
  private final Look[] looks;
  private final boolean anchored;
  private final Dfa search;
  private final Dfa whole;
  private final Map<Node, Dfa> parts = new IdentityHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /// A constraint that looks around.
  record Look(boolean ahead, boolean negated, Dfa dfa) {}

  private Regex(String source, RegexFlags flags) {
    String text = source;
    RegexFlags effective = flags;
    if (effective.syntax() != Syntax.LITERAL) {
      if (text.startsWith("***=")) {
        effective = effective.of(Syntax.LITERAL);
        text = text.substring(4);
      } else if (text.startsWith("***:")) {
        effective = effective.of(Syntax.ADVANCED);
        text = text.substring(4);
      } else if (text.startsWith("***") && text.length() > 3) {
        throw RegexParser.invalid(
            text.charAt(3) == '?'
                ? "invalid regexp (reg version 0.8)"
                : "quantifier operand invalid");
      }
    }
    if (effective.syntax() == Syntax.ADVANCED
        && text.startsWith("(?")
        && text.length() > 2
        && isLetter(text.charAt(2))) {
      int end = 2;
      while (end < text.length() && isLetter(text.charAt(end))) {
        effective = effective.with(text.charAt(end++));
        if (effective == null) {
          throw RegexParser.invalid("invalid embedded option");
        }
      }
      if (end == text.length() || text.charAt(end) != ')') {
        throw RegexParser.invalid("invalid embedded option");
      }
      text = text.substring(end + 1);
    }
    this.insensitive = effective.insensitive();
    if (effective.syntax() == Syntax.LITERAL) {
      this.tree = literal(text, effective);
      this.groups = 0;
      this.references = false;
      this.colors = colors(tree);
      this.looks = new Look[0];
    } else {
      RegexParser parser =
          effective.syntax() == Syntax.BASIC
              ? new BasicParser(text, effective)
              : new RegexParser(text, effective);
      this.tree = parsed(parser);
      this.groups = parser.groups();
      this.references = parser.hasReferences();
      this.colors = colors(tree);
      this.looks = new Look[parser.looks()];
      addLooks(tree);
    }
    this.anchored = isAnchored(tree);
    Nfa nfa = new Nfa(tree, colors);
    this.search = new Dfa(nfa, colors, true);
    this.whole = new Dfa(nfa, colors, false);
  }

  private static Node parsed(RegexParser parser) {
    try {
      return parser.parse();
    } catch (StackOverflowError e) {
      throw RegexParser.invalid("regular expression is too complex");
    }
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static Node literal(String text, RegexFlags flags) {
    List<Node> parts = new ArrayList<>();
    text.codePoints()
        .forEach(
            c ->
                parts.add(
                    new Node.Chars(flags.insensitive() ? CharSet.of(c).anyCase() : CharSet.of(c))));
    return RegexParser.sequence(parts);
  }

  /// Compiles an expression.
  ///
  /// @throws io.trencadis.base.SqlException 2201B if it is not valid
  public static Regex compile(String source, RegexFlags flags) {
    if (source.length() > MOST_DEPTH * 1_000) {
      throw RegexParser.invalid("regular expression is too complex");
    }
    try {
      return new Regex(source, flags);
    } catch (StackOverflowError e) {
      throw RegexParser.invalid("regular expression is too complex");
    }
  }

  private static Colors colors(Node tree) {
    List<CharSet> sets = new ArrayList<>();
    boolean[] words = {false};
    gather(tree, sets, words);
    return new Colors(sets, words[0]);
  }

  private static void gather(Node node, List<CharSet> sets, boolean[] words) {
    switch (node) {
      case Node.Chars chars -> sets.add(chars.set());
      case Node.At at -> words[0] |= at.place().ordinal() >= Node.Place.WORD_START.ordinal();
      case Node.Look look -> gather(look.node(), sets, words);
      case Node.Sequence row -> {
        gather(row.first(), sets, words);
        gather(row.rest(), sets, words);
      }
      case Node.Choice choice -> choice.branches().forEach(each -> gather(each, sets, words));
      case Node.Repeat repeat -> gather(repeat.node(), sets, words);
      case Node.Group group -> gather(group.node(), sets, words);
      // The group itself may be in nothing that is to be there: `(.){0}\1`.
      case Node.Reference reference -> gather(reference.group().node(), sets, words);
      case Node.Empty _ -> {}
    }
  }

  private void addLooks(Node node) {
    switch (node) {
      case Node.Look look -> {
        addLooks(look.node());
        looks[look.number()] =
            new Look(
                look.ahead(),
                look.negated(),
                new Dfa(new Nfa(look.node(), colors), colors, !look.ahead()));
      }
      case Node.Sequence row -> {
        addLooks(row.first());
        addLooks(row.rest());
      }
      case Node.Choice choice -> choice.branches().forEach(this::addLooks);
      case Node.Repeat repeat -> addLooks(repeat.node());
      case Node.Group group -> addLooks(group.node());
      case Node.Reference reference -> addLooks(reference.group().node());
      case Node.Chars _, Node.At _, Node.Empty _ -> {}
    }
  }

  /// How many parenthesized parts it captures.
  public int groups() {
    return groups;
  }

  /// Something to find matches in a text with.
  public RegexMatcher matcher(String text) {
    return new RegexMatcher(this, text);
  }

  /// Whether it matches anywhere in a text.
  public boolean matches(String text) {
    Subject subject = new Subject(text, this);
    return references ? matcher(text).find() : search(subject, 0) != null;
  }

  /// Where the first match ends that begins at a place or behind it, and from where on it may
  /// begin; null if there is none.
  int[] search(Subject text, int from) {
    if (!anchored) {
      return search.search(text, from);
    }
    int end = from > 0 ? -1 : whole.shortest(text, 0, 0, text.length());
    return end < 0 ? null : new int[] {0, end};
  }

  /// Whether every match begins where the text does.
  private static boolean isAnchored(Node node) {
    return switch (node) {
      case Node.At at -> at.place() == Node.Place.TEXT_START;
      case Node.Sequence row -> isAnchored(row.first());
      case Node.Group group -> isAnchored(group.node());
      case Node.Choice choice -> choice.branches().stream().allMatch(Regex::isAnchored);
      default -> false;
    };
  }

  Node tree() {
    return tree;
  }

  boolean hasReferences() {
    return references;
  }

  boolean insensitive() {
    return insensitive;
  }

  Colors colors() {
    return colors;
  }

  Look[] looks() {
    return looks;
  }

  /// The automaton of the whole or of a part of the tree.
  Dfa dfa(Node node) {
    if (node == tree) {
      return whole;
    }
    lock.lock();
    try {
      Dfa known = parts.get(node);
      if (known == null) {
        known = new Dfa(new Nfa(node, colors), colors, false);
        parts.put(node, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }
}
