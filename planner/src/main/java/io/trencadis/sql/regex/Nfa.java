package io.trencadis.sql.regex;

import io.trencadis.sql.regex.Node.Place;
import java.util.Arrays;

/// A part of an expression as a nondeterministic automaton, by Thompson's construction (Regular
/// Expression Search Algorithm, CACM 1968). Immutable once built.
final class Nfa {
  /// More is too complex an expression.
  private static final int MOST_STATES = 50_000;

  static final byte CHARS = 0;
  static final byte SPLIT = 1;
  static final byte PLACE = 2;
  static final byte LOOK = 3;
  static final byte MATCH = 4;

  private final Colors colors;
  byte[] kind = new byte[16];

  /// The set of CHARS, the place of PLACE, the number of LOOK.
  int[] what = new int[16];

  /// The next state, and a second one or -1.
  int[] next = new int[16];

  int[] other = new int[16];
  private int count;
  private boolean looks;
  final int start;

  Nfa(Node node, Colors colors) {
    this.colors = colors;
    int match = state(MATCH, 0, -1, -1);
    int first = build(node, match);
    // Nothing leads back to the start, so that a search can tell where nothing has begun.
    this.start = state(SPLIT, 0, first, first);
  }

  /// Whether it has constraints that look around.
  boolean looks() {
    return looks;
  }

  int size() {
    return count;
  }

  private int state(byte kindOf, int whatOf, int to, int second) {
    if (count >= MOST_STATES) {
      throw RegexParser.invalid("regular expression is too complex");
    }
    if (count == kind.length) {
      kind = Arrays.copyOf(kind, count * 2);
      what = Arrays.copyOf(what, count * 2);
      next = Arrays.copyOf(next, count * 2);
      other = Arrays.copyOf(other, count * 2);
    }
    kind[count] = kindOf;
    what[count] = whatOf;
    next[count] = to;
    other[count] = second;
    return count++;
  }

  /// The state from which the part leads to another one.
  private int build(Node node, int to) {
    return switch (node) {
      case Node.Empty _ -> to;
      case Node.Chars chars -> state(CHARS, colors.number(chars.set()), to, -1);
      case Node.At place -> state(PLACE, place.place().ordinal(), to, -1);
      case Node.Look look -> {
        looks = true;
        yield state(LOOK, look.number(), to, -1);
      }
      case Node.Sequence row -> build(row.first(), build(row.rest(), to));
      case Node.Choice choice -> {
        int from = build(choice.branches().getLast(), to);
        for (int i = choice.branches().size() - 2; i >= 0; i--) {
          from = state(SPLIT, 0, build(choice.branches().get(i), to), from);
        }
        yield from;
      }
      case Node.Group group -> build(group.node(), to);
      // Whatever the group may match: what it did match is looked at later.
      case Node.Reference reference -> build(reference.group().node(), to);
      case Node.Repeat repeat -> repeat(repeat, to);
    };
  }

  private int repeat(Node.Repeat repeat, int to) {
    int from = to;
    if (repeat.most() < 0) {
      int loop = state(SPLIT, 0, -1, to);
      int body = build(repeat.node(), loop);
      next[loop] = body;
      from = loop;
    } else {
      for (int i = repeat.least(); i < repeat.most(); i++) {
        from = state(SPLIT, 0, build(repeat.node(), from), to);
      }
    }
    for (int i = 0; i < repeat.least(); i++) {
      from = build(repeat.node(), from);
    }
    return from;
  }

  /// Whether a place is there between two characters.
  ///
  /// @param before what kind of character is before it, one of [Colors]' kinds
  static boolean holds(int place, byte before, byte behind) {
    boolean word = before == Colors.WORD;
    boolean nextWord = behind == Colors.WORD;
    return switch (Place.values()[place]) {
      case TEXT_START -> before == Colors.NOTHING;
      case TEXT_END -> behind == Colors.NOTHING;
      case LINE_START -> before == Colors.NOTHING || before == Colors.NEWLINE;
      case LINE_END -> behind == Colors.NOTHING || behind == Colors.NEWLINE;
      case WORD_START -> !word && nextWord;
      case WORD_END -> word && !nextWord;
      case WORD_EDGE -> word != nextWord;
      case NO_WORD_EDGE -> word == nextWord;
    };
  }
}
