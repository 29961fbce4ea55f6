package io.trencadis.sql.execute;

import io.trencadis.sql.functions.Trigrams;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The terms that an inverted index has of a value, and which of them a search needs: PostgreSQL's
/// operator classes for GIN (manual, chapter 70 and 8.14.4). Terms only narrow a search: whoever
/// finds a row by them asks the operator itself. Immutable and thread-safe.
///
/// A term is key bytes that no other term begins with.
public final class InvertedTerms {
  /// The class of extension `pg_trgm`.
  public static final String TRIGRAM_CLASS = "gin_trgm_ops";

  /// Strings longer than this are known by their hashes, as in PostgreSQL.
  private static final int LONGEST_TEXT = 125;

  private static final byte[] NOTHING = {1};
  private static final byte[] NULL = {2};
  private static final byte VALUE = 3;
  private static final byte KEY = 4;
  private static final byte LONG_KEY = 5;
  private static final byte STRING = 6;
  private static final byte LONG_STRING = 7;
  private static final byte NUMBER = 8;
  private static final byte TRUE = 9;
  private static final byte FALSE = 10;
  private static final byte JSON_NULL = 11;
  private static final byte PATH = 12;
  private static final byte TRIGRAM = 13;

  private final Kind kind;
  private final TypeCodec element;

  private enum Kind {
    ARRAY,
    JSON,
    JSON_PATHS,
    TRIGRAMS
  }

  /// What is looked for.
  public enum Search {
    CONTAINS,
    CONTAINED,
    OVERLAPS,
    HAS_KEY,
    HAS_ANY,
    HAS_ALL,
    LIKE,
    SIMILAR
  }

  /// The terms that tell which rows may match.
  ///
  /// @param all whether a row needs all of them, or any
  /// @param everything whether the terms tell nothing, so that any row may match
  record Wanted(List<byte[]> terms, boolean all, boolean everything) {
    static final Wanted EVERYTHING = new Wanted(List.of(), true, true);

    static Wanted any(List<byte[]> terms) {
      return new Wanted(terms, false, false);
    }

    static Wanted all(List<byte[]> terms) {
      return terms.isEmpty() ? EVERYTHING : new Wanted(terms, true, false);
    }
  }

  private InvertedTerms(Kind kind, TypeCodec element) {
    this.kind = kind;
    this.element = element;
  }

  /// @param operatorClass as PostgreSQL calls it
  /// @param element the codec of an array's elements, or null
  static InvertedTerms of(String operatorClass, TypeCodec element) {
    return switch (operatorClass) {
      case "array_ops" -> new InvertedTerms(Kind.ARRAY, element);
      case "jsonb_ops" -> new InvertedTerms(Kind.JSON, null);
      case "jsonb_path_ops" -> new InvertedTerms(Kind.JSON_PATHS, null);
      case TRIGRAM_CLASS -> new InvertedTerms(Kind.TRIGRAMS, null);
      default -> throw new IllegalArgumentException("operator class " + operatorClass);
    };
  }

  /// The search that a function stands for, or null.
  ///
  /// @param operatorClass of the index
  /// @param function the name of a built-in function
  /// @param indexedFirst whether the indexed value is its first argument, or the second one
  public static Search search(String operatorClass, String function, boolean indexedFirst) {
    if (operatorClass.equals("array_ops")) {
      return switch (function) {
        case "arraycontains" -> indexedFirst ? Search.CONTAINS : Search.CONTAINED;
        case "arraycontained" -> indexedFirst ? Search.CONTAINED : Search.CONTAINS;
        case "arrayoverlap" -> Search.OVERLAPS;
        default -> null;
      };
    }
    if (operatorClass.equals(TRIGRAM_CLASS)) {
      return switch (function) {
        case "textlike", "texticlike" -> indexedFirst ? Search.LIKE : null;
        case "similarity_op" -> Search.SIMILAR;
        default -> null;
      };
    }
    if (function.equals(indexedFirst ? "jsonb_contains" : "jsonb_contained")) {
      return Search.CONTAINS;
    }
    if (!operatorClass.equals("jsonb_ops") || !indexedFirst) {
      return null;
    }
    return switch (function) {
      case "jsonb_exists" -> Search.HAS_KEY;
      case "jsonb_exists_any" -> Search.HAS_ANY;
      case "jsonb_exists_all" -> Search.HAS_ALL;
      default -> null;
    };
  }

  /// The terms of a value: one at least, each of them once, in the order of their bytes.
  List<byte[]> of(Object value) {
    Map<byte[], Boolean> terms = new TreeMap<>(Arrays::compareUnsigned);
    terms(value).forEach(term -> terms.put(term, true));
    return terms.isEmpty() ? List.of(NOTHING) : List.copyOf(terms.keySet());
  }

  private List<byte[]> terms(Object value) {
    List<byte[]> out = new ArrayList<>();
    switch (kind) {
      case ARRAY -> {
        for (Object item : ((SqlArray) value).elements()) {
          out.add(item == null ? NULL : element(item));
        }
      }
      case JSON -> json((Json) value, out);
      case JSON_PATHS -> paths((Json) value, 0, out);
      case TRIGRAMS -> Trigrams.ofIndexed((String) value).forEach(each -> out.add(trigram(each)));
    }
    return out;
  }

