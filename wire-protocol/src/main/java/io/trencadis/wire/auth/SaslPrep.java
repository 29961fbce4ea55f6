package io.trencadis.wire.auth;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// The form in which passwords are compared (RFC 4013), so that one typed with a non-breaking space
/// or composed characters is the same password. What the profile prohibits is used as it stands, as
/// PostgreSQL does.
final class SaslPrep {
  private SaslPrep() {}

  /// The UTF-8 bytes of the prepared password.
  static byte[] prepare(String password) {
    if (password.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      return password.getBytes(StandardCharsets.US_ASCII);
    }
    StringBuilder mapped = new StringBuilder(password.length());
    password
        .codePoints()
        .filter(c -> !mappedToNothing(c))
        .map(c -> isSpace(c) ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    boolean usable =
        !normal.isEmpty()
            && normal.codePoints().noneMatch(SaslPrep::prohibited)
            && bidiIsSound(normal);
    return (usable ? normal : password).getBytes(StandardCharsets.UTF_8);
  }

  /// RFC 3454, table B.1.
  private static boolean mappedToNothing(int c) {
    return c == 0xad
        || c == 0x34f
        || c == 0x1806
        || c >= 0x180b && c <= 0x180d
        || c >= 0x200b && c <= 0x200d
        || c == 0x2060
        || c >= 0xfe00 && c <= 0xfe0f
        || c == 0xfeff;
  }

  /// RFC 3454, table C.1.2.
  private static boolean isSpace(int c) {
    return c == 0xa0
        || c == 0x1680
        || c >= 0x2000 && c <= 0x200a
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  /// RFC 3454, tables C.1.2, C.2.1, C.2.2 and C.3 to C.9.
  private static boolean prohibited(int c) {
    return isSpace(c)
        || c < 0x20
        || c >= 0x7f && c <= 0x9f
        || c == 0x6dd
        || c == 0x70f
        || c == 0x180e
        || c == 0x2028
        || c == 0x2029
        || c >= 0x2061 && c <= 0x2063
        || c >= 0x206a && c <= 0x206f
        || c >= 0xfff9 && c <= 0xfffd
        || c >= 0x1d173 && c <= 0x1d17a
        || c == 0x340
        || c == 0x341
        || c == 0x200e
        || c == 0x200f
        || c >= 0x202a && c <= 0x202e
        || c >= 0x2ff0 && c <= 0x2ffb
        || c >= 0xd800 && c <= 0xf8ff
        || c >= 0xf0000
        || c >= 0xfdd0 && c <= 0xfdef
        || (c & 0xfffe) == 0xfffe
        || c == 0xe0001
        || c >= 0xe0020 && c <= 0xe007f;
  }

  /// RFC 3454, section 6: text with right-to-left characters has no left-to-right ones, and begins
  /// and ends so.
  private static boolean bidiIsSound(String text) {
    if (text.codePoints().noneMatch(SaslPrep::rightToLeft)) {
      return true;
    }
    return text.codePoints()
            .noneMatch(
                c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
        && rightToLeft(text.codePointAt(0))
        && rightToLeft(text.codePointBefore(text.length()));
  }

  private static boolean rightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }
}
