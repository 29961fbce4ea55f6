package io.trencadis.sql.session.settings;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.types.Zones;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// One session's settings, with PostgreSQL's rules of SET, SET LOCAL and RESET in transactions: SET
/// is undone if its transaction rolls back, SET LOCAL when it ends. Not thread-safe.
public final class SessionSettings {
  private static final Pattern CUSTOM_NAME =
      Pattern.compile("[\\p{L}_][\\p{L}_0-9$]*(\\.[\\p{L}_][\\p{L}_0-9$]*)+");

  private final SettingsRegistry registry;
  private final BiConsumer<String, String> onChange;
  private final Map<String, String> initial = new HashMap<>();
  private final Map<String, String> values = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private Map<String, SettingsRegistry.ServerValue> seen;
  private long generation;

  /// An undo record. `previous` is null where the session had no value of its own.
  private record Change(String name, String previous, boolean local) {}

  /// @param onChange told the name and the new value of each setting that changed
  public SessionSettings(SettingsRegistry registry, BiConsumer<String, String> onChange) {
    this.registry = registry;
    this.onChange = onChange;
    seen = registry.serverValues();
  }

  /// Notices values of the server's that have changed since the last call. To be called between
  /// statements.
  public void refresh() {
    Map<String, SettingsRegistry.ServerValue> now = registry.serverValues();
    if (now == seen) {
      return;
    }
    Map<String, SettingsRegistry.ServerValue> before = seen;
    seen = now;
    for (SettingDefinition definition : registry.all()) {
      String name = definition.name();
      if (!values.containsKey(name) && !Objects.equals(before.get(name), now.get(name))) {
        onChange.accept(name, registry.serverValue(definition));
      }
    }
  }

  public SettingsRegistry registry() {
    return registry;
  }

  /// Changes whenever any value does: for caches of what values mean.
  public long generation() {
    return generation + registry.generation();
  }

  /// The canonical value.
  ///
  /// @throws SqlException 42704 for an unknown name
  public String get(String name) {
    String value = find(name);
    if (value == null) {
      throw SettingsRegistry.unrecognized(name);
    }
    return value;
  }

  /// The canonical value, or null for an unknown name.
  public String find(String name) {
    SettingDefinition definition = registry.find(name);
    if (definition == null) {
      String key = name.toLowerCase(Locale.ROOT);
      String custom = values.get(key);
      SettingsRegistry.ServerValue server = registry.serverValues().get(key);
      return custom == null && server != null ? server.value() : custom;
    }
    String own = values.get(definition.name());
    return own != null ? own : registry.serverValue(definition);
  }

  /// What SHOW prints.
  public String show(String name) {
    String value = get(name);
    SettingDefinition definition = registry.find(name);
    return definition == null ? value : definition.shown(value);
  }

  public int getInt(String name) {
    return Integer.parseInt(get(name));
  }

  public long getLong(String name) {
    return Long.parseLong(get(name));
  }

  public boolean getBoolean(String name) {
    return get(name).equals("on");
  }

  /// A value given when the session starts: what RESET goes back to.
  public void setInitial(String name, String value) {
    String key = keyOf(name);
    String canonical = check(name, value);
    initial.put(key, canonical);
    put(key, canonical);
  }

  /// SET and SET LOCAL.
  public void set(String name, String value, boolean local) {
    String canonical = check(name, value);
    change(keyOf(name), canonical, local);
  }

  /// The canonical form of a value, which is not set.
  ///
  /// @throws SqlException 42704 for an unknown name, 22023 for a bad value, 55P02 for a setting
  ///   that sessions cannot change
  public String checked(String name, String value) {
    return check(name, value);
  }

  /// The server's own note of a value, which no rollback takes back.
  public void setInternal(String name, String value) {
    put(keyOf(name), value);
  }

