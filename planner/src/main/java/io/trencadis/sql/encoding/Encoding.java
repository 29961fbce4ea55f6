package io.trencadis.sql.encoding;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Utf8;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// PostgreSQL's character encodings, in the order of their numbers. All of them have ASCII's
/// characters as ASCII has them. Thread-safe.
public enum Encoding {
  SQL_ASCII(1, null),
  EUC_JP(3, "x-eucJP-Open"),
  EUC_CN(3, "GB2312"),
  EUC_KR(3, "EUC-KR"),
  EUC_TW(4, null),
  EUC_JIS_2004(3, null),
  UTF8(4, null),
  MULE_INTERNAL(4, null),
  LATIN1(1, "ISO-8859-1"),
  LATIN2(1, "ISO-8859-2"),
  LATIN3(1, "ISO-8859-3"),
  LATIN4(1, "ISO-8859-4"),
  LATIN5(1, "ISO-8859-9"),
  LATIN6(1, null),
  LATIN7(1, "ISO-8859-13"),
  LATIN8(1, null),
  LATIN9(1, "ISO-8859-15"),
  LATIN10(1, "ISO-8859-16"),
  WIN1256(1, "windows-1256"),
  WIN1258(1, "windows-1258"),
  WIN866(1, "IBM866"),
  WIN874(1, "x-windows-874"),
  KOI8R(1, "KOI8-R"),
  WIN1251(1, "windows-1251"),
  WIN1252(1, "windows-1252"),
  ISO_8859_5(1, "ISO-8859-5"),
  ISO_8859_6(1, "ISO-8859-6"),
  ISO_8859_7(1, "ISO-8859-7"),
  ISO_8859_8(1, "ISO-8859-8"),
  WIN1250(1, "windows-1250"),
  WIN1253(1, "windows-1253"),
  WIN1254(1, "windows-1254"),
  WIN1255(1, "windows-1255"),
  WIN1257(1, "windows-1257"),
  KOI8U(1, "KOI8-U"),
  SJIS(2, "windows-31j"),
  BIG5(2, "x-Big5-Solaris"),
  GBK(2, "x-mswin-936"),
  UHC(2, "x-windows-949"),
  GB18030(4, "GB18030"),
  JOHAB(3, "x-Johab"),
  SHIFT_JIS_2004(2, "x-SJIS_0213");

  private static final Encoding[] BY_CODE = values();
  private static final Map<String, Encoding> BY_NAME = new HashMap<>();

  static {
    for (Encoding encoding : BY_CODE) {
      BY_NAME.put(plain(encoding.name()), encoding);
    }
    // What PostgreSQL takes besides (its documentation, table 24.3, column "Aliases").
    alias(UTF8, "unicode");
    alias(LATIN1, "iso88591");
    alias(LATIN2, "iso88592");
    alias(LATIN3, "iso88593");
    alias(LATIN4, "iso88594");
    alias(LATIN5, "iso88599");
    alias(LATIN6, "iso885910");
    alias(LATIN7, "iso885913");
    alias(LATIN8, "iso885914");
    alias(LATIN9, "iso885915");
    alias(LATIN10, "iso885916");
    alias(KOI8R, "koi8");
    alias(SJIS, "mskanji", "shiftjis", "win932", "windows932");
    alias(GBK, "win936", "windows936");
    alias(UHC, "win949", "windows949");
    alias(BIG5, "win950", "windows950");
    alias(WIN1251, "win", "windows1251");
    alias(WIN1258, "abc", "tcvn", "tcvn5712", "vscii", "windows1258");
    alias(WIN866, "alt", "windows866");
    alias(WIN874, "windows874");
    alias(WIN1250, "windows1250");
    alias(WIN1252, "windows1252");
    alias(WIN1253, "windows1253");
    alias(WIN1254, "windows1254");
    alias(WIN1255, "windows1255");
    alias(WIN1256, "windows1256");
    alias(WIN1257, "windows1257");
  }

  private final int maxBytes;
  private final String charsetName;

  /// Made on first use; a race makes two equal ones.
  private volatile CodeTable table;

  /// @param charsetName of Java's charset that is most like PostgreSQL's table, or null where none
  ///   is
  Encoding(int maxBytes, String charsetName) {
    this.maxBytes = maxBytes;
    this.charsetName = charsetName;
  }

