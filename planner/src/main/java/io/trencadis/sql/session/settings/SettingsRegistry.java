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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;

/// All settings and the server's own values of them, which [#load] can change while it runs.
/// Thread-safe.
public final class SettingsRegistry {
  private static final String FROM_FILE = "configuration file";

  /// Where the server is: only the command line can say that.
  private static final Set<String> PLACES =
      Set.of("port", "listen_addresses", "data_directory", "config_file");

  /// The release of PostgreSQL that this server answers like.
  public static final String SERVER_VERSION =
      "15.18 (Trencadis " + io.trencadis.base.Release.VERSION + ")";

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

  /// A value of the server's own.
  ///
  /// @param source PostgreSQL's word for where it is from
  /// @param file the file that it is from, or null
  /// @param line in that file, from 1
  record ServerValue(String value, String source, String file, int line) {}

  /// What the files of settings cannot change.
  private final Map<String, ServerValue> fixed = new HashMap<>();

  private final Map<String, String> builtIn = new HashMap<>();

  /// Replaced as a whole.
  private volatile Map<String, ServerValue> serverValues;

  private volatile Set<String> pendingRestart = Set.of();
  private volatile long generation;

  /// @param overrides the server's values where they are not the defaults, by name, as the command
  ///   line gives them
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
            "auto_explain.log_min_duration",
            "-1",
            "ms",
            "integer",
            "superuser",
            "-1",
            "2147483647",
            List.of(),
            "Customized Options"));
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
    add(ofNode("trencadis.disabled_rules", "", "", "string", "postmaster", "", ""));
    add(ofNode("trencadis.http_port", "", "", "string", "postmaster", "", ""));
    add(ofNode("trencadis.http_listen", "127.0.0.1", "", "string", "postmaster", "", ""));
    add(ofNode("trencadis.drain_seconds", "30", "s", "integer", "sighup", "0", "86400"));
    add(ofNode("trencadis.join", "", "", "string", "postmaster", "", ""));
    add(
        ofNode(
            "trencadis.election_timeout", "1000", "ms", "integer", "postmaster", "100", "60000"));
    add(ofNode("trencadis.leader_leases", "off", "", "bool", "postmaster", "", ""));
    add(
        ofNode(
            "trencadis.balance_interval", "2000", "ms", "integer", "postmaster", "0", "3600000"));
    add(
        ofNode(
            "trencadis.lost_node_timeout",
            "1800000",
            "ms",
            "integer",
            "postmaster",
            "0",
            "2147483647"));
    add(ofNode("trencadis.replication_factor", "3", "", "integer", "postmaster", "1", "7"));
    add(ofNode("trencadis.copy_rate", "65536", "kB", "integer", "postmaster", "0", "1073741823"));
    add(ofNode("trencadis.move_rate", "65536", "kB", "integer", "user", "0", "1073741823"));
    add(ofNode("trencadis.advertise", "", "", "string", "postmaster", "", ""));
    add(ofNode("trencadis.node_cert_file", "server.crt", "", "string", "postmaster", "", ""));
    add(ofNode("trencadis.node_key_file", "server.key", "", "string", "postmaster", "", ""));
    add(ofNode("trencadis.node_ca_file", "ca.crt", "", "string", "postmaster", "", ""));
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
    overrides.forEach(
        (name, value) -> {
          SettingDefinition definition = require(name);
          fixed.put(
              definition.name(),
              new ServerValue(definition.canonical(value), "command line", null, 0));
        });
    serverValues = merged(Map.of());
  }

  private Map<String, ServerValue> merged(Map<String, ServerValue> files) {
    Map<String, ServerValue> all = new HashMap<>();
    builtIn.forEach((name, value) -> all.put(name, new ServerValue(value, "override", null, 0)));
    all.putAll(files);
    all.putAll(fixed);
    return all;
  }

  /// Makes what files of settings say the server's values. The last line on a setting counts; what
  /// the command line says counts more. What is not said any more goes back to its default. A line
  /// that cannot be applied leaves its setting as it was.
  ///
  /// @param starting whether settings may change that only a start can change
  /// @return what became of each entry, in order
  public synchronized List<FileSetting> load(
      List<ConfigurationFile.Entry> entries, boolean starting) {
    Map<String, ServerValue> before = starting ? Map.of() : serverValues;
    Map<String, ServerValue> files = new HashMap<>();
    Set<String> pending = new HashSet<>();
    List<FileSetting> outcome = judged(entries, starting, before, files, pending);
    before.forEach(
        (name, value) -> {
          // Unsaid now, but only a start can take it back.
          if (value.file() != null && !files.containsKey(name) && needsRestart(name)) {
            files.put(name, value);
            pending.add(name);
          }
        });
    serverValues = merged(files);
    pendingRestart = pending;
    generation++;
    return outcome;
  }

  /// What [#load] would answer.
  public synchronized List<FileSetting> preview(List<ConfigurationFile.Entry> entries) {
    return judged(entries, false, serverValues, new HashMap<>(), new HashSet<>());
  }

  /// @param files gets the values to be
  /// @param pending gets the names of what has to wait for a start
  private List<FileSetting> judged(
      List<ConfigurationFile.Entry> entries,
      boolean starting,
      Map<String, ServerValue> before,
      Map<String, ServerValue> files,
      Set<String> pending) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).name() != null) {
        last.put(entries.get(i).name(), i);
      }
    }
    List<FileSetting> outcome = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      ConfigurationFile.Entry entry = entries.get(i);
      String error = entry.error();
      boolean applied = false;
      if (error == null && last.get(entry.name()) == i) {
        try {
          applied = take(entry, starting, before, files, pending);
          error = applied || isFixed(entry.name()) ? null : "setting could not be applied";
        } catch (SqlException bad) {
          error = bad.getMessage();
        }
      }
      outcome.add(
          new FileSetting(entry.file(), entry.line(), entry.name(), entry.value(), applied, error));
    }
    return outcome;
  }

  private boolean take(
      ConfigurationFile.Entry entry,
      boolean starting,
      Map<String, ServerValue> before,
      Map<String, ServerValue> files,
      Set<String> pending) {
    SettingDefinition definition = find(entry.name());
    if (definition == null && entry.name().indexOf('.') > 0) {
      files.put(
          entry.name(), new ServerValue(entry.value(), FROM_FILE, entry.file(), entry.line()));
      return true;
    }
    requireKept(entry.name());
    String name = definition.name();
    String canonical = canonical(definition, entry.value());
    ServerValue old = before.get(name);
    String now = old == null ? definition.defaultValue() : old.value();
    if (!starting && needsRestart(name) && !now.equals(canonical)) {
      if (!isFixed(name)) {
        pending.add(name);
      }
      if (old != null && old.file() != null) {
        files.put(name, old);
      }
      return false;
    }
    files.put(name, new ServerValue(canonical, FROM_FILE, entry.file(), entry.line()));
    return !isFixed(name);
  }

  /// Requires that a file may have a value of the setting.
  ///
  /// @throws SqlException 42704 for an unknown name without a dot, 55P02 for what cannot be changed
  public void requireKept(String name) {
    SettingDefinition definition = find(name);
    if (definition == null && name.indexOf('.') <= 0) {
      throw unrecognized(name);
    }
    if (definition != null
        && (definition.context().equals("internal") || PLACES.contains(definition.name()))) {
      throw new SqlException(
          SqlState.CANT_CHANGE_RUNTIME_PARAM,
          "parameter \"" + definition.name() + "\" cannot be changed");
    }
  }

  /// The canonical form of a value that the server is to have.
  ///
  /// @throws SqlException 22023 for a bad value
  public String canonical(SettingDefinition definition, String value) {
    String otherwise = builtIn.getOrDefault(definition.name(), definition.defaultValue());
    return SessionSettings.canonical(definition, value, otherwise);
  }

  private boolean isFixed(String name) {
    SettingDefinition definition = find(name);
    return definition != null && fixed.containsKey(definition.name());
  }

  private boolean needsRestart(String name) {
    SettingDefinition definition = find(name);
    return definition != null && definition.context().equals("postmaster");
  }

  /// Whether a value from a file waits for the next start.
  public boolean pendingRestart(SettingDefinition definition) {
    return pendingRestart.contains(definition.name());
  }

  /// Grows with each [#load].
  long generation() {
    return generation;
  }

  /// All values of the server's own; the same object as long as none of them changes.
  Map<String, ServerValue> serverValues() {
    return serverValues;
  }

  /// Where the server's value is from, in PostgreSQL's words: `default`, `configuration file`,
  /// `command line`, `override`.
  public String source(SettingDefinition definition) {
    ServerValue own = serverValues.get(definition.name());
    return own == null
            || own.source().equals("override") && own.value().equals(definition.defaultValue())
        ? "default"
        : own.source();
  }

  /// The file that the server's value is from, or null.
  public String sourceFile(SettingDefinition definition) {
    ServerValue own = serverValues.get(definition.name());
    return own == null ? null : own.file();
  }

  /// The line in [#sourceFile], from 1.
  public int sourceLine(SettingDefinition definition) {
    ServerValue own = serverValues.get(definition.name());
    return own == null ? 0 : own.line();
  }

  /// A setting of the program around the SQL engine.
  private static SettingDefinition ofNode(
      String name,
      String value,
      String unit,
      String type,
      String context,
      String minimum,
      String maximum) {
    return new SettingDefinition(
        name, value, unit, type, context, minimum, maximum, List.of(), "Trencadis");
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
    builtIn.put(require(name).name(), value);
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
    ServerValue own = serverValues.get(definition.name());
    return own != null ? own.value() : definition.defaultValue();
  }

  public Collection<SettingDefinition> all() {
    return byLowerName.values();
  }
}
