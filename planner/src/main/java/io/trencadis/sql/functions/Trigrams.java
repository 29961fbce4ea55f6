package io.trencadis.sql.functions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/// Sequences of three characters within the words of a text, as extension `pg_trgm` has them: words
/// are of letters and digits, in lower case, with two blanks before and one after each. Stateless.
public final class Trigrams {
  private static final int[] CRC = crcTable();

  /// One of them, in the three bytes that PostgreSQL keeps of it.
  ///
  /// @param first whether a word begins with it
  /// @param last whether a word ends with it
  record Trigram(int bytes, boolean first, boolean last) {}

  private Trigrams() {}

  /// Those of all words in turn.
  static List<Trigram> of(String text) {
    List<Trigram> all = new ArrayList<>();
    int[] characters = text.codePoints().toArray();
    for (int begin = 0, end; begin < characters.length; begin = Math.max(end, begin + 1)) {
      end = endOfWord(characters, begin);
      if (end > begin) {
        add(word(characters, begin, end, true, true, Character::toLowerCase), all);
      }
    }
    return all;
  }

  /// What an index has of a text, each once. Letters whose lower case depends on their neighbours
  /// or on the locale are one here, so that every comparison which disregards case finds them.
  public static SortedSet<Integer> ofIndexed(String text) {
    List<Trigram> all = new ArrayList<>();
    int[] characters = text.codePoints().toArray();
    for (int begin = 0, end; begin < characters.length; begin = Math.max(end, begin + 1)) {
      end = endOfWord(characters, begin);
      if (end > begin) {
        add(word(characters, begin, end, true, true, Trigrams::folded), all);
      }
    }
    return distinct(all);
  }

  /// What an index must have of every text that a pattern of LIKE matches.
  public static SortedSet<Integer> ofPattern(String pattern) {
    // The pattern's own characters, and -1 for its wildcards.
    List<Integer> parts = new ArrayList<>();
    int[] written = pattern.codePoints().toArray();
    for (int i = 0; i < written.length; i++) {
      if (written[i] == '\\' && i + 1 < written.length) {
        parts.add(written[++i]);
      } else {
        parts.add(written[i] == '%' || written[i] == '_' ? -1 : written[i]);
      }
    }
    int[] characters = parts.stream().mapToInt(Integer::intValue).toArray();
    List<Trigram> all = new ArrayList<>();
    for (int begin = 0, end; begin < characters.length; begin = Math.max(end, begin + 1)) {
      end = endOfWord(characters, begin);
      if (end > begin) {
        // Next to a wildcard, the word may go on.
        boolean opens = begin == 0 || characters[begin - 1] >= 0;
        boolean closes = end == characters.length || characters[end] >= 0;
        add(word(characters, begin, end, opens, closes, Trigrams::folded), all);
      }
    }
    return distinct(all);
  }

  private static int folded(int c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  private static int endOfWord(int[] characters, int begin) {
    int end = begin;
    while (end < characters.length
        && characters[end] >= 0
        && Character.isLetterOrDigit(characters[end])) {
      end++;
    }
    return end;
  }

  /// A word with its blanks.
  private static int[] word(
      int[] characters, int begin, int end, boolean opens, boolean closes, IntUnaryOperator lower) {
    int before = opens ? 2 : 0;
    int[] padded = new int[before + end - begin + (closes ? 1 : 0)];
    java.util.Arrays.fill(padded, ' ');
    for (int i = begin; i < end; i++) {
      padded[before + i - begin] = lower.applyAsInt(characters[i]);
    }
    return padded;
  }

  private static void add(int[] padded, List<Trigram> to) {
    for (int i = 0; i + 3 <= padded.length; i++) {
      to.add(new Trigram(bytes(new String(padded, i, 3)), i == 0, i + 3 == padded.length));
    }
  }

  /// In the order of their bytes, which are signed.
  static SortedSet<Integer> distinct(List<Trigram> trigrams) {
    SortedSet<Integer> set = new TreeSet<>(Trigrams::compare);
    trigrams.forEach(each -> set.add(each.bytes));
    return set;
  }

  private static int compare(int a, int b) {
    for (int shift = 16; shift >= 0; shift -= 8) {
      int order = Byte.compare((byte) (a >> shift), (byte) (b >> shift));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /// Three ASCII characters are themselves; of others a checksum has three bytes.
  private static int bytes(String three) {
    byte[] utf8 = three.getBytes(StandardCharsets.UTF_8);
    if (utf8.length == 3) {
      return utf8[0] << 16 | utf8[1] << 8 | utf8[2];
    }
    int crc = -1;
    for (byte each : utf8) {
      crc = CRC[(crc >>> 24 ^ each) & 0xff] ^ crc << 8;
    }
    crc = ~crc;
    return (crc & 0xff) << 16 | crc & 0xff00 | crc >> 16 & 0xff;
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) != 0 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
      }
      table[i] = value;
    }
    return table;
  }
}
