package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.NodeCounters;
import io.trencadis.sql.execute.PartitionScanNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.execute.SharedPlan;
import io.trencadis.sql.execute.SharedPlansNode;
import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.sql.session.settings.SettingDefinition;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// EXPLAIN: the plan in PostgreSQL's form, with the shards that are asked.
final class ExplainCommand {
  private final LocalSession session;
  private final StatementExecutor executor;

  /// What is asked for. BUFFERS and WAL are accepted; there is nothing of the kind to count.
  record Options(
      boolean analyze,
      boolean verbose,
      boolean costs,
      boolean timing,
      boolean summary,
      boolean settings,
      ExplainFormat format) {}

  ExplainCommand(LocalSession session, StatementExecutor executor) {
    this.session = session;
    this.executor = executor;
  }

  List<ResultColumn> columns(Statement.Explain explain) {
    PgType type =
        switch (options(explain).format) {
          case JSON -> Types.JSON;
          case XML -> Types.XML;
          case TEXT, YAML -> Types.TEXT;
        };
    return List.of(new ResultColumn("QUERY PLAN", type, -1, 0, 0));
  }

  private static ExplainFormat format(Statement.ExplainOption option) {
    if (option.value() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter");
    }
    return switch (option.value().toLowerCase(Locale.ROOT)) {
      case "text" -> ExplainFormat.TEXT;
      case "json" -> ExplainFormat.JSON;
      case "xml" -> ExplainFormat.XML;
      case "yaml" -> ExplainFormat.YAML;
      default ->
          throw new SqlException(
                  SqlState.INVALID_PARAMETER_VALUE,
                  "unrecognized value for EXPLAIN option \""
                      + option.name()
                      + "\": \""
                      + option.value()
                      + "\"")
              .at(option.pos());
    };
  }

