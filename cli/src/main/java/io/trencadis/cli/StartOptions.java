package io.trencadis.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What a node is started with.
///
/// @param port 0 for any free one
/// @param listen names or addresses of this machine
/// @param data the data directory
/// @param shards how many a new data directory, or a new cluster, gets; null for the usual number
/// @param settings the server's values of settings, by name
record StartOptions(
    int port, List<String> listen, Path data, Integer shards, Map<String, String> settings) {
  /// Options and variables that are another way to say a setting. They count more than `--set`.
  enum Shorthand {
    HTTP_PORT("--http-port", "TRENCADIS_HTTP_PORT", OperatorPort.PORT),
    HTTP_LISTEN("--http-listen", "TRENCADIS_HTTP_LISTEN", OperatorPort.LISTEN),
    JOIN("--join", "TRENCADIS_JOIN", ClusterOptions.JOIN),
    ADVERTISE("--advertise", "TRENCADIS_ADVERTISE", ClusterOptions.ADVERTISE),
    DRAIN_SECONDS("--drain-seconds", "TRENCADIS_DRAIN_SECONDS", RunningNode.DRAIN_SECONDS);

    final String option;
    final String variable;
    private final String setting;

    Shorthand(String option, String variable, String setting) {
      this.option = option;
      this.variable = variable;
      this.setting = setting;
    }

    /// Adds to the settings what was said, if anything.
    ///
    /// @param value null or empty for nothing
    void put(String value, Map<String, String> settings) {
      if (value != null && !value.isEmpty()) {
        settings.put(setting, value);
      }
    }
  }

  static final String PORT = "5432";
  static final String LISTEN = "127.0.0.1";
  static final String DATA = "trencadis-data";

  /// Reads a command line that is as the help describes it, without the library that reads all the
  /// others: to load that library and to look at the commands takes longer than to open the store.
  ///
  /// @param arguments what follows `start`
  /// @param environment the environment's variables by name, null for one that is not set
  /// @return null for anything unusual, the library is then to be asked: it knows help and errors
  static StartOptions plain(List<String> arguments, UnaryOperator<String> environment) {
    Map<String, String> given = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!NAMES.contains(name)) {
        return null;
      }
      String value = equals >= 0 ? argument.substring(equals + 1) : null;
      if (value == null && ++i < arguments.size()) {
        value = arguments.get(i);
      }
      if (value == null || value.isEmpty() || UNUSUAL.indexOf(value.charAt(0)) >= 0) {
        return null;
      }
      if (name.equals("--set")) {
        int sign = value.indexOf('=');
        if (sign < 1 || settings.put(value.substring(0, sign), value.substring(sign + 1)) != null) {
          return null;
        }
      } else if (given.put(name, value) != null) {
        return null;
      }
    }
    if (environment.apply("TRENCADIS_CONFIG") != null) {
      return null;
    }
    for (Shorthand each : Shorthand.values()) {
      String value = value(given, each.option, environment.apply(each.variable), null);
      if (value != null && value.isEmpty()) {
        return null;
      }
      each.put(value, settings);
    }
    String port = value(given, "--port", environment.apply("TRENCADIS_PORT"), PORT);
    String listen = value(given, "--listen", environment.apply("TRENCADIS_LISTEN"), LISTEN);
    String data = value(given, "--data", environment.apply("TRENCADIS_DATA"), DATA);
    String shards = given.get("--shards");
    Set<String> all = new HashSet<>(List.of(port, listen, data));
    if (all.contains("") || !isNumber(port) || (shards != null && !isNumber(shards))) {
      return null;
    }
    return new StartOptions(
        Integer.parseInt(port),
        List.of(listen.split(",")),
        Path.of(data),
        shards == null ? null : Integer.valueOf(shards),
        settings);
  }

  private static final Set<String> NAMES =
      Set.of(
          "--port",
          "--listen",
          "--data",
          "--shards",
          "--set",
          Shorthand.HTTP_PORT.option,
          Shorthand.HTTP_LISTEN.option,
          Shorthand.JOIN.option,
          Shorthand.ADVERTISE.option,
          Shorthand.DRAIN_SECONDS.option);

  /// What options, files of arguments and quoted words begin with.
  private static final String UNUSUAL = "-@\"'";

  private static String value(
      Map<String, String> given, String name, String variable, String otherwise) {
    return given.getOrDefault(name, variable == null ? otherwise : variable);
  }

  private static boolean isNumber(String text) {
    return text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
