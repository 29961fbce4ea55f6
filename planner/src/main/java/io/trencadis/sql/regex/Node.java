package io.trencadis.sql.regex;

import java.util.List;

/// A part of a regular expression.
sealed interface Node {
  /// Which of several matches that begin at the same place a part has.
  enum Taste {
    /// It cannot match texts of different lengths, or does not care.
    NONE,
    LONGEST,
    SHORTEST
  }

  /// What has to hold at a place.
  enum Place {
    TEXT_START,
    TEXT_END,
    LINE_START,
    LINE_END,
    WORD_START,
    WORD_END,
    WORD_EDGE,
    NO_WORD_EDGE
  }

  default Taste taste() {
    return Taste.NONE;
  }

  /// Whether the parts of what it matched are asked for, or decide whether it matches.
  default boolean hasParts() {
    return false;
  }

  record Empty() implements Node {}

  record Chars(CharSet set) implements Node {}

  record At(Place place) implements Node {}

  /// @param number of the constraint, among those of the expression
  record Look(int number, boolean ahead, boolean negated, Node node) implements Node {}

  /// Two parts, one after the other.
  record Sequence(Node first, Node rest, Taste taste, boolean hasParts) implements Node {}

  record Choice(List<Node> branches, boolean hasParts) implements Node {
    @Override
    public Taste taste() {
      return Taste.LONGEST;
    }
  }

  /// @param most -1 for no limit
  record Repeat(Node node, int least, int most, Taste taste, boolean hasParts) implements Node {}

  record Group(Node node, int number) implements Node {
    @Override
    public Taste taste() {
      return node.taste();
    }

    @Override
    public boolean hasParts() {
      return true;
    }
  }

  /// @param group the group that it refers to
  record Reference(Group group) implements Node {
    @Override
    public boolean hasParts() {
      return true;
    }
  }
}
