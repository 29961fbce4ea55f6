package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qnameOrNull;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.CopyOption;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// COPY. The old ways to write its options arrive as the modern ones they stand for.
final class CopyBuilder {
  private CopyBuilder() {}

  static Statement copy(PgParser.CopyStmtContext c) {
    boolean from = c.K_FROM() != null;
    Query query = null;
    Statement change = null;
    if (c.preparable() != null) {
      if (c.preparable().query() == null) {
        change = QueryBuilder.preparable(c.preparable());
      } else if (QueryBuilder.into(c.preparable().query()) != null) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "COPY (SELECT INTO) is not supported");
      }
      query = change == null ? QueryBuilder.query(c.preparable().query()) : null;
    }
    PgParser.CopyFileContext file = c.copyFile();
    boolean program = c.K_PROGRAM() != null;
    if (program && file.STRING() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "STDIN/STDOUT not allowed with PROGRAM");
    }
    if (!from && c.whereClause() != null) {
      throw SyntaxErrors.because("WHERE clause not allowed with COPY TO", pos(c.whereClause()))
          .hint("Try the COPY (SELECT ... WHERE ...) TO variant.");
    }
    Statement.CopyEnd end =
        file.STRING() == null
            ? from ? Statement.CopyEnd.STDIN : Statement.CopyEnd.STDOUT
            : program ? Statement.CopyEnd.PROGRAM : Statement.CopyEnd.FILE;
    List<CopyOption> options = new ArrayList<>();
    if (c.K_BINARY() != null) {
      options.add(new CopyOption("format", "binary", pos(c.K_BINARY())));
    }
    if (c.copyDelimiters() != null) {
      options.add(
          new CopyOption("delimiter", value(c.copyDelimiters().STRING()), pos(c.copyDelimiters())));
    }
    c.copyOptions().copyOption().forEach(o -> options.add(option(o)));
    c.copyOptions().copyOldOption().forEach(o -> options.add(oldOption(o)));
    return new Statement.Copy(
        qnameOrNull(c.qname()),
        names(c.nameList()),
        query,
        change,
        from,
        end,
        file.STRING() == null ? null : value(file.STRING()),
        List.copyOf(options),
        ChangeBuilder.where(c.whereClause()),
        pos(c));
  }

  private static CopyOption option(PgParser.CopyOptionContext c) {
    Object value = null;
    if (c.LPAREN() != null) {
      value = c.nonReservedWordOrString().stream().map(Nodes::name).toList();
    } else if (c.number() != null) {
      value = SequenceBuilder.text(c.number());
    } else if (c.getStart() != c.getStop()) {
      value = value(c.getStop());
    }
    return new CopyOption(name(c.colLabel()), value, pos(c));
  }

  private static CopyOption oldOption(PgParser.CopyOldOptionContext c) {
    int pos = pos(c);
    Token last = c.getStop();
    return switch (c.getStart().getType()) {
      case PgParser.K_BINARY -> new CopyOption("format", "binary", pos);
      case PgParser.K_CSV -> new CopyOption("format", "csv", pos);
      case PgParser.K_FREEZE, PgParser.K_HEADER -> new CopyOption(value(c.getStart()), "true", pos);
      case PgParser.K_FORCE -> {
        Object columns = c.STAR() != null ? "*" : names(c.nameList());
        String what =
            c.K_QUOTE() != null
                ? "force_quote"
                : c.K_NOT() != null ? "force_not_null" : "force_null";
        yield new CopyOption(what, columns, pos);
      }
      default -> new CopyOption(value(c.getStart()), value(last), pos);
    };
  }
}
