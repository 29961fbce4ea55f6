package io.trencadis.sql.session.settings;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.CatalogFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

/// All settings and the server's own values of them. Immutable after construction; thread-safe.
public final class SettingsRegistry {
  /// The release of PostgreSQL that this server answers like.
  public static final String SERVER_VERSION = "15.18 (Trencadis 0.1.0)";

  /// The settings that a client is told at start and whenever they change (PostgreSQL 15 manual,
  /// 55.2.7).
  public static final List<String> REPORTED =
      List.of(
          "application_name",
          "client_encoding",
          "DateStyle",
          "default_transaction_read_only",
          "in_hot_standby",
          "integer_datetimes",
          "IntervalStyle",
          "is_superuser",
          "server_encoding",
          "server_version",
          "session_authorization",
          "standard_conforming_strings",
          "TimeZone");

  private final Map<String, SettingDefinition> byName = new HashMap<>();
  private final Map<String, SettingDefinition> byLowerName = new LinkedHashMap<>();
  private final Map<String, String> serverValues = new HashMap<>();

  /// @param overrides the server's values where they are not the defaults, by name
  public SettingsRegistry(Map<String, String> overrides) {
    for (String[] row : load()) {
      add(
          new SettingDefinition(
              row[0],
              row[1],
              row[2],
              row[3],
              row[4],
              row[5],
              row[6],
              row[7].isEmpty() ? List.of() : List.of(row[7].split(",")),
              row[8]));
    }
    add(string("is_superuser", "on", "internal"));
    add(string("session_authorization", "", "user"));
    add(string("role", "none", "user"));
    add(new SettingDefinition("seed", "0", "", "real", "user", "-1", "1", List.of(), "Ungrouped"));
    add(
        new SettingDefinition(
            "trencadis.replay", "on", "", "bool", "user", "", "", List.of(), "Trencadis"));
    add(
        new SettingDefinition(
            "trencadis.history_retention",
            "600000",
            "ms",
            "integer",
            "postmaster",
            "0",
            "2147483647",
            List.of(),
            "Trencadis"));
    override("server_version", SERVER_VERSION);
    override("server_version_num", "150018");
    override("client_encoding", "UTF8");
    override("server_encoding", "UTF8");
    override("lc_collate", "C.UTF-8");
    override("lc_ctype", "C.UTF-8");
    override("lc_messages", "C.UTF-8");
    override("lc_monetary", "C.UTF-8");
    override("lc_numeric", "C.UTF-8");
    override("lc_time", "C.UTF-8");
    override("TimeZone", TimeZone.getDefault().getID());
    override("log_timezone", TimeZone.getDefault().getID());
    override("default_transaction_isolation", "serializable");
    override("transaction_isolation", "serializable");
    override("default_text_search_config", "pg_catalog.simple");
    overrides.forEach((name, value) -> override(name, require(name).canonical(value)));
  }

  private static SettingDefinition string(String name, String value, String context) {
    return new SettingDefinition(
        name, value, "", "string", context, "", "", List.of(), "Ungrouped");
  }

  private void add(SettingDefinition definition) {
    byLowerName.put(definition.name().toLowerCase(Locale.ROOT), definition);
    byName.put(definition.name(), definition);
  }

  private void override(String name, String value) {
    serverValues.put(require(name).name(), value);
  }

  private static List<String[]> load() {
    try (InputStream in =
        SettingsRegistry.class.getResourceAsStream("/io/trencadis/sql/session/settings.tsv")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String[]> rows = new ArrayList<>();
      int start = 0;
      while (start < text.length()) {
        int end = text.indexOf('\n', start);
        rows.add(CatalogFile.split(text, start, end, '\t', 9));
        start = end + 1;
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the settings' resource", e);
    }
  }

  /// The setting of that name, in any case of letters, or null.
  public SettingDefinition find(String name) {
    // The server's own code asks by the exact name, many times a statement.
    SettingDefinition exact = byName.get(name);
    return exact != null ? exact : byLowerName.get(name.toLowerCase(Locale.ROOT));
  }

  /// @throws SqlException 42704 for an unknown name
  public SettingDefinition require(String name) {
    SettingDefinition found = find(name);
    if (found == null) {
      throw unrecognized(name);
    }
    return found;
  }

  static SqlException unrecognized(String name) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
  }

  /// The server's value, in canonical form, which sessions start with.
  public String serverValue(SettingDefinition definition) {
    String own = serverValues.get(definition.name());
    return own != null ? own : definition.defaultValue();
  }

  public Collection<SettingDefinition> all() {
    return byLowerName.values();
  }
}
