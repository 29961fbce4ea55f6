package io.trencadis.sql.regex;

import io.trencadis.sql.regex.Node.Taste;
import java.util.Arrays;

/// Finds the matches of an expression in a text, one after the other. Confined to one thread.
public final class RegexMatcher {
  private final Regex regex;
  private final Subject text;
  private final int[] groups;
  private boolean dissected;
  private int next;

  RegexMatcher(Regex regex, String text) {
    this.regex = regex;
    this.text = new Subject(text, regex);
    this.groups = new int[2 * regex.groups() + 2];
  }

  /// Finds the next match: behind the last one, and one character further on if that was of
  /// nothing.
  public boolean find() {
    return next <= text.length() && find(next);
  }

  /// Finds the first match that begins at a place or behind it.
  public boolean find(int from) {
    int at = from;
    while (at <= text.length()) {
      int[] first = regex.search(text, at);
      if (first == null) {
        return false;
      }
      int begin = first[0];
      for (; begin <= first[1]; begin = text.after(begin)) {
        if (matchAt(begin)) {
          next = end() > begin ? end() : text.after(end());
          return true;
        }
      }
      // Only back-references make a match of the automaton's none at all.
      at = begin;
    }
    return false;
  }

  private boolean matchAt(int begin) {
    Dfa dfa = regex.dfa(regex.tree());
    boolean shortest = regex.tree().taste() == Taste.SHORTEST;
    int end =
        shortest
            ? dfa.shortest(text, begin, begin, text.length())
            : dfa.longest(text, begin, text.length());
    while (end >= 0) {
      Arrays.fill(groups, -1);
      groups[0] = begin;
      groups[1] = end;
      dissected = false;
      if (!regex.hasReferences()) {
        return true;
      }
      if (dissect()) {
        return true;
      }
      if (shortest) {
        end = end >= text.length() ? -1 : dfa.shortest(text, begin, text.after(end), text.length());
      } else {
        end = end <= begin ? -1 : dfa.longest(text, begin, text.before(end));
      }
    }
    return false;
  }

  private boolean dissect() {
    dissected = true;
    return new Dissection(regex, text, groups).run(regex.tree(), groups[0], groups[1]);
  }

  public int groupCount() {
    return regex.groups();
  }

  /// Where the match begins.
  public int start() {
    return groups[0];
  }

  /// Where the match ends.
  public int end() {
    return groups[1];
  }

  /// Where a parenthesized part begins, -1 if it took no part in the match; of the match for 0.
  public int start(int group) {
    if (group > 0 && !dissected) {
      dissect();
    }
    return groups[2 * group];
  }

  public int end(int group) {
    return start(group) < 0 ? -1 : groups[2 * group + 1];
  }

  /// The text of the match.
  public String group() {
    return text.text().substring(groups[0], groups[1]);
  }

  /// The text of a parenthesized part, or null.
  public String group(int group) {
    int from = start(group);
    return from < 0 ? null : text.text().substring(from, groups[2 * group + 1]);
  }
}
