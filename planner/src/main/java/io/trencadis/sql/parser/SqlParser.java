package io.trencadis.sql.parser;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/// Turns SQL text into syntax trees.
///
/// A statement is first parsed with the cheap prediction, which is right for nearly all valid SQL
/// but may refuse some; what it refuses is parsed again with the exact one, and only that may
/// report an error.
public final class SqlParser {
  private SqlParser() {}

  /// Parses a text of any number of statements. Empty statements are skipped.
  public static List<ParsedStatement> parse(String sql) {
    List<ParsedStatement> result = new ArrayList<>();
    for (List<SqlToken> tokens : StatementSplitter.split(Scanner.tokens(sql))) {
      int literals = Scanner.numberLiterals(tokens);
      String unsupported = UnsupportedStatements.name(tokens);
      int start = tokens.getFirst().pos();
      Statement statement =
          unsupported != null
              ? new Statement.Unsupported(unsupported, start)
              : parse(
                  tokens, PgParser::oneStatement, c -> StatementBuilder.statement(c.statement()));
      int end = tokens.get(tokens.size() - 2).getStopIndex() + 1;
      result.add(new ParsedStatement(statement, start, end, sql.substring(start, end), literals));
    }
    return result;
  }

  /// Parses a lone expression, such as the catalog keeps for a default.
  public static Expr parseExpression(String sql) {
    return parse(single(sql), PgParser::oneExpr, c -> ExprBuilder.expr(c.expr()));
  }

  /// Parses a lone query, such as the catalog keeps for a view.
  public static Query parseQuery(String sql) {
    return parse(single(sql), PgParser::oneQuery, c -> QueryBuilder.query(c.query()));
  }

  /// Parses a body in SQL's own syntax, such as the catalog keeps for a routine.
  public static Statement.RoutineBody parseBody(String sql) {
    return parse(single(sql), PgParser::oneBody, RoutineBuilder::stored);
  }

  private static List<SqlToken> single(String sql) {
    List<SqlToken> tokens = Scanner.tokens(sql);
    StatementSplitter.checkNesting(tokens);
    Scanner.numberLiterals(tokens);
    return tokens;
  }

  private static <C extends ParserRuleContext, T> T parse(
      List<SqlToken> tokens, Function<PgParser, C> rule, Function<C, T> builder) {
    TokenArray stream = new TokenArray(tokens);
    PgParser parser = new PgParser(stream);
    parser.removeErrorListeners();
    try {
      C tree;
      try {
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        tree = rule.apply(parser);
      } catch (ParseCancellationException e) {
        stream.rewind();
        parser = new PgParser(stream);
        parser.removeErrorListeners();
        parser.getInterpreter().setPredictionMode(PredictionMode.LL);
        parser.setErrorHandler(new FirstError(stream));
        tree = rule.apply(parser);
      }
      return builder.apply(tree);
    } catch (StackOverflowError e) {
      // It may have struck inside the prediction, so its tables are no longer to be trusted.
      parser.getInterpreter().clearDFA();
      throw PgParserBase.tooDeep();
    }
  }

  /// Ends the parse with an SqlException at the first token that cannot be.
  private static final class FirstError extends DefaultErrorStrategy {
    private final TokenArray stream;

    FirstError(TokenArray stream) {
      this.stream = stream;
    }

    @Override
    public void recover(Parser parser, RecognitionException e) {
      throw SyntaxErrors.at(stream.furthest());
    }

    @Override
    public void reportError(Parser parser, RecognitionException e) {
      throw SyntaxErrors.at(stream.furthest());
    }

    @Override
    public Token recoverInline(Parser parser) {
      throw SyntaxErrors.at(stream.furthest());
    }

    @Override
    public void sync(Parser parser) {}
  }
}
