package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.text;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.RoutineArgument;
import io.trencadis.sql.ast.Statement.RoutineOption;
import io.trencadis.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.tree.TerminalNode;

/// CREATE and ALTER of functions and procedures, CALL and DO.
final class RoutineBuilder {
  private RoutineBuilder() {}

  static Statement create(PgParser.CreateRoutineContext c) {
    List<RoutineArgument> arguments = new ArrayList<>();
    for (PgParser.CreateArgumentContext argument : c.createArgument()) {
      Expr fallback = argument.expr() == null ? null : ExprBuilder.expr(argument.expr());
      arguments.add(
          new RoutineArgument(
              mode(argument.argumentMode()),
              nameOrNull(argument.typeFuncName()),
              type(argument.routineType()),
              fallback,
              fallback == null ? null : text(argument.expr()),
              pos(argument)));
    }
    for (PgParser.TableColumnContext column : c.tableColumn()) {
      arguments.add(
          new RoutineArgument(
              't',
              name(column.typeFuncName()),
              type(column.routineType()),
              null,
              null,
              pos(column)));
    }
    if (c.K_PROCEDURE() != null && c.K_RETURNS() != null) {
      throw SyntaxErrors.at(
          c.routineType() != null ? c.routineType().getStart() : c.K_TABLE().getSymbol());
    }
    return new Statement.CreateRoutine(
        c.K_PROCEDURE() != null,
        c.K_REPLACE() != null,
        ExprBuilder.function(c.funcName()),
        List.copyOf(arguments),
        c.routineType() == null ? null : type(c.routineType()),
        options(c.routineOption()),
        body(c.routineBody()),
        pos(c));
  }

  static char mode(PgParser.ArgumentModeContext c) {
    if (c == null) {
      return 'i';
    }
    boolean both = c.K_INOUT() != null || (c.K_IN() != null && c.K_OUT() != null);
    return both ? 'b' : c.K_OUT() != null ? 'o' : c.K_VARIADIC() != null ? 'v' : 'i';
  }

  static TypeName type(PgParser.RoutineTypeContext c) {
    if (c.typeName() != null) {
      return TypeBuilder.type(c.typeName());
    }
    List<String> parts = new ArrayList<>();
    parts.add(name(c.typeFuncName()));
    c.colLabel().forEach(label -> parts.add(name(label)));
    return new TypeName(
        List.copyOf(parts), List.of(), List.of(), c.K_SETOF() != null, true, pos(c));
  }

  private static List<RoutineOption> options(List<PgParser.RoutineOptionContext> list) {
    List<RoutineOption> options = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (PgParser.RoutineOptionContext c : list) {
      RoutineOption option = option(c);
      if (!option.name().equals("set") && !seen.add(option.name())) {
        throw SyntaxErrors.because("conflicting or redundant options", pos(c));
      }
      options.add(option);
    }
    return List.copyOf(options);
  }

  private static RoutineOption option(PgParser.RoutineOptionContext c) {
    int pos = pos(c);
    return switch (c) {
      case PgParser.AsOptionContext x -> {
        List<String> texts = new ArrayList<>();
        for (TerminalNode node : x.STRING()) {
          texts.add(value(node));
        }
        yield new RoutineOption("as", List.copyOf(texts), pos(x.STRING(0)));
      }
      case PgParser.LanguageOptionContext x ->
          new RoutineOption("language", value(x.nonReservedWordOrString().getStart()), pos);
      case PgParser.TransformOptionContext _ -> new RoutineOption("transform", true, pos);
      case PgParser.WordOptionContext x ->
          x.word.getType() == PgParser.K_WINDOW
              ? new RoutineOption("window", true, pos)
              : new RoutineOption("volatility", value(x.word).toLowerCase(Locale.ROOT), pos);
      case PgParser.CalledOptionContext _ -> new RoutineOption("strict", false, pos);
      case PgParser.StrictOptionContext _ -> new RoutineOption("strict", true, pos);
      case PgParser.SecurityOptionContext x ->
          new RoutineOption("definer", x.K_DEFINER() != null, pos);
      case PgParser.LeakproofOptionContext x ->
          new RoutineOption("leakproof", x.K_NOT() == null, pos);
      case PgParser.EstimateOptionContext x ->
          new RoutineOption(
              x.K_COST() != null ? "cost" : "rows", SequenceBuilder.text(x.number()), pos);
      case PgParser.SupportOptionContext _ -> new RoutineOption("support", true, pos);
      case PgParser.SetOptionContext x ->
          new RoutineOption(
              "set",
              SettingBuilder.set(x.setClause().setRest(), false, pos(x.setClause().setRest())),
              pos);
      case PgParser.ResetOptionContext x ->
          new RoutineOption("set", SettingBuilder.reset(x.resetStmt()), pos);
      case PgParser.ParallelOptionContext x -> new RoutineOption("parallel", name(x.colId()), pos);
      default -> throw new IllegalStateException("no option: " + c.getClass());
    };
  }

  private static Statement.RoutineBody body(PgParser.RoutineBodyContext c) {
    if (c == null) {
      return null;
    }
    List<Statement.BodyPart> parts = new ArrayList<>();
    if (c.expr() != null) {
      parts.add(returned(c.expr()));
      return new Statement.RoutineBody(List.copyOf(parts), false, text(c), pos(c));
    }
    for (PgParser.BodyStatementContext part : c.bodyStatement()) {
      if (part.expr() != null) {
        parts.add(returned(part.expr()));
      } else if (part.statement() != null) {
        parts.add(
            new Statement.BodyPart(
                StatementBuilder.statement(part.statement()), text(part.statement())));
      }
    }
    return new Statement.RoutineBody(List.copyOf(parts), true, text(c), pos(c));
  }

  private static Statement.BodyPart returned(PgParser.ExprContext c) {
    Expr expr = ExprBuilder.expr(c);
    return new Statement.BodyPart(
        new Statement.Select(Query.value(expr), null, pos(c)), "SELECT " + text(c));
  }

  /// A body that the catalog keeps.
  static Statement.RoutineBody stored(PgParser.OneBodyContext c) {
    return body(c.routineBody());
  }

  static Statement alter(PgParser.AlterRoutineContext c) {
    if (c.K_EXTENSION() != null) {
      return new Statement.Unsupported("ALTER FUNCTION ... DEPENDS ON EXTENSION", pos(c));
    }
    String word = c.colId() == null ? null : name(c.colId());
    return new Statement.AlterRoutine(
        Statement.ObjectKind.valueOf(value(c.kind).toUpperCase(Locale.ROOT)),
        SignatureBuilder.routine(c.routineSignature()),
        c.K_RENAME() != null ? word : null,
        c.roleName() == null ? null : name(c.roleName()),
        c.K_SCHEMA() != null ? word : null,
        options(c.routineOption()),
        pos(c));
  }

  static Statement call(PgParser.CallStmtContext c) {
    return new Statement.Call(
        PrimaryBuilder.plainCall(ExprBuilder.function(c.funcName()), c.funcArgs()), pos(c));
  }

  static Statement block(PgParser.DoStmtContext c) {
    String language =
        c.nonReservedWordOrString().isEmpty()
            ? null
            : value(c.nonReservedWordOrString().getFirst().getStart());
    if (c.STRING().size() > 1 || c.nonReservedWordOrString().size() > 1) {
      throw SyntaxErrors.because("conflicting or redundant options", pos(c));
    }
    if (c.STRING().isEmpty()) {
      throw SyntaxErrors.because("no inline code specified", -1);
    }
    return new Statement.Do(language, value(c.STRING(0)), pos(c.STRING(0)), pos(c));
  }
}
