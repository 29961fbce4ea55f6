package io.trencadis.sql.deparse;

import io.trencadis.sql.analyze.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The queries that what is written stands in, each with the names that its FROM items get: no name
/// is one that an enclosing query has as well.
final class Frames {
  private final boolean qualified;
  private final String word;
  private final List<Map<String, String>> frames = new ArrayList<>();

  /// @param qualified whether columns have their item's name before them
  Frames(boolean qualified) {
    this.qualified = qualified;
    this.word = null;
  }

  /// Frames of an expression whose one column is a word.
  Frames(String word) {
    this.qualified = false;
    this.word = word;
  }

  /// Enters a query.
  ///
  /// @param items the names of what is in its FROM clause
  void enter(List<String> items) {
    Set<String> taken = new HashSet<>();
    frames.forEach(frame -> taken.addAll(frame.values()));
    Map<String, String> frame = new HashMap<>();
    for (String item : items) {
      String name = item;
      for (int i = 1; !taken.add(name); i++) {
        name = item + "_" + i;
      }
      frame.put(item, name);
    }
    frames.add(frame);
  }

  void leave() {
    frames.removeLast();
  }

  /// The name that an item of the query at hand goes by.
  String name(String item) {
    return frames.getLast().getOrDefault(item, item);
  }

  Tree column(Trace.Place place) {
    if (word != null) {
      return new Tree.Word(word);
    }
    String column = place.column() == null ? "*" : place.column();
    if (!qualified || place.item() == null) {
      return new Tree.Column(place.column() == null ? place.item() : null, column);
    }
    // Functions and sub-selects in FROM are queries further in than what they may name.
    for (int at = frames.size() - 1 - place.hops(); at >= 0; at--) {
      String name = frames.get(at).get(place.item());
      if (name != null) {
        return new Tree.Column(name, column);
      }
    }
    throw new TreeBuilder.Unwritable("a column of an unknown query");
  }
}
