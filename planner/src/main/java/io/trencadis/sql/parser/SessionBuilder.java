package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.text;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.ExplainOption;
import io.trencadis.sql.ast.Statement.FetchDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Prepared statements, cursors, EXPLAIN, and maintenance.
final class SessionBuilder {
  private SessionBuilder() {}

  static Statement prepare(PgParser.PrepareStmtContext c) {
    return new Statement.Prepare(
        name(c.colId()),
        c.typeName().stream().map(TypeBuilder::type).toList(),
        QueryBuilder.preparable(c.preparable()),
        text(c.preparable()),
        pos(c));
  }

  static Statement.Execute execute(PgParser.ExecuteStmtContext c) {
    return new Statement.Execute(name(c.colId()), ExprBuilder.exprs(c.exprList()), pos(c));
  }

  static Statement deallocate(PgParser.DeallocateStmtContext c) {
    return new Statement.Deallocate(nameOrNull(c.colId()), pos(c));
  }

  static Statement declare(PgParser.DeclareStmtContext c) {
    Boolean sensitivity =
        !c.K_INSENSITIVE().isEmpty()
            ? Boolean.TRUE
            : !c.K_ASENSITIVE().isEmpty() ? Boolean.FALSE : null;
    Boolean scroll =
        c.K_SCROLL().isEmpty() ? null : c.K_NO().isEmpty() ? Boolean.TRUE : Boolean.FALSE;
    return new Statement.DeclareCursor(
        name(c.colId()),
        !c.K_BINARY().isEmpty(),
        sensitivity,
        scroll,
        c.K_HOLD() != null && c.K_WITH() != null,
        QueryBuilder.subquery(c.query()),
        text(c.query()),
        pos(c));
  }

  static Statement fetch(PgParser.FetchStmtContext c) {
    PgParser.FetchArgsContext a = c.fetchArgs();
    FetchDirection direction = FetchDirection.FORWARD;
    long count = 1;
    if (a.K_BACKWARD() != null || a.K_PRIOR() != null) {
      direction = FetchDirection.BACKWARD;
    } else if (a.K_RELATIVE() != null) {
      direction = FetchDirection.RELATIVE;
    } else if (a.K_ABSOLUTE() != null || a.K_FIRST() != null || a.K_LAST() != null) {
      direction = FetchDirection.ABSOLUTE;
    }
    if (a.K_LAST() != null) {
      count = -1;
    } else if (a.K_ALL() != null) {
      count = Statement.Fetch.ALL;
    } else if (a.signedInt() != null) {
      count = TypeBuilder.integer(a.signedInt().ICONST());
      count = a.signedInt().MINUS() != null ? -count : count;
    }
    return new Statement.Fetch(direction, count, name(a.colId()), c.K_MOVE() != null, pos(c));
  }

  static Statement discard(PgParser.DiscardStmtContext c) {
    String what = value(c.getStop());
    return new Statement.Discard(what.equals("temporary") ? "temp" : what, pos(c));
  }

  // ---------------------------------------------------------------- EXPLAIN

  static Statement explain(PgParser.ExplainStmtContext c) {
    List<ExplainOption> options = options(c.utilityOption());
    boolean analyze = c.analyzeWord() != null || on(options, "analyze");
    boolean verbose = c.K_VERBOSE() != null || on(options, "verbose");
    List<ExplainOption> rest =
        options.stream()
            .filter(o -> !o.name().equals("analyze") && !o.name().equals("verbose"))
            .toList();
    return new Statement.Explain(analyze, verbose, rest, explained(c.explainable()), pos(c));
  }

  /// Whether the last option of this name is on.
  private static boolean on(List<ExplainOption> options, String name) {
    boolean on = false;
    for (ExplainOption o : options) {
      if (o.name().equals(name)) {
        on = o.isOn();
      }
    }
    return on;
  }

  private static Statement explained(PgParser.ExplainableContext c) {
    if (c.query() != null) {
      return StatementBuilder.select(c.query());
    }
    if (c.insertStmt() != null) {
      return ChangeBuilder.insert(c.insertStmt());
    }
    if (c.updateStmt() != null) {
      return ChangeBuilder.update(c.updateStmt());
    }
    if (c.deleteStmt() != null) {
      return ChangeBuilder.delete(c.deleteStmt());
    }
    if (c.declareStmt() != null) {
      return declare(c.declareStmt());
    }
    if (c.createTableAs() != null) {
      return TableBuilder.createAs(c.createTableAs());
    }
    if (c.executeStmt() != null) {
      return execute(c.executeStmt());
    }
    if (c.mergeStmt() != null) {
      return ChangeBuilder.merge(c.mergeStmt());
    }
    return new Statement.Unsupported("REFRESH MATERIALIZED VIEW", pos(c));
  }

