package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import java.util.Set;

/// What VACUUM and ANALYZE take in parentheses. All but ANALYZE is accepted without effect.
///
/// @param full whether FULL was said
/// @param analyze whether tables are analyzed
/// @param skipsPages what DISABLE_PAGE_SKIPPING leaves
/// @param toast PROCESS_TOAST
record VacuumOptions(boolean full, boolean analyze, boolean skipsPages, boolean toast) {
  private static final Set<String> OF_ANALYZE = Set.of("verbose", "skip_locked");
  private static final Set<String> OF_VACUUM =
      Set.of(
          "verbose",
          "skip_locked",
          "analyze",
          "freeze",
          "full",
          "disable_page_skipping",
          "index_cleanup",
          "process_toast",
          "truncate",
          "parallel");

  /// @throws SqlException 42601 for what is no option of VACUUM or has another kind of value, 0A000
  ///   for FULL with PARALLEL
  static VacuumOptions of(Statement.Vacuum vacuum) {
    boolean full = false;
    boolean analyze = false;
    boolean skipsPages = true;
    boolean toast = true;
    int workers = 0;
    for (Statement.ExplainOption option : vacuum.options()) {
      requireKnown(option, "VACUUM", OF_VACUUM);
      switch (option.name()) {
        case "parallel" -> workers = workers(option);
        case "index_cleanup" -> {
          if (option.value() != null && !option.value().equalsIgnoreCase("auto")) {
            option.isOn();
          }
        }
        case "full" -> full = option.isOn();
        case "analyze" -> analyze = option.isOn();
        case "disable_page_skipping" -> skipsPages = !option.isOn();
        case "process_toast" -> toast = option.isOn();
        default -> option.isOn();
      }
    }
    if (full && workers > 0) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "VACUUM FULL cannot be performed in parallel");
    }
    return new VacuumOptions(full, analyze, skipsPages, toast);
  }

  /// @throws SqlException 42601 for what is no option of ANALYZE or has another kind of value
  static void require(Statement.Analyze analyze) {
    for (Statement.ExplainOption option : analyze.options()) {
      requireKnown(option, "ANALYZE", OF_ANALYZE);
      option.isOn();
    }
  }

  /// @throws SqlException 0A000 for options that FULL does not go with
  void requireConsistent() {
    if (full && !skipsPages) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL");
    }
    if (full && !toast) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "PROCESS_TOAST required with VACUUM FULL");
    }
  }

  private static void requireKnown(
      Statement.ExplainOption option, String command, Set<String> known) {
    if (!known.contains(option.name())) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "unrecognized " + command + " option \"" + option.name() + "\"")
          .at(option.pos());
    }
  }

  private static int workers(Statement.ExplainOption option) {
    if (option.value() == null) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "parallel option requires a value between 0 and 1024")
          .at(option.pos());
    }
    int workers;
    try {
      workers = Integer.parseInt(option.value());
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "parallel requires an integer value");
    }
    if (workers < 0 || workers > 1024) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "parallel workers for vacuum must be between 0 and 1024")
          .at(option.pos());
    }
    return workers;
  }
}
