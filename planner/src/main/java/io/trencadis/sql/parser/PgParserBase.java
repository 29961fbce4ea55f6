package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.TokenStream;

/// Keeps the depth of the rules within what a thread's stack surely holds: running out of stack
/// inside the prediction would leave the tables that all parsers share in an unknown state.
abstract class PgParserBase extends Parser {
  private static final int MAX_DEPTH = 2500;

  private int depth;

  PgParserBase(TokenStream input) {
    super(input);
  }

  static SqlException tooDeep() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
        .hint("Write the statement with fewer levels of nesting.");
  }

  /// PostgreSQL refuses these two while it parses, so before any syntax error that comes later.
  static void checkRoleOption(ParserRuleContext c) {
    RightsBuilder.checkFlag(c.getStart());
  }

  static void checkAlias(ParserRuleContext c) {
    FromBuilder.requireAlias((PgParser.QueryTableContext) c);
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw tooDeep();
    }
  }

  @Override
  public void enterRule(ParserRuleContext localctx, int state, int ruleIndex) {
    descend();
    super.enterRule(localctx, state, ruleIndex);
  }

  @Override
  public void exitRule() {
    depth--;
    super.exitRule();
  }

  @Override
  public void enterRecursionRule(
      ParserRuleContext localctx, int state, int ruleIndex, int precedence) {
    descend();
    super.enterRecursionRule(localctx, state, ruleIndex, precedence);
  }

  @Override
  public void unrollRecursionContexts(ParserRuleContext parentctx) {
    depth--;
    super.unrollRecursionContexts(parentctx);
  }
}
