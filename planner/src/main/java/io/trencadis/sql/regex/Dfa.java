package io.trencadis.sql.regex;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/// Runs an automaton on all its ways at once. A state is the set of the automaton's states, and
/// what kind of character was last; it is kept with those that follow it, so that most steps are a
/// look into a table. Where constraints look around, what follows depends on more than the next
/// character, and nothing is kept. Thread-safe: two threads may make the same state, which does no
/// harm.
final class Dfa {
  /// So many states are kept at the most. Then all are forgotten.
  private static final int MOST_STATES = 2_000;

  private static final byte UNKNOWN = 0;
  private static final byte YES = 1;
  private static final byte NO = 2;

  private final Nfa nfa;
  private final Colors colors;
  private final boolean searching;
  private volatile ConcurrentHashMap<Key, State> states = new ConcurrentHashMap<>();

  /// @param searching whether a match may begin anywhere, so that the beginning is in every state
  Dfa(Nfa nfa, Colors colors, boolean searching) {
    this.nfa = nfa;
    this.colors = colors;
    this.searching = searching;
  }

  private record Key(int[] core, byte before) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.before == before && Arrays.equals(key.core, core);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(core) * 4 + before;
    }
  }

  /// Its arrays are written without locks: what is put there is immutable but for such arrays.
  private static final class State {
    final int[] core;
    final byte before;
    final State[] next;
    final byte[] matches;

    /// Whether it is the beginning, and nothing else.
    final boolean bare;

    State(int[] core, byte before, int colors, int start) {
      this.core = core;
      this.before = before;
      this.bare = core.length == 1 && core[0] == start;
      this.next = new State[colors];
      this.matches = new byte[colors];
    }

    boolean isDead() {
      return core.length == 0;
    }
  }

  private State state(int[] core, byte before) {
    if (nfa.looks()) {
      return new State(core, before, 0, nfa.start);
    }
    Key key = new Key(core, before);
    State known = states.get(key);
    if (known != null) {
      return known;
    }
    if (states.size() >= MOST_STATES) {
      states = new ConcurrentHashMap<>();
    }
    State made = new State(core, before, colors.count(), nfa.start);
    State other = states.putIfAbsent(key, made);
    return other == null ? made : other;
  }

  private State first(Subject text, int at) {
    return state(new int[] {nfa.start}, text.kindBefore(at));
  }

  /// One step: whether a match ends here, and where the next character leads.
  private final class Step {
    final boolean[] seen = new boolean[nfa.size()];
    int[] reached = new int[8];
    int count;
    boolean matches;

    Step(State state, int color, Subject text, int at) {
      byte behind = colors.kind(color);
      int[] stack = new int[16];
      int depth = 0;
      for (int i = state.core.length - 1; i >= 0; i--) {
        if (depth == stack.length) {
          stack = Arrays.copyOf(stack, depth * 2);
        }
        stack[depth++] = state.core[i];
      }
      while (depth > 0) {
        int each = stack[--depth];
        if (seen[each]) {
          continue;
        }
        seen[each] = true;
        if (depth + 2 >= stack.length) {
          stack = Arrays.copyOf(stack, stack.length * 2);
        }
        switch (nfa.kind[each]) {
          case Nfa.MATCH -> matches = true;
          case Nfa.SPLIT -> {
            stack[depth++] = nfa.other[each];
            stack[depth++] = nfa.next[each];
          }
          case Nfa.PLACE -> {
            if (Nfa.holds(nfa.what[each], state.before, behind)) {
              stack[depth++] = nfa.next[each];
            }
          }
          case Nfa.LOOK -> {
            if (text.holds(nfa.what[each], at)) {
              stack[depth++] = nfa.next[each];
            }
          }
          default -> {
            if (color != colors.end() && colors.in(color, nfa.what[each])) {
              add(nfa.next[each]);
            }
          }
        }
      }
    }

    private void add(int to) {
      if (count == reached.length) {
        reached = Arrays.copyOf(reached, count * 2);
      }
      reached[count++] = to;
    }

    int[] core() {
      if (searching) {
        add(nfa.start);
      }
      int[] sorted = Arrays.copyOf(reached, count);
      Arrays.sort(sorted);
      int n = 0;
      for (int i = 0; i < sorted.length; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
          sorted[n++] = sorted[i];
        }
      }
      return Arrays.copyOf(sorted, n);
    }
  }

  private boolean matches(State state, int color, Subject text, int at) {
    if (nfa.looks()) {
      return new Step(state, color, text, at).matches;
    }
    byte known = state.matches[color];
    if (known == UNKNOWN) {
      fill(state, color, text, at);
      known = state.matches[color];
    }
    return known == YES;
  }

  private State next(State state, int color, Subject text, int at) {
    if (nfa.looks()) {
      return state(new Step(state, color, text, at).core(), colors.kind(color));
    }
    State known = state.next[color];
    if (known == null) {
      fill(state, color, text, at);
      known = state.next[color];
    }
    return known;
  }

  private void fill(State state, int color, Subject text, int at) {
    Step step = new Step(state, color, text, at);
    if (color != colors.end()) {
      state.next[color] = state(step.core(), colors.kind(color));
    }
    state.matches[color] = step.matches ? YES : NO;
  }

  /// Where the longest match ends that begins at a place and does not end behind `limit`; -1 if
  /// there is none.
  int longest(Subject text, int from, int limit) {
    int found = -1;
    State state = first(text, from);
    for (int at = from; ; ) {
      int color = text.color(at);
      if (known(state, color) ? state.matches[color] == YES : matches(state, color, text, at)) {
        found = at;
      }
      int after = text.after(at);
      if (after > limit) {
        return found;
      }
      state = known(state, color) ? state.next[color] : next(state, color, text, at);
      if (state.isDead()) {
        return found;
      }
      at = after;
    }
  }

  /// Where the shortest match ends that begins at a place, ends at `least` at the earliest and at
  /// `limit` at the latest; -1 if there is none.
  int shortest(Subject text, int from, int least, int limit) {
    State state = first(text, from);
    for (int at = from; ; ) {
      int color = text.color(at);
      boolean here =
          known(state, color) ? state.matches[color] == YES : matches(state, color, text, at);
      if (here && at >= least) {
        return at;
      }
      int after = text.after(at);
      if (after > limit) {
        return -1;
      }
      state = known(state, color) ? state.next[color] : next(state, color, text, at);
      if (state.isDead()) {
        return -1;
      }
      at = after;
    }
  }

  /// Whether a step from a state was made before, so that tables say all of it. What follows is
  /// written before whether it matches.
  private boolean known(State state, int color) {
    return color < state.matches.length
        && state.matches[color] != UNKNOWN
        && (state.next[color] != null || color == colors.end());
  }

  boolean matches(Subject text, int from, int to) {
    return shortest(text, from, to, to) == to;
  }

  /// Of a searching automaton: where the first match ends, and the last place before that where no
  /// match had begun; null if there is none.
  int[] search(Subject text, int from) {
    State state = first(text, from);
    int cold = from;
    int length = text.length();
    for (int at = from; ; ) {
      if (state.bare) {
        cold = at;
      }
      int color = text.color(at);
      if (!known(state, color)) {
        if (matches(state, color, text, at)) {
          return new int[] {cold, at};
        }
        if (at >= length) {
          return null;
        }
        state = next(state, color, text, at);
      } else {
        if (state.matches[color] == YES) {
          return new int[] {cold, at};
        }
        if (at >= length) {
          return null;
        }
        state = state.next[color];
      }
      at = text.after(at);
    }
  }

  /// Of a searching automaton: for each place, whether a match ends there.
  boolean[] ends(Subject text) {
    boolean[] found = new boolean[text.length() + 1];
    State state = first(text, 0);
    for (int at = 0; ; ) {
      int color = text.color(at);
      found[at] = matches(state, color, text, at);
      int after = text.after(at);
      if (after > text.length()) {
        return found;
      }
      state = next(state, color, text, at);
      at = after;
    }
  }
}
