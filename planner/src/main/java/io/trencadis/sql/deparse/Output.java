package io.trencadis.sql.deparse;

/// Text in lines: clauses begin lines of their own, as deep as the query is nested.
final class Output {
  static final int STEP = 8;
  private static final int DEEP = 40;

  private StringBuilder text = new StringBuilder();
  private int level;

  void add(String part) {
    text.append(part);
  }

  void add(char part) {
    text.append(part);
  }

  /// Lines from here on are deeper, or less deep.
  void indent(int by) {
    level += by;
  }

  int level() {
    return level;
  }

  void level(int at) {
    level = at;
  }

  /// Begins a line.
  ///
  /// @param word what it begins with
  /// @param before by how much this line is deeper than those before
  /// @param after by how much those behind it are deeper than this one
  /// @param plus blanks for this line only
  void line(String word, int before, int after, int plus) {
    level += before;
    trim();
    int blanks = level < DEEP ? Math.max(level, 0) : (DEEP + (level - DEEP) / (STEP / 2)) % DEEP;
    text.append('\n').repeat(' ', blanks + plus).append(word);
    level = Math.max(level + after, 0);
  }

  /// Takes back blanks.
  void trim() {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    text.setLength(end);
  }

  /// Runs work whose text is kept apart.
  String apart(Runnable work) {
    StringBuilder outside = text;
    text = new StringBuilder();
    try {
      work.run();
      return text.toString();
    } finally {
      text = outside;
    }
  }

  /// Whether nothing has been written on the line at hand, and what length it has.
  int lineLength() {
    return text.length() - (text.lastIndexOf("\n") + 1);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
