package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.IndexDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Storage parameters of indexes. They are checked, kept and shown, and change nothing: they tune
/// pages, which indexes do not have here.
final class IndexOptions {
  /// What values a parameter takes: a whole number in a range, or a truth value.
  ///
  /// @param most less than `least` for a truth value
  private record Parameter(long least, long most) {
    static final Parameter TRUTH = new Parameter(0, -1);

    boolean isTruth() {
      return most < least;
    }
  }

  private static final Map<String, Map<String, Parameter>> BY_METHOD =
      Map.of(
          "btree",
          Map.of(
              "fillfactor", new Parameter(10, 100),
              "deduplicate_items", Parameter.TRUTH,
              "vacuum_cleanup_index_scale_factor", new Parameter(0, 10_000_000_000L)),
          "hash",
          Map.of("fillfactor", new Parameter(10, 100)),
          "gin",
          Map.of(
              "fastupdate",
              Parameter.TRUTH,
              "gin_pending_list_limit",
              new Parameter(64, Integer.MAX_VALUE)),
          "brin",
          Map.of("pages_per_range", new Parameter(1, 131_072), "autosummarize", Parameter.TRUTH));

  private IndexOptions() {}

  /// The parameters of a new index as the catalog keeps them.
  static List<String> of(String method, List<Statement.StorageOption> written) {
    List<String> options = new ArrayList<>();
    for (Statement.StorageOption option : written) {
      String name = option.name().toLowerCase(Locale.ROOT);
      if (options.stream().anyMatch(each -> each.startsWith(name + "="))) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE,
            "parameter \"" + option.name() + "\" specified more than once");
      }
      options.add(text(method, option));
    }
    return options;
  }

  /// An index as SET or RESET leaves it.
  static IndexDescriptor changed(IndexDescriptor index, AlterAction action) {
    String method = index.method() == null ? "btree" : index.method();
    List<String> options = new ArrayList<>(index.options());
    switch (action) {
      case AlterAction.SetOptions set -> {
        for (Statement.StorageOption option : set.options()) {
          String text = text(method, option);
          options.removeIf(old -> old.startsWith(nameOf(text) + "="));
          options.add(text);
        }
      }
      case AlterAction.ResetOptions reset -> {
        for (Statement.StorageOption option : reset.options()) {
          options.removeIf(old -> old.startsWith(option.name().toLowerCase(Locale.ROOT) + "="));
        }
      }
      default -> throw new IllegalArgumentException("not of options: " + action);
    }
    return index.withOptions(options);
  }

  private static String nameOf(String text) {
    return text.substring(0, text.indexOf('='));
  }

  private static String text(String method, Statement.StorageOption option) {
    String name = option.name().toLowerCase(Locale.ROOT);
    Parameter parameter = BY_METHOD.get(method).get(name);
    if (parameter == null) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
    }
    String value = option.value() == null ? "true" : option.value();
    if (parameter.isTruth()) {
      if (!List.of("true", "false", "on", "off", "yes", "no", "1", "0")
          .contains(value.toLowerCase(Locale.ROOT))) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE,
            "invalid value for boolean option \"" + name + "\": " + value);
      }
      return name + "=" + value;
    }
    long number;
    try {
      number = Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "invalid value for integer option \"" + name + "\": " + value);
    }
    if (number < parameter.least() || number > parameter.most()) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "value " + value + " out of bounds for option \"" + name + "\"")
          .detail(
              "Valid values are between \""
                  + parameter.least()
                  + "\" and \""
                  + parameter.most()
                  + "\".");
    }
    return name + "=" + value;
  }
}
