package io.trencadis.sql.encoding;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Between which encodings PostgreSQL converts. With UTF8 it is nearly all of them; the others come
/// in families; SQL_ASCII takes everything as it is.
final class Conversions {
  private static final List<Set<Encoding>> FAMILIES =
      List.of(
          EnumSet.of(Encoding.ISO_8859_5, Encoding.KOI8R, Encoding.WIN1251, Encoding.WIN866),
          EnumSet.of(Encoding.LATIN2, Encoding.WIN1250),
          EnumSet.of(Encoding.EUC_JP, Encoding.SJIS),
          EnumSet.of(Encoding.EUC_TW, Encoding.BIG5),
          EnumSet.of(Encoding.EUC_JIS_2004, Encoding.SHIFT_JIS_2004));

  /// What has a conversion to and from MULE_INTERNAL, which UTF8 has not.
  private static final Set<Encoding> WITH_MULE =
      EnumSet.of(
          Encoding.BIG5,
          Encoding.EUC_CN,
          Encoding.EUC_JP,
          Encoding.EUC_KR,
          Encoding.EUC_TW,
          Encoding.ISO_8859_5,
          Encoding.KOI8R,
          Encoding.LATIN1,
          Encoding.LATIN2,
          Encoding.LATIN3,
          Encoding.LATIN4,
          Encoding.SJIS,
          Encoding.WIN1250,
          Encoding.WIN1251,
          Encoding.WIN866);

  private Conversions() {}

  static boolean exists(Encoding source, Encoding destination) {
    if (source == Encoding.SQL_ASCII || destination == Encoding.SQL_ASCII) {
      return true;
    }
    if (source == Encoding.MULE_INTERNAL) {
      return WITH_MULE.contains(destination);
    }
    if (destination == Encoding.MULE_INTERNAL) {
      return WITH_MULE.contains(source);
    }
    return source == Encoding.UTF8
        || destination == Encoding.UTF8
        || FAMILIES.stream()
            .anyMatch(family -> family.contains(source) && family.contains(destination));
  }
}
