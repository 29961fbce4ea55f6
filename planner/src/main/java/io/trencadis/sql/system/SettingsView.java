package io.trencadis.sql.system;

import io.trencadis.sql.session.HostRuleInfo;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.session.settings.SettingDefinition;
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
    to.current("pg_settings", SettingsView::settings);
  }

  private static void settings(Rows rows, Reading reading) {
    SessionSettings settings = reading.access().settings();
    List<SettingDefinition> all = new ArrayList<>(settings.registry().all());
    all.removeIf(each -> HIDDEN.contains(each.name()));
    all.sort(Comparator.comparing(SettingDefinition::name, String.CASE_INSENSITIVE_ORDER));
    for (SettingDefinition each : all) {
      String value = settings.get(each.name());
      String server = settings.registry().serverValue(each);
      rows.add()
          .set("name", each.name())
          .set("setting", value)
          .set("unit", orNull(each.unit()))
          .set("category", each.category())
          .set("short_desc", "")
          .set("context", each.context())
          .set("vartype", each.type())
          .set(
              "source",
              !value.equals(server)
                  ? "session"
                  : server.equals(each.defaultValue()) ? "default" : "override")
          .set("min_val", orNull(each.minimum()))
          .set("max_val", orNull(each.maximum()))
          .set("enumvals", each.choices().isEmpty() ? null : each.choices())
          .set("boot_val", each.defaultValue())
          .set("reset_val", server)
          .set("pending_restart", false);
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