  private static byte[] trigram(int bytes) {
    return new byte[] {TRIGRAM, (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes};
  }

  private byte[] element(Object item) {
    KeyWriter out = new KeyWriter().putRaw(new byte[] {VALUE}).beginColumn();
    element.encodeKey(item, out);
    return out.endColumn(false).toByteArray();
  }

  /// What has to be looked for.
  ///
  /// @param argument the operator's other argument, not null
  Wanted wanted(Search search, Object argument) {
    switch (search) {
      case CONTAINS -> {
        if (argument instanceof SqlArray array && Arrays.asList(array.elements()).contains(null)) {
          // Nothing equals a null.
          return Wanted.any(List.of());
        }
        return Wanted.all(distinct(terms(argument)));
      }
      case OVERLAPS -> {
        return Wanted.any(elements((SqlArray) argument));
      }
      case CONTAINED -> {
        List<byte[]> terms = new ArrayList<>(elements((SqlArray) argument));
        terms.add(NOTHING);
        return Wanted.any(terms);
      }
      case LIKE -> {
        List<byte[]> terms = new ArrayList<>();
        Trigrams.ofPattern((String) argument).forEach(each -> terms.add(trigram(each)));
        return Wanted.all(terms);
      }
      case SIMILAR -> {
        // What is alike has one of them in common; all texts are where nothing need be alike.
        List<byte[]> terms = terms(argument);
        return terms.isEmpty() ? Wanted.EVERYTHING : Wanted.any(terms);
      }
      case HAS_KEY -> {
        return Wanted.all(List.of(text(KEY, LONG_KEY, (String) argument)));
      }
      default -> {
        List<byte[]> keys = new ArrayList<>();
        for (Object key : ((SqlArray) argument).elements()) {
          if (key != null) {
            keys.add(text(KEY, LONG_KEY, (String) key));
          }
        }
        return search == Search.HAS_ALL ? Wanted.all(distinct(keys)) : Wanted.any(distinct(keys));
      }
    }
  }

  private List<byte[]> elements(SqlArray array) {
    List<byte[]> terms = new ArrayList<>();
    for (Object item : array.elements()) {
      if (item != null) {
        terms.add(element(item));
      }
    }
    return distinct(terms);
  }

  private static List<byte[]> distinct(List<byte[]> terms) {
    Map<java.nio.ByteBuffer, byte[]> once = new LinkedHashMap<>();
    terms.forEach(term -> once.putIfAbsent(java.nio.ByteBuffer.wrap(term), term));
    return List.copyOf(once.values());
  }

  // ---- jsonb

  /// Keys and values one by one. A string in an array counts as a key: `?` finds both.
  private static void json(Json value, List<byte[]> out) {
    switch (value) {
      case Json.Obj object ->
          object
              .members()
              .forEach(
                  (key, member) -> {
                    out.add(text(KEY, LONG_KEY, key));
                    if (member.isContainer()) {
                      json(member, out);
                    } else {
                      out.add(scalar(member));
                    }
                  });
      case Json.Arr array -> {
        for (Json item : array.items()) {
          json(item, out);
        }
      }
      case Json.Str string -> out.add(text(KEY, LONG_KEY, string.value()));
      default -> out.add(scalar(value));
    }
  }

  private static byte[] scalar(Json value) {
    return switch (value) {
      case Json.Bool bool -> new byte[] {bool.value() ? TRUE : FALSE};
      case Json.Num number -> {
        KeyWriter out = new KeyWriter().putRaw(new byte[] {NUMBER}).beginColumn();
        Types.NUMERIC.codec().encodeKey(number.value(), out);
        yield out.endColumn(false).toByteArray();
      }
      case Json.Str string -> text(STRING, LONG_STRING, string.value());
      default -> new byte[] {JSON_NULL};
    };
  }

  private static byte[] text(byte tag, byte longTag, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
      return hashed(longTag, Types.TEXT.codec().hash(text));
    }
    KeyWriter out = new KeyWriter().putRaw(new byte[] {tag}).beginColumn();
    Types.TEXT.codec().encodeKey(text, out);
    return out.endColumn(false).toByteArray();
  }

  private static byte[] hashed(byte tag, long hash) {
    return new KeyWriter().putRaw(new byte[] {tag}).putLong(hash).toByteArray();
  }

  /// Each value together with the keys on the way to it, as one hash.
  private static void paths(Json value, long above, List<byte[]> out) {
    switch (value) {
      case Json.Obj object ->
          object
              .members()
              .forEach(
                  (key, member) ->
                      paths(member, above * 31 + Types.TEXT.codec().hash(key) + 1, out));
      case Json.Arr array -> array.items().forEach(item -> paths(item, above, out));
      case Json.Str string -> out.add(path(above, STRING, Types.TEXT.codec().hash(string.value())));
      case Json.Num number ->
          out.add(path(above, NUMBER, Types.NUMERIC.codec().hash(number.value())));
      case Json.Bool bool -> out.add(path(above, TRUE, bool.value() ? 1 : 0));
      case Json.Null _ -> out.add(path(above, JSON_NULL, 0));
    }
  }

  private static byte[] path(long above, byte tag, long hash) {
    return hashed(PATH, (above * 31 + tag) * 31 + hash);
  }
}
