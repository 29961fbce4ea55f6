package io.trencadis.sql.types;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the tab-separated resources that hold the facts about built-in objects. They are read at
/// start-up, so there are no regular expressions here.
public final class CatalogFile {
  private CatalogFile() {}

  /// The whole resource, found beside this class.
  public static String text(String name) {
    try (InputStream in = CatalogFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource " + name, e);
    }
  }

  /// All rows of a resource, each split at its tabs.
  public static List<String[]> rows(String name, int columns) {
    String text = text(name);
    List<String[]> rows = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      rows.add(split(text, start, end, '\t', columns));
      start = end + 1;
    }
    return rows;
  }

  /// The columns of `text[start, end)`.
  public static String[] split(String text, int start, int end, char separator, int columns) {
    String[] row = new String[columns];
    int at = start;
    for (int i = 0; i < columns; i++) {
      int tab = i == columns - 1 ? end : text.indexOf(separator, at);
      if (tab < 0 || tab > end) {
        throw new IllegalStateException(
            "catalog row with fewer than " + columns + " columns: " + text.substring(start, end));
      }
      row[i] = text.substring(at, tab);
      at = tab + 1;
    }
    return row;
  }

  /// Object ids separated by single spaces; none for the empty string.
  public static int[] ids(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == ' ') {
        count++;
      }
    }
    int[] ids = new int[count];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ') {
        at++;
      } else {
        ids[at] = ids[at] * 10 + (c - '0');
      }
    }
    return ids;
  }

  private static final int[] NONE = {};
}
