package io.trencadis.sql.session;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs the statements of one session that took long, as PostgreSQL does past
/// `log_min_duration_statement`; and their plans past `auto_explain.log_min_duration`, the setting
/// of its module auto_explain. Confined to the session's thread.
final class SlowStatements {
  private static final Logger log = LoggerFactory.getLogger(SlowStatements.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LocalSession session;
  private long generation = -1;
  private long textMillis;
  private long planMillis;

  SlowStatements(LocalSession session) {
    this.session = session;
  }

  /// A statement has run to its end.
  void ran(PreparedStatement statement, long nanos) {
    if (generation != session.settings().generation()) {
      generation = session.settings().generation();
      textMillis = session.settings().getLong("log_min_duration_statement");
      planMillis = session.settings().getLong("auto_explain.log_min_duration");
    }
    if (isPast(textMillis, nanos)) {
      log.info("duration: {} ms  statement: {}", millis(nanos), statement.text());
    }
    if (isPast(planMillis, nanos) && statement.plan() != null) {
      List<String> plan = session.executor().planText(statement.plan());
      log.info(
          "duration: {} ms  plan:\nQuery Text: {}\n{}",
          millis(nanos),
          statement.text(),
          String.join("\n", plan));
    }
  }

  private static boolean isPast(long millis, long nanos) {
    return millis >= 0 && nanos >= millis * NANOS_PER_MILLI;
  }

  private static String millis(long nanos) {
    return "%.3f".formatted(nanos / (double) NANOS_PER_MILLI);
  }
}