  private static Options options(Statement.Explain explain) {
    boolean analyze = explain.analyze();
    boolean verbose = explain.verbose();
    boolean costs = true;
    boolean settings = false;
    boolean wal = false;
    Boolean timing = null;
    Boolean summary = null;
    ExplainFormat format = ExplainFormat.TEXT;
    for (Statement.ExplainOption option : explain.options()) {
      switch (option.name().toLowerCase(Locale.ROOT)) {
        case "analyze" -> analyze = option.isOn();
        case "costs" -> costs = option.isOn();
        case "timing" -> timing = option.isOn();
        case "summary" -> summary = option.isOn();
        case "verbose" -> verbose = option.isOn();
        case "settings" -> settings = option.isOn();
        case "wal" -> wal = option.isOn();
        case "buffers" -> option.isOn();
        case "format" -> format = format(option);
        default ->
            throw new SqlException(
                    SqlState.SYNTAX_ERROR, "unrecognized EXPLAIN option \"" + option.name() + "\"")
                .at(option.pos());
      }
    }
    if (wal && !analyze) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "EXPLAIN option WAL requires ANALYZE");
    }
    if (Boolean.TRUE.equals(timing) && !analyze) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
    }
    return new Options(
        analyze,
        verbose,
        costs,
        timing == null || timing,
        summary == null ? analyze : summary,
        settings,
        format);
  }

  /// What the plan is of: a cursor's is that of its query.
  static Statement explained(Statement.Explain explain) {
    return explain.statement() instanceof Statement.DeclareCursor cursor
        ? new Statement.Select(cursor.query(), null, cursor.pos())
        : explain.statement();
  }

  /// The statement that is explained.
  static PreparedStatement inner(
      LocalSession session, Statement.Explain explain, PreparedStatement whole) {
    return session.statement(
        "", whole.text(), explained(explain), null, whole.declaredTypes(), false);
  }

  Result run(Statement.Explain explain, Portal portal) {
    Options options = options(explain);
    Portal explained = portal;
    if (explain.statement() instanceof Statement.Execute execute) {
      explained = new PreparedCommands(session, executor).portal(execute);
    } else if (!Analyzer.takes(explained(explain))) {
      throw SqlException.notSupported("EXPLAIN of this statement").at(explain.pos());
    } else {
      PreparedStatement inner = inner(session, explain, portal.statement());
      explained = new Portal("", inner, portal.parameters(), new short[0], false, false);
    }
    Portal target = explained;
    List<String> lines =
        executor.inStatement(
            false,
            store -> {
              long start = nanos();
              PreparedPlan plan = executor.plan(target.statement());
              executor.authorize(plan);
              long planned = nanos();
              Object[] parameters = target.parameters();
              int wanted = plan.parameterTypes().length;
              if (parameters.length < wanted) {
                if (options.analyze) {
                  throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $1");
                }
                parameters = java.util.Arrays.copyOf(parameters, wanted);
              }
              Execution x =
                  executor.execution(plan.values(parameters, null, session.context()), store);
              long ran = planned;
              if (options.analyze) {
                x.countNodes();
                try (RowSource rows = plan.root().open(x)) {
                  while (rows.next() != null) {
                    session.interrupts().check();
                  }
                }
                ran = nanos();
              }
              if (options.format != ExplainFormat.TEXT) {
                return List.of(structured(plan.root(), options, x, planned - start, ran - planned));
              }
              List<String> out = new ArrayList<>();
              describe(plan.root(), 0, options, x, out);
              if (options.settings && !changedSettings().isEmpty()) {
                List<String> settings = new ArrayList<>();
                changedSettings()
                    .forEach((name, value) -> settings.add(name + " = '" + value + "'"));
                out.add("Settings: " + String.join(", ", settings));
              }
              if (options.summary) {
                out.add("Planning Time: " + millis(planned - start) + " ms");
              }
              if (options.analyze && options.summary) {
                out.add("Execution Time: " + millis(ran - planned) + " ms");
              }
              return out;
            });
    List<Object[]> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(new Object[] {line}));
    return new Result(columns(explain), rows, "EXPLAIN");
  }

  /// What a sort or a hash table took, as PostgreSQL says it.
  private static List<String> space(NodeCounters counters) {
    List<String> lines = new ArrayList<>();
    if (counters.sortMethod() != null) {
      lines.add(
          "Sort Method: %s  %s: %dkB"
              .formatted(
                  counters.sortMethod(),
                  counters.sortedOnDisk() ? "Disk" : "Memory",
                  counters.sortKilobytes()));
    }
    if (counters.batches() > 0) {
      lines.add(
          (counters.buckets() > 0 ? "Buckets: " + counters.buckets() + "  " : "")
              + "Batches: "
              + counters.batches()
              + "  Memory Usage: "
              + counters.memoryKilobytes()
              + "kB"
              + (counters.diskKilobytes() > 0
                  ? "  Disk Usage: " + counters.diskKilobytes() + "kB"
                  : ""));
    }
    return lines;
  }

  /// A plan's lines, estimates included.
  List<String> text(PreparedPlan plan, Execution x) {
    List<String> out = new ArrayList<>();
    Options plain = new Options(false, false, true, false, false, false, ExplainFormat.TEXT);
    describe(plan.root(), 0, plain, x, out);
    return out;
  }

  private String structured(
      PlanNode root, Options options, Execution x, long planningNanos, long executionNanos) {
    Map<String, Object> query = new LinkedHashMap<>();
    query.put("Plan", new ExplainTree(options, x, session.catalog()).node(root, null));
    if (options.settings) {
      query.put("Settings", changedSettings());
    }
    if (options.summary) {
      query.put("Planning Time", ExplainTree.millis(planningNanos));
    }
    if (options.analyze) {
      query.put("Triggers", List.of());
      if (options.summary) {
        query.put("Execution Time", ExplainTree.millis(executionNanos));
      }
    }
    return options.format.write(query);
  }

  /// Settings of query planning that are not what they are unless somebody changes them.
  private Map<String, Object> changedSettings() {
    Map<String, Object> changed = new TreeMap<>();
    for (SettingDefinition setting : session.settings().registry().all()) {
      boolean planning =
          setting.category().startsWith("Query Tuning") || setting.name().equals("work_mem");
      if (planning && !session.settings().get(setting.name()).equals(setting.defaultValue())) {
        changed.put(setting.name(), session.settings().show(setting.name()));
      }
    }
    return changed;
  }

  private long nanos() {
    return session.engine().outside().clock().nanoTime();
  }

  private static String millis(long nanos) {
    return "%.3f".formatted(nanos / 1e6);
  }

  private String label(PlanNode node, Options options) {
    String schema =
        options.verbose && node instanceof TableScanNode scan
            ? ExplainTree.schema(session.catalog(), scan.table().descriptor())
            : null;
    return schema == null ? node.label() : node.label().replaceFirst(" on ", " on " + schema + ".");
  }

  /// @param depth how many nodes are above; the first line of a node below another begins with an
  ///   arrow
  private void describe(
      PlanNode planned, int depth, Options options, Execution x, List<String> out) {
    PlanNode node = ExplainTree.shown(planned, x);
    if (node instanceof SharedPlansNode query) {
      List<String> own = new ArrayList<>();
      describe(query.children().getFirst(), depth, options, x, own);
      // They stand between the node's own lines and its children.
      int children = 0;
      while (children < own.size() && !own.get(children).stripLeading().startsWith("->")) {
        children++;
      }
      out.addAll(own.subList(0, children));
      for (SharedPlan shared : query.shared()) {
        out.add("  CTE " + shared.name());
        List<String> lines = new ArrayList<>();
        describe(shared.plan(), 1, options, x, lines);
        lines.forEach(line -> out.add("  " + line));
      }
      out.addAll(own.subList(children, own.size()));
      return;
    }
    String indent = depth == 0 ? "" : " ".repeat(6 * depth - 4) + "->  ";
    StringBuilder line = new StringBuilder(indent).append(label(node, options));
    PlanNode.Estimate estimate = node.estimate();
    if (options.costs) {
      line.append(
          "  (cost=0.00..%.2f rows=%d width=%d)"
              .formatted(
                  estimate.cost(), Math.max(0, Math.round(estimate.rows())), estimate.width()));
    }
    NodeCounters counters = x.counters(node);
    if (options.analyze) {
      if (counters.loops() == 0) {
        line.append(" (never executed)");
      } else {
        long loops = counters.loops();
        line.append(" (actual ");
        if (options.timing) {
          line.append(
              "time=%s..%s "
                  .formatted(
                      millis(counters.startupNanos() / loops),
                      millis(counters.totalNanos() / loops)));
        }
        line.append(
            "rows=%d loops=%d)".formatted(Math.round((double) counters.rows() / loops), loops));
      }
    }
    out.add(line.toString());
    String below = " ".repeat(6 * depth + 2);
    for (String detail : node.details()) {
      out.add(below + detail);
    }
    if (options.analyze && counters.loops() > 0) {
      space(counters).forEach(text -> out.add(below + text));
    }
    if (options.analyze && counters.roundTrips() > 0) {
      out.add(
          below
              + "Nodes: "
              + counters.nodes().stream().map(String::valueOf).collect(Collectors.joining(", "))
              + "  Round Trips: "
              + counters.roundTrips()
              + "  Moved: "
              + (counters.bytesMoved() + 1023) / 1024
              + "kB"
              + (counters.bytesExchanged() == 0
                  ? ""
                  : "  Exchanged: " + (counters.bytesExchanged() + 1023) / 1024 + "kB"));
    }
    if (options.analyze && counters.removedByFilter() > 0) {
      out.add(
          below
              + "Rows Removed by Filter: "
              + counters.removedByFilter() / Math.max(1, counters.loops()));
    }
    if (options.analyze && counters.removedByRuntimeFilter() > 0) {
      out.add(
          below
              + "Rows Removed by Runtime Filter: "
              + counters.removedByRuntimeFilter() / Math.max(1, counters.loops()));
    }
    if (node instanceof TableScanNode scan) {
      out.add(below + "Shards: " + scan.shardText(x));
    }
    PartitionScanNode partitions = node instanceof PartitionScanNode scan ? scan : null;
    if (partitions != null) {
      out.add(below + "Partitions: " + partitions.partitionText(x));
    }
    for (int i = 0; i < node.children().size(); i++) {
      if (partitions == null || partitions.reads(i, x)) {
        describe(node.children().get(i), depth + 1, options, x, out);
      }
    }
  }
}