  /// Runs work with values of its own, as a function's SET clauses ask for. What SET LOCAL changes
  /// of the same settings within it ends with it, and what SET does stays; all of it is undone
  /// where the work fails.
  ///
  /// @param assignments as in `name=value`
  public <T> T with(List<String> assignments, Supplier<T> work) {
    int mark = mark();
    Map<String, String> before = new LinkedHashMap<>();
    boolean done = false;
    try {
      for (String each : assignments) {
        int equals = each.indexOf('=');
        String name = each.substring(0, equals);
        String canonical = check(name, each.substring(equals + 1));
        before.putIfAbsent(keyOf(name), values.get(keyOf(name)));
        put(keyOf(name), canonical);
      }
      T result = work.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        rollbackTo(Math.min(mark, changes.size()));
      }
      before.forEach((key, value) -> leave(key, value, Math.min(mark, changes.size())));
    }
  }

  /// Ends a value that [#with] gave.
  private void leave(String key, String before, int mark) {
    List<Change> within = changes.subList(mark, changes.size());
    boolean kept = within.stream().anyMatch(each -> each.name.equals(key) && !each.local);
    if (!kept) {
      within.removeIf(each -> each.name.equals(key));
      put(key, before);
      return;
    }
    for (int i = 0; i < within.size(); i++) {
      if (within.get(i).name.equals(key)) {
        // Undone, it is what it was before the work and not what it was in it.
        within.set(i, new Change(key, before, within.get(i).local));
        return;
      }
    }
  }

  /// RESET, and SET … TO DEFAULT.
  public void reset(String name, boolean local) {
    SettingDefinition definition = registry.find(name);
    if (definition == null && name.indexOf('.') < 0) {
      throw SettingsRegistry.unrecognized(name);
    }
    requireChangeable(definition);
    String key = keyOf(name);
    // A setting of the client's own, once it is known, stays known.
    boolean emptied = definition == null && values.containsKey(key) && initial.get(key) == null;
    change(key, emptied ? "" : initial.get(key), local);
  }

  /// RESET ALL.
  public void resetAll() {
    for (String name : List.copyOf(values.keySet())) {
      SettingDefinition definition = registry.find(name);
      boolean kept =
          definition != null
              && (definition.context().equals("internal")
                  || List.of(
                          "session_authorization",
                          "role",
                          "transaction_isolation",
                          "transaction_read_only",
                          "transaction_deferrable",
                          "seed",
                          "is_superuser")
                      .contains(definition.name()));
      if (!kept) {
        change(name, initial.get(name), false);
      }
    }
  }

  private String keyOf(String name) {
    SettingDefinition definition = registry.find(name);
    return definition == null ? name.toLowerCase(Locale.ROOT) : definition.name();
  }

  private void change(String key, String value, boolean local) {
    changes.add(new Change(key, values.get(key), local));
    put(key, value);
  }

  private void put(String key, String value) {
    generation++;
    if (value == null) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
    String now = find(key);
    if (now != null) {
      onChange.accept(key, now);
    }
  }

  private static void requireChangeable(SettingDefinition definition) {
    if (definition == null) {
      return;
    }
    String message =
        switch (definition.context()) {
          case "internal" -> "parameter \"%s\" cannot be changed";
          case "postmaster" -> "parameter \"%s\" cannot be changed without restarting the server";
          case "sighup" -> "parameter \"%s\" cannot be changed now";
          case "backend", "superuser-backend" ->
              "parameter \"%s\" cannot be set after connection start";
          default -> null;
        };
    if (message != null) {
      throw new SqlException(
          SqlState.CANT_CHANGE_RUNTIME_PARAM, message.formatted(definition.name()));
    }
  }

  /// Checks who may change the setting and what to, and gives the canonical value.
  private String check(String name, String value) {
    SettingDefinition definition = registry.find(name);
    if (definition == null) {
      if (name.indexOf('.') < 0) {
        throw SettingsRegistry.unrecognized(name);
      }
      if (!CUSTOM_NAME.matcher(name).matches()) {
        throw new SqlException(
                SqlState.INVALID_NAME, "invalid configuration parameter name \"" + name + "\"")
            .detail(
                "Custom parameter names must be two or more simple identifiers separated by dots.");
      }
      return value;
    }
    requireChangeable(definition);
    return canonical(definition, value, get(definition.name()));
  }

  /// The canonical form of a value that is to follow another one.
  ///
  /// @throws SqlException 22023 for a bad value
  static String canonical(SettingDefinition definition, String value, String current) {
    String canonical = definition.canonical(value);
    return switch (definition.name()) {
      case "DateStyle" -> dateStyle(current, canonical);
      case "TimeZone", "log_timezone" -> ZoneValue.canonical(definition.name(), canonical);
      case "client_encoding" -> clientEncoding(canonical);
      default -> canonical;
    };
  }

  static SqlException invalid(String name, String value) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE,
        "invalid value for parameter \"" + name + "\": \"" + value + "\"");
  }

  private static String clientEncoding(String value) {
    Encoding encoding = Encoding.named(value);
    if (encoding == null) {
      throw invalid("client_encoding", value);
    }
    if (!encoding.convertible()) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, invalid("client_encoding", value).getMessage())
          .detail("Conversion between " + encoding + " and UTF8 is not supported.");
    }
    return encoding.name();
  }

  /// Merges a DateStyle value, which may name the style, the order or both, into the current one.
  static String dateStyle(String current, String value) {
    String style = current.substring(0, current.indexOf(','));
    String order = current.substring(current.indexOf(' ') + 1);
    for (String word : value.split(",")) {
      String key = word.strip().toUpperCase(Locale.ROOT);
      switch (key) {
        case "ISO" -> style = "ISO";
        case "SQL" -> style = "SQL";
        case String post when post.startsWith("POSTGRES") -> style = "Postgres";
        case "GERMAN" -> {
          style = "German";
          order = value.contains(",") ? order : "DMY";
        }
        case "YMD", "DMY", "MDY" -> order = key;
        case String european when european.startsWith("EURO") -> order = "DMY";
        case String other when other.equals("US") || other.startsWith("NONEURO") -> order = "MDY";
        case "DEFAULT" -> {
          style = "ISO";
          order = "MDY";
        }
        default ->
            throw invalid("DateStyle", value)
                .detail("Unrecognized key word: \"" + word.strip() + "\".");
      }
    }
    return style + ", " + order;
  }

  /// The zone that a canonical `TimeZone` value means; null if there is none.
  public static ZoneId zone(String canonical) {
    try {
      if (canonical.startsWith("<")) {
        return ZoneId.of(canonical.substring(1, canonical.indexOf('>')));
      }
      // Before Java's own forms: POSIX counts `-13:00` to the west.
      ZoneId named = Zones.byName(canonical);
      return named != null ? named : ZoneId.of(canonical, ZoneId.SHORT_IDS);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /// A point in the undo log, for savepoints.
  public int mark() {
    return changes.size();
  }

  /// Takes back every change since the mark.
  public void rollbackTo(int mark) {
    while (changes.size() > mark) {
      Change change = changes.removeLast();
      put(change.name, change.previous);
    }
  }

  /// The transaction committed: SET LOCAL ends, SET stays.
  public void commit() {
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      if (change.local && !setLater(change.name, i)) {
        put(change.name, change.previous);
      }
    }
    changes.clear();
  }

  private boolean setLater(String name, int index) {
    for (int i = index + 1; i < changes.size(); i++) {
      if (!changes.get(i).local && changes.get(i).name.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /// The transaction rolled back: every change in it is undone.
  public void rollback() {
    rollbackTo(0);
  }
}
