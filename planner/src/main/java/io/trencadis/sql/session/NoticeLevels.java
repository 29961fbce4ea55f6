package io.trencadis.sql.session;

import java.util.List;
import java.util.Locale;

/// Which notices `client_min_messages` lets through.
final class NoticeLevels {
  private static final List<String> ORDER =
      List.of(
          "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "log", "notice", "warning",
          "error");

  private NoticeLevels() {}

  static boolean shown(String severity, String least) {
    if (severity.equals("INFO")) {
      return true;
    }
    return ORDER.indexOf(severity.toLowerCase(Locale.ROOT)) >= ORDER.indexOf(least);
  }
}
