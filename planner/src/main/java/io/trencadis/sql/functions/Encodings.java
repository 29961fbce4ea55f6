package io.trencadis.sql.functions;

/// PostgreSQL's numbers and names of character encodings.
final class Encodings {
  private static final String[] NAMES = {
    "SQL_ASCII",
    "EUC_JP",
    "EUC_CN",
    "EUC_KR",
    "EUC_TW",
    "EUC_JIS_2004",
    "UTF8",
    "MULE_INTERNAL",
    "LATIN1",
    "LATIN2",
    "LATIN3",
    "LATIN4",
    "LATIN5",
    "LATIN6",
    "LATIN7",
    "LATIN8",
    "LATIN9",
    "LATIN10",
    "WIN1256",
    "WIN1258",
    "WIN866",
    "WIN874",
    "KOI8R",
    "WIN1251",
    "WIN1252",
    "ISO_8859_5",
    "ISO_8859_6",
    "ISO_8859_7",
    "ISO_8859_8",
    "WIN1250",
    "WIN1253",
    "WIN1254",
    "WIN1255",
    "WIN1257",
    "KOI8U",
    "SJIS",
    "BIG5",
    "GBK",
    "UHC",
    "GB18030",
    "JOHAB",
    "SHIFT_JIS_2004"
  };

  private Encodings() {}

  static String name(int code) {
    return code >= 0 && code < NAMES.length ? NAMES[code] : "";
  }

  static int code(String name) {
    String plain = name.replace("-", "").replace("_", "");
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].replace("_", "").equalsIgnoreCase(plain)) {
        return i;
      }
    }
    return plain.equalsIgnoreCase("unicode") ? 6 : -1;
  }

  static Integer maxLength(int code) {
    if (code < 0 || code >= NAMES.length) {
      return null;
    }
    return switch (NAMES[code]) {
      case "UTF8", "EUC_TW", "MULE_INTERNAL", "GB18030" -> 4;
      case "EUC_JP", "EUC_KR", "EUC_JIS_2004", "JOHAB" -> 3;
      case "EUC_CN", "SJIS", "BIG5", "GBK", "UHC", "SHIFT_JIS_2004" -> 2;
      default -> 1;
    };
  }
}
