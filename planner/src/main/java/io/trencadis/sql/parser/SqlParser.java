package io.trencadis.sql.parser;
public final class SqlParser { 
  private SqlParser() {}
  public static java.util.List<ParsedStatement> parse(String s) { throw new UnsupportedOperationException(); }
  public static io.trencadis.sql.ast.Expr parseExpression(String s) { throw new UnsupportedOperationException(); }
  public static io.trencadis.sql.ast.Query parseQuery(String s) { throw new UnsupportedOperationException(); }
  public record ParsedStatement(io.trencadis.sql.ast.Statement statement, int start, int end, String text, int literalCount) {}
}
