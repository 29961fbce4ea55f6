package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The options of views: `check_option`, `security_barrier` and `security_invoker`.
final class ViewOptions {
  private static final List<String> NAMES =
      List.of("check_option", "security_barrier", "security_invoker");

  private ViewOptions() {}

  /// The options of a new view as the catalog keeps them, CHECK OPTION among them.
  static List<String> of(Statement.CreateView create) {
    List<String> options = new ArrayList<>();
    for (Statement.StorageOption option : create.options()) {
      options.add(text(option));
    }
    if (create.checkOption() != Statement.CheckOption.NONE) {
      options.add("check_option=" + create.checkOption().name().toLowerCase(Locale.ROOT));
    }
    return options;
  }

  private static String nameOf(Statement.StorageOption option) {
    String name = option.name().toLowerCase(Locale.ROOT);
    if (!NAMES.contains(name)) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
    }
    return name;
  }

  private static String text(Statement.StorageOption option) {
    String name = nameOf(option);
    String value = option.value() == null ? "true" : option.value();
    if (name.equals("check_option") && !List.of("local", "cascaded").contains(value)) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "invalid value for enum option \"check_option\": " + value)
          .detail("Valid values are \"local\" and \"cascaded\".");
    }
    return name + "=" + value;
  }

  /// Applies SET or RESET of options to a view.
  ///
  /// @return whether that is what the action is
  static boolean apply(DdlContext cx, TableDescriptor view, AlterAction action) {
    if (!view.isView()) {
      return false;
    }
    List<String> options = new ArrayList<>(view.options());
    switch (action) {
      case AlterAction.SetOptions set -> {
        for (Statement.StorageOption option : set.options()) {
          String text = text(option);
          options.removeIf(old -> old.startsWith(nameOf(option) + "="));
          options.add(text);
        }
      }
      case AlterAction.ResetOptions reset -> {
        for (Statement.StorageOption option : reset.options()) {
          options.removeIf(old -> old.startsWith(nameOf(option) + "="));
        }
      }
      default -> {
        return false;
      }
    }
    cx.put(view.change().options(options).build());
    return true;
  }
}
