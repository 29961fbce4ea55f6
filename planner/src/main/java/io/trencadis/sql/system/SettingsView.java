package io.trencadis.sql.system;

import io.trencadis.sql.session.settings.FileSetting;
import io.trencadis.sql.session.settings.HostRuleInfo;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.session.settings.SettingDefinition;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// `pg_settings`. UPDATE of it, which PostgreSQL takes for SET, is not there.
final class SettingsView {
  /// What SHOW ALL leaves out.
  private static final Set<String> HIDDEN =
      Set.of("is_superuser", "session_authorization", "role", "seed");

  private SettingsView() {}

  static void register(Registration to) {
    to.current("pg_hba_file_rules", SettingsView::hostRules);
    to.current("pg_file_settings", SettingsView::fileSettings);
    to.current("pg_settings", SettingsView::settings);
  }

  private static void settings(Rows rows, Reading reading) {
    SessionSettings settings = reading.access().settings();
    SettingsRegistry registry = settings.registry();
    boolean seesFiles = reading.access().seesConfigurationFiles();
    List<SettingDefinition> all = new ArrayList<>(registry.all());
    all.removeIf(each -> HIDDEN.contains(each.name()));
    all.sort(Comparator.comparing(SettingDefinition::name, String.CASE_INSENSITIVE_ORDER));
    for (SettingDefinition each : all) {
      String value = settings.get(each.name());
      String server = registry.serverValue(each);
      boolean own = value.equals(server);
      rows.add()
          .set("name", each.name())
          .set("setting", value)
          .set("unit", orNull(each.unit()))
          .set("category", each.category())
          .set("short_desc", "")
          .set("context", each.context())
          .set("vartype", each.type())
          .set("source", value.equals(server) ? registry.source(each) : "session")
          .set("min_val", orNull(each.minimum()))
          .set("max_val", orNull(each.maximum()))
          .set("enumvals", each.choices().isEmpty() ? null : each.choices())
          .set("boot_val", each.defaultValue())
          .set("reset_val", server)
          .set("sourcefile", own && seesFiles ? registry.sourceFile(each) : null)
          .set(
              "sourceline",
              own && seesFiles && registry.sourceFile(each) != null
                  ? registry.sourceLine(each)
                  : null)
          .set("pending_restart", registry.pendingRestart(each));
    }
  }

  private static void fileSettings(Rows rows, Reading reading) {
    int number = 0;
    for (FileSetting each : reading.access().fileSettings()) {
      rows.add()
          .set("sourcefile", each.file())
          .set("sourceline", each.line())
          .set("seqno", ++number)
          .set("name", each.name())
          .set("setting", each.value())
          .set("applied", each.applied())
          .set("error", each.error());
    }
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void hostRules(Rows rows, Reading reading) {
    for (HostRuleInfo rule : reading.access().hostRules()) {
      rows.add()
          .set("line_number", rule.line())
          .set("type", rule.type())
          .set("database", rule.databases())
          .set("user_name", rule.users())
          .set("address", rule.address())
          .set("netmask", rule.netmask())
          .set("auth_method", rule.method())
          .set("options", rule.options())
          .set("error", rule.error());
    }
  }
}
