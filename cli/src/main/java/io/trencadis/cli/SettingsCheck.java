package io.trencadis.cli;

import io.trencadis.base.SqlException;
import io.trencadis.sql.session.settings.SettingDefinition;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.util.Locale;
import java.util.Map;

/// What `--set` may say, checked before anything is started.
final class SettingsCheck {
  private static final Map<String, String> OPTIONS =
      Map.of("port", "--port", "listen_addresses", "--listen", "data_directory", "--data");

  /// The options by which a setting may have been given, to be named where its value is wrong.
  private static String givenAs(String name) {
    return switch (name) {
      case RunningNode.DRAIN_SECONDS -> "--drain-seconds ";
      default -> "--set " + name + "=";
    };
  }

  /// How many letters of a name may be wrong for it to be guessed.
  private static final int MOST_WRONG = 3;

  private SettingsCheck() {}

  /// @throws StartException naming the first setting that is unknown or has a bad value
  static void check(Map<String, String> settings) {
    SettingsRegistry registry = new SettingsRegistry(Map.of());
    settings.forEach((name, value) -> check(registry, name, value));
  }

  private static void check(SettingsRegistry registry, String name, String value) {
    String option = OPTIONS.get(name.toLowerCase(Locale.ROOT));
    if (option != null) {
      throw StartException.usage("--set " + name + "=…: give it with " + option + " instead.");
    }
    SettingDefinition setting = registry.find(name);
    if (setting == null) {
      String guess = nearest(registry, name);
      throw StartException.usage(
          "--set "
              + name
              + "=…: there is no such setting. "
              + (guess == null ? "SHOW ALL lists them." : "Did you mean " + guess + "?"));
    }
    if (setting.context().equals("internal")) {
      throw StartException.usage("--set " + name + "=…: this setting cannot be changed.");
    }
    try {
      setting.canonical(value);
    } catch (SqlException bad) {
      String hint = bad.fields().get(SqlException.Field.HINT);
      throw StartException.usage(
          givenAs(name) + value + ": " + bad.getMessage() + (hint == null ? "" : ". " + hint));
    }
  }

  private static String nearest(SettingsRegistry registry, String name) {
    String best = null;
    int least = MOST_WRONG + 1;
    for (SettingDefinition candidate : registry.all()) {
      int distance =
          distance(name.toLowerCase(Locale.ROOT), candidate.name().toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = candidate.name();
      }
    }
    return best;
  }

  /// Letters to insert, delete or replace (Levenshtein).
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