  static List<ExplainOption> options(List<PgParser.UtilityOptionContext> list) {
    List<ExplainOption> options = new ArrayList<>();
    for (PgParser.UtilityOptionContext o : list) {
      String name = value(o.getStart());
      String value = null;
      if (o.number() != null) {
        value = SequenceBuilder.text(o.number());
      } else if (o.getStart() != o.getStop()) {
        value = value(o.getStop());
      }
      options.add(new ExplainOption(name.equals("analyse") ? "analyze" : name, value, pos(o)));
    }
    return List.copyOf(options);
  }

  // ---------------------------------------------------------------- maintenance

  static Statement vacuum(PgParser.VacuumStmtContext c) {
    List<ExplainOption> options = new ArrayList<>(options(c.utilityOption()));
    for (int word : new int[] {PgParser.K_FULL, PgParser.K_FREEZE, PgParser.K_VERBOSE}) {
      var token = Nodes.token(c, word);
      if (token != null) {
        options.add(new ExplainOption(value(token), null, pos(token)));
      }
    }
    if (c.analyzeWord() != null) {
      options.add(new ExplainOption("analyze", null, pos(c.analyzeWord())));
    }
    return new Statement.Vacuum(List.copyOf(options), targets(c.vacuumTargets()), pos(c));
  }

  static Statement analyze(PgParser.AnalyzeStmtContext c) {
    List<ExplainOption> options = new ArrayList<>(options(c.utilityOption()));
    if (c.K_VERBOSE() != null) {
      options.add(new ExplainOption("verbose", null, pos(c.K_VERBOSE())));
    }
    return new Statement.Analyze(List.copyOf(options), targets(c.vacuumTargets()), pos(c));
  }

  private static List<Statement.VacuumTarget> targets(PgParser.VacuumTargetsContext c) {
    return c == null
        ? List.of()
        : c.vacuumTarget().stream()
            .map(t -> new Statement.VacuumTarget(qname(t.qname()), names(t.nameList())))
            .toList();
  }

  static Statement lock(PgParser.LockStmtContext c) {
    String mode = "ACCESS EXCLUSIVE";
    if (c.lockMode() != null) {
      List<String> words = new ArrayList<>();
      c.lockMode().children.forEach(t -> words.add(t.getText().toUpperCase(Locale.ROOT)));
      mode = String.join(" ", words);
    }
    List<QualifiedName> names = c.relation().stream().map(r -> qname(r.qname())).toList();
    boolean only = c.relation().stream().anyMatch(r -> r.K_ONLY() != null);
    return new Statement.LockTable(names, only, mode, c.K_NOWAIT() != null, pos(c));
  }

  static Statement notify(PgParser.NotifyStmtContext c) {
    String channel = nameOrNull(c.colId());
    if (c.K_LISTEN() != null) {
      return new Statement.Listen(channel, pos(c));
    }
    if (c.K_UNLISTEN() != null) {
      return new Statement.Unlisten(channel, pos(c));
    }
    return new Statement.Notify(channel, c.STRING() == null ? null : value(c.STRING()), pos(c));
  }

  static Statement maintenance(PgParser.MaintenanceStmtContext c) {
    int pos = pos(c);
    return switch (c) {
      case PgParser.CheckpointStmtContext x -> new Statement.Checkpoint(pos);
      case PgParser.ReindexStmtContext x -> {
        String kind = "table";
        for (int word :
            new int[] {
              PgParser.K_INDEX, PgParser.K_SCHEMA, PgParser.K_SYSTEM, PgParser.K_DATABASE
            }) {
          kind = has(x, word) ? value(Nodes.token(x, word)) : kind;
        }
        QualifiedName name =
            x.qname() != null
                ? qname(x.qname())
                : QualifiedName.of(name(x.colId()), pos(x.colId()));
        yield new Statement.Reindex(
            kind, name, x.K_CONCURRENTLY() != null, options(x.utilityOption()), pos);
      }
      case PgParser.ClusterStmtContext x ->
          new Statement.Cluster(
              x.qname() == null ? null : qname(x.qname()),
              nameOrNull(x.colId()),
              options(x.utilityOption()),
              pos);
      default -> throw new IllegalStateException("no statement: " + c.getClass());
    };
  }
}
