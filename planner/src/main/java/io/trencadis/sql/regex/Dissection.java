package io.trencadis.sql.regex;

import io.trencadis.sql.regex.Node.Taste;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// Finds which part of a match belongs to which part of the expression: parts that begin earlier
/// choose first, each by its taste (manual, 9.7.3.5). Confined to one thread.
final class Dissection {
  private final Regex regex;
  private final Subject text;
  private final int[] groups;

  /// Rests of repetitions for which there is no way. With back-references it depends on more.
  private final Set<Long> hopeless = new HashSet<>();

  /// @param groups what is filled: two places for each group, -1 for one that took no part
  Dissection(Regex regex, Subject text, int[] groups) {
    this.regex = regex;
    this.text = text;
    this.groups = groups;
  }

  /// Whether a part of the expression matches from one place to another, which its automaton says
  /// that it may.
  boolean run(Node node, int from, int to) {
    if (!node.hasParts()) {
      return true;
    }
    return switch (node) {
      case Node.Group group -> {
        if (!run(group.node(), from, to)) {
          yield false;
        }
        groups[2 * group.number()] = from;
        groups[2 * group.number() + 1] = to;
        yield true;
      }
      case Node.Reference reference -> {
        int number = reference.group().number();
        yield groups[2 * number] >= 0
            && text.same(groups[2 * number], groups[2 * number + 1], from, to, regex.insensitive());
      }
      case Node.Sequence row -> sequence(row, from, to);
      case Node.Choice choice -> {
        for (Node branch : choice.branches()) {
          if (regex.dfa(branch).matches(text, from, to)) {
            if (run(branch, from, to)) {
              yield true;
            }
            forget(branch);
          }
        }
        yield false;
      }
      case Node.Repeat repeat -> repeat(repeat, from, to);
      default -> true;
    };
  }

  private void forget(Node node) {
    switch (node) {
      case Node.Group group -> {
        groups[2 * group.number()] = -1;
        groups[2 * group.number() + 1] = -1;
        forget(group.node());
      }
      case Node.Sequence row -> {
        forget(row.first());
        forget(row.rest());
      }
      case Node.Choice choice -> choice.branches().forEach(this::forget);
      case Node.Repeat repeat -> forget(repeat.node());
      default -> {}
    }
  }

  private boolean sequence(Node.Sequence row, int from, int to) {
    Dfa first = regex.dfa(row.first());
    Dfa rest = regex.dfa(row.rest());
    boolean shortest = row.first().taste() == Taste.SHORTEST;
    int middle = shortest ? first.shortest(text, from, from, to) : first.longest(text, from, to);
    while (middle >= 0) {
      if (rest.matches(text, middle, to)) {
        if (run(row.first(), from, middle) && run(row.rest(), middle, to)) {
          return true;
        }
        forget(row.first());
        forget(row.rest());
      }
      if (shortest) {
        middle = middle >= to ? -1 : first.shortest(text, from, text.after(middle), to);
      } else {
        middle = middle <= from ? -1 : first.longest(text, from, text.before(middle));
      }
    }
    return false;
  }

  private boolean repeat(Node.Repeat repeat, int from, int to) {
    forget(repeat.node());
    if (repeat.node() instanceof Node.Reference reference
        && groups[2 * reference.group().number()] < 0) {
      return false;
    }
    if (from == to && repeat.least() == 0) {
      // One round of nothing, if there can be one, says more than none.
      if (repeat.node().taste() != Taste.SHORTEST
          && regex.dfa(repeat.node()).matches(text, from, to)
          && !run(repeat.node(), from, to)) {
        forget(repeat.node());
      }
      return true;
    }
    if (repeat.least() == 1 && repeat.most() == 1) {
      return run(repeat.node(), from, to);
    }
    if (!regex.hasReferences()) {
      hopeless.clear();
    }
    int[] ends = new int[16];
    ends[0] = from;
    return rounds(repeat, ends, 1, to);
  }

  /// Finds where the rounds from number `round` on end.
  private boolean rounds(Node.Repeat repeat, int[] ends, int round, int to) {
    int from = ends[round - 1];
    int most = repeat.most() < 0 ? Integer.MAX_VALUE : repeat.most();
    int least = Math.max(1, repeat.least());
    if (round > most) {
      return false;
    }
    long key = (long) Math.min(round, repeat.most() < 0 ? least + 1 : round) << 32 | from;
    if (!regex.hasReferences() && hopeless.contains(key)) {
      return false;
    }
    Dfa dfa = regex.dfa(repeat.node());
    boolean shortest = repeat.node().taste() == Taste.SHORTEST;
    int end = shortest ? dfa.shortest(text, from, from, to) : dfa.longest(text, from, to);
    int[] all = round == ends.length ? Arrays.copyOf(ends, round * 2) : ends;
    while (end >= 0) {
      all[round] = end;
      // A round of nothing only where there have to be more rounds than characters.
      boolean useless = end == from && (round >= least || least - round < to - end) && end != to;
      if (end == to && round >= least) {
        if (verify(repeat, all, round)) {
          return true;
        }
      }
      boolean goesOn = end != to || round < least;
      if (goesOn && !useless && rounds(repeat, all, round + 1, to)) {
        return true;
      }
      if (shortest) {
        end = end >= to ? -1 : dfa.shortest(text, from, text.after(end), to);
      } else {
        end = end <= from ? -1 : dfa.longest(text, from, text.before(end));
      }
    }
    if (!regex.hasReferences()) {
      hopeless.add(key);
    }
    return false;
  }

  private boolean verify(Node.Repeat repeat, int[] ends, int rounds) {
    Set<Long> known = hopeless.isEmpty() ? null : new HashSet<>(hopeless);
    boolean all = true;
    for (int i = 1; i <= rounds && all; i++) {
      if (regex.hasReferences() || i == rounds) {
        forget(repeat.node());
        all = run(repeat.node(), ends[i - 1], ends[i]);
      }
    }
    if (known != null) {
      hopeless.addAll(known);
    }
    if (!all) {
      forget(repeat.node());
    }
    return all;
  }
}
