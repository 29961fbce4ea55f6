package io.trencadis.sql.deparse;

import io.trencadis.sql.catalog.Catalog;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Expressions that were written of one catalog: introspection reads all of them for each table
/// that it asks for. Thread-safe.
final class WrittenTexts {
  private static final int MOST = 20_000;

  private static volatile WrittenTexts last = new WrittenTexts(null);

  private final WeakReference<Catalog> catalog;
  private final Map<List<Object>, Deparser.Written> texts = new ConcurrentHashMap<>();

  private WrittenTexts(Catalog catalog) {
    this.catalog = new WeakReference<>(catalog);
  }

  /// What is known of a catalog, by the text, what it is of, and the reader's settings.
  static Map<List<Object>, Deparser.Written> of(Catalog catalog) {
    WrittenTexts known = last;
    if (known.catalog.get() != catalog || known.texts.size() > MOST) {
      known = new WrittenTexts(catalog);
      last = known;
    }
    return known.texts;
  }
}
