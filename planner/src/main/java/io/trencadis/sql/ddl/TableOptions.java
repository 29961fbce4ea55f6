package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Storage parameters of tables: kept and shown, without effect.
final class TableOptions {
  private TableOptions() {}

  /// A parameter as the catalog keeps it.
  ///
  /// @throws SqlException 22023 where there is none of that name
  static String text(Statement.StorageOption option) {
    String name = option.name().toLowerCase(Locale.ROOT);
    boolean known =
        name.equals("fillfactor")
            || name.startsWith("autovacuum_")
            || name.startsWith("toast")
            || name.equals("parallel_workers")
            || name.equals("user_catalog_table")
            || name.startsWith("vacuum_")
            || name.equals("log_autovacuum_min_duration");
    if (!known) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
    }
    return option.name() + "=" + (option.value() == null ? "true" : option.value());
  }

  /// A table's parameters as SET and RESET leave them.
  ///
  /// @param before null for none
  static List<String> changed(List<String> before, AlterAction action) {
    List<String> options = new ArrayList<>(before == null ? List.of() : before);
    switch (action) {
      case AlterAction.SetOptions set -> {
        for (Statement.StorageOption option : set.options()) {
          String text = text(option);
          options.removeIf(old -> old.startsWith(option.name() + "="));
          options.add(text);
        }
      }
      case AlterAction.ResetOptions reset ->
          reset
              .options()
              .forEach(option -> options.removeIf(old -> old.startsWith(option.name() + "=")));
      default -> throw new IllegalArgumentException("not of options: " + action);
    }
    return options;
  }
}
