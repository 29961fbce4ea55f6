package io.trencadis.sql.regex;

import io.trencadis.sql.regex.Node.Place;
import io.trencadis.sql.regex.Node.Taste;
import java.util.ArrayList;
import java.util.List;

/// Reads POSIX basic expressions (manual, 9.7.3.7).
final class BasicParser extends RegexParser {
  BasicParser(String source, RegexFlags flags) {
    super(source, flags);
  }

  @Override
  Node parse() {
    Node whole = row(0);
    if (!ends()) {
      throw invalid("parentheses () not balanced");
    }
    return whole;
  }

  private Node row(int depth) {
    List<Node> parts = new ArrayList<>();
    boolean first = true;
    while (!ends() && !next("\\)")) {
      Node atom = atom(first, depth);
      boolean anchor = atom instanceof Node.At;
      if (anchor && isWord(((Node.At) atom).place()) && isQuantifier()) {
        throw invalid("quantifier operand invalid");
      }
      first = anchor && first;
      boolean quantified = !anchor && isQuantifier();
      if (!ends() && peek() == '*' && !anchor) {
        at++;
        atom = repeat(atom, 0, -1, Taste.LONGEST);
      } else if (next("\\{") && !anchor) {
        at += 2;
        int[] bound = bound();
        if (!next("\\}")) {
          throw invalid(ends() ? "braces {} not balanced" : "invalid repetition count(s)");
        }
        at += 2;
        Taste taste = bound[2] != 0 ? atom.taste() : Taste.LONGEST;
        atom = repeat(atom, bound[0], bound[1], taste);
      }
      if (quantified && isQuantifier()) {
        throw invalid("quantifier operand invalid");
      }
      parts.add(atom);
    }
    return sequence(parts);
  }

  private boolean isQuantifier() {
    return !ends() && peek() == '*' || next("\\{");
  }

  private static boolean isWord(Place place) {
    return place == Place.WORD_START || place == Place.WORD_END;
  }

  private Node atom(boolean first, int depth) {
    int c = take();
    switch (c) {
      case '^':
        if (first) {
          return new Node.At(flags.newlineAnchors() ? Place.LINE_START : Place.TEXT_START);
        }
        return character(c);
      case '$':
        if (ends() || next("\\)")) {
          return new Node.At(flags.newlineAnchors() ? Place.LINE_END : Place.TEXT_END);
        }
        return character(c);
      case '.':
        return new Node.Chars(
            flags.newlineDot() ? CharSet.ALL.without(CharSet.NEWLINE) : CharSet.ALL);
      case '[':
        return bracket();
      case '\\':
        return escape(depth);
      default:
        return character(c);
    }
  }

  private Node escape(int depth) {
    if (ends()) {
      throw invalid("invalid escape \\ sequence");
    }
    int c = take();
    if (c == '(') {
      return group(
          () -> {
            Node content = row(depth + 1);
            if (!next("\\)")) {
              throw invalid("parentheses () not balanced");
            }
            at += 2;
            return content;
          });
    }
    if (c >= '1' && c <= '9') {
      return reference(c - '0');
    }
    if (c == '<' || c == '>') {
      return new Node.At(c == '<' ? Place.WORD_START : Place.WORD_END);
    }
    return character(c);
  }
}