  private static void alias(Encoding encoding, String... names) {
    for (String name : names) {
      BY_NAME.put(name, encoding);
    }
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /// The encoding of that name, however it is cased and punctuated; null if there is none.
  public static Encoding named(String name) {
    return BY_NAME.get(plain(name));
  }

  /// The encoding of that number, or null.
  public static Encoding of(int code) {
    return code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
  }

  /// PostgreSQL's number of it.
  public int code() {
    return ordinal();
  }

  /// The most bytes that a character takes.
  public int maxBytes() {
    return maxBytes;
  }

  /// Whether its bytes are taken as the server's own: UTF8, and SQL_ASCII, which says nothing about
  /// characters. They are checked, and not converted.
  public boolean isServers() {
    return this == UTF8 || this == SQL_ASCII;
  }

  /// Whether texts can be converted between it and UTF8.
  public boolean convertible() {
    return isServers()
        || this == LATIN6
        || this == LATIN8
        || charsetName != null && Charset.isSupported(charsetName);
  }

  private CodeTable table() {
    CodeTable known = table;
    if (known == null) {
      if (!convertible()) {
        throw SqlException.notSupported("the encoding " + name());
      }
      known =
          switch (this) {
            case LATIN6 -> new ByteTable(this, ByteTable.latin(ByteTable.LATIN6));
            case LATIN8 -> new ByteTable(this, ByteTable.latin(ByteTable.LATIN8));
            default -> {
              Charset charset = Charset.forName(charsetName);
              yield maxBytes == 1
                  ? new ByteTable(this, ByteTable.of(charset))
                  : new CharsetTable(this, charset);
            }
          };
      table = known;
    }
    return known;
  }

  /// The text of bytes.
  ///
  /// @throws SqlException 22021 where they are none, or hold a zero byte; 22P05 where a character
  ///   is not in Unicode; 0A000 for an encoding that cannot be converted
  public String decode(byte[] bytes, int from, int to) {
    if (!isServers()) {
      return table().decode(bytes, from, to);
    }
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0 || text.indexOf('\0') >= 0) {
      Utf8.decode(bytes, from, to);
    }
    return text;
  }

  /// The same of a whole array.
  public String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /// Appends the bytes of a text.
  ///
  /// @throws SqlException 22P05 where the encoding lacks a character
  public void put(String text, ByteWriter out) {
    if (isServers()) {
      out.putUtf8(text);
    } else {
      table().encode(text, out);
    }
  }

  /// The bytes of a text.
  ///
  /// @throws SqlException 22P05 where the encoding lacks a character
  public byte[] encode(String text) {
    if (isServers()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteWriter out = new ByteWriter(text.length());
    table().encode(text, out);
    return out.toByteArray();
  }

  /// Converts what a writer holds from `start` on, which is UTF-8, into this encoding.
  ///
  /// @throws SqlException 22P05 where the encoding lacks a character
  public void recode(ByteWriter out, int start) {
    if (isServers() || isAscii(out.array(), start, out.length())) {
      return;
    }
    String text = new String(out.array(), start, out.length() - start, StandardCharsets.UTF_8);
    out.truncate(start);
    table().encode(text, out);
  }

  /// The text with `?` for each character that the encoding lacks.
  public String expressible(String text) {
    if (isServers()) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int end = i + Character.charCount(text.codePointAt(i));
      String character = text.substring(i, end);
      result.append(table().has(character) ? character : "?");
      i = end;
    }
    return result.toString();
  }

  /// How many characters bytes are.
  ///
  /// @throws SqlException 22021 where they are none
  public int length(byte[] bytes) {
    if (this == UTF8) {
      String text = decode(bytes);
      return text.codePointCount(0, text.length());
    }
    int count = 0;
    for (int at = 0; at < bytes.length; at += CharacterBytes.claimed(this, bytes, at)) {
      if (!CharacterBytes.valid(this, bytes, at, bytes.length)) {
        throw invalid(bytes, at, bytes.length);
      }
      count++;
    }
    return count;
  }

  /// Bytes in one encoding as bytes in another.
  ///
  /// @throws SqlException 22021, 22P05; 42883 where PostgreSQL has no conversion between the two
  public static byte[] convert(byte[] bytes, Encoding source, Encoding destination) {
    if (bytes.length == 0) {
      return bytes;
    }
    source.length(bytes);
    if (source == destination || destination == SQL_ASCII) {
      return bytes;
    }
    if (source == SQL_ASCII) {
      destination.length(bytes);
      return bytes;
    }
    requireConversion(source, destination);
    return destination.encode(source.decode(bytes));
  }

  /// @throws SqlException 42883 where PostgreSQL has no conversion between two encodings
  public static void requireConversion(Encoding source, Encoding destination) {
    if (!Conversions.exists(source, destination)) {
      throw new SqlException(
          SqlState.UNDEFINED_FUNCTION,
          "default conversion function for encoding \""
              + source
              + "\" to \""
              + destination
              + "\" does not exist");
    }
  }

  SqlException invalid(byte[] bytes, int at, int to) {
    return new SqlException(
        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"" + this + "\": " + shown(bytes, at, to));
  }

  /// The error of a character that another encoding lacks.
  SqlException untranslatable(byte[] bytes, int at, int to, Encoding destination) {
    return new SqlException(
        SqlState.UNTRANSLATABLE_CHARACTER,
        "character with byte sequence "
            + shown(bytes, at, to)
            + " in encoding \""
            + this
            + "\" has no equivalent in encoding \""
            + destination
            + "\"");
  }

  private String shown(byte[] bytes, int at, int to) {
    int end = Math.min(to, at + CharacterBytes.claimed(this, bytes, at));
    StringBuilder shown = new StringBuilder();
    for (int i = at; i < end; i++) {
      shown.append(String.format(i == at ? "0x%02x" : " 0x%02x", bytes[i] & 0xff));
    }
    return shown.toString();
  }

  static boolean isAscii(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
