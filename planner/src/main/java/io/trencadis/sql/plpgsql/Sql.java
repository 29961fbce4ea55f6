package io.trencadis.sql.plpgsql;

/// A piece of SQL in a body: a statement, or an expression as the query `SELECT expression`. Keeps
/// what the engine made of it, so it belongs to one session.
final class Sql implements Engine.Text {
  private final String text;
  private final boolean expression;
  private final Namespace names;
  private final int line;
  private Object kept;

  Sql(String text, boolean expression, Namespace names, int line) {
    this.text = text;
    this.expression = expression;
    this.names = names;
    this.line = line;
  }

  @Override
  public String text() {
    return expression ? "SELECT " + text : text;
  }

  /// As it was written.
  String source() {
    return text;
  }

  Namespace names() {
    return names;
  }

  int line() {
    return line;
  }

  @Override
  public Object kept() {
    return kept;
  }

  @Override
  public void keep(Object made) {
    kept = made;
  }
}
