package io.trencadis.sql.session;

import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.parser.SqlFingerprint;

/// A prepared statement of a session, made by Parse or by PREPARE. Confined to the session's
/// thread.
final class PreparedStatement {
  private final String name;
  private final String text;
  private final SqlFingerprint fingerprint;
  private final int[] declaredTypes;
  private final boolean fromSql;
  private final long preparedMicros;
  private Statement statement;
  private PreparedPlan plan;
  private boolean fixed;
  private int hiddenColumns;

  /// @param statement null for an empty text, and where the plan came out of the cache before the
  ///   text was parsed
  private StatementTimes.Entry times;

  /// @param fingerprint of the text, for sharing the plan; null where it cannot be shared
  PreparedStatement(
      String name,
      String text,
      Statement statement,
      SqlFingerprint fingerprint,
      int[] declaredTypes,
      boolean fromSql,
      long preparedMicros) {
    this.name = name;
    this.text = text;
    this.statement = statement;
    this.fingerprint = fingerprint;
    this.declaredTypes = declaredTypes;
    this.fromSql = fromSql;
    this.preparedMicros = preparedMicros;
  }

  /// Where its runs are counted; null before the first.
  StatementTimes.Entry times() {
    return times;
  }

  void times(StatementTimes.Entry entry) {
    times = entry;
  }

  String name() {
    return name;
  }

  String text() {
    return text;
  }

  Statement statement() {
    return statement;
  }

  void parsed(Statement parsed) {
    statement = parsed;
  }

  SqlFingerprint fingerprint() {
    return fingerprint;
  }

  int[] declaredTypes() {
    return declaredTypes;
  }

  boolean fromSql() {
    return fromSql;
  }

  long preparedMicros() {
    return preparedMicros;
  }

  /// The plan made last, or null.
  PreparedPlan plan() {
    return plan;
  }

  /// Whether the plan stays what it is, whatever happens to the catalog: that of a cursor whose
  /// rows have been read.
  boolean fixed() {
    return fixed;
  }

  void fix(PreparedPlan made) {
    plan = made;
    fixed = true;
  }

  void plan(PreparedPlan made) {
    plan = made;
  }

  /// How many columns at the end of its rows are the server's own.
  int hiddenColumns() {
    return hiddenColumns;
  }

  void hideColumns(int count) {
    hiddenColumns = count;
  }

  boolean isEmpty() {
    return statement == null && plan == null;
  }
}
