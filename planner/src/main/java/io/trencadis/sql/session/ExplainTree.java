package io.trencadis.sql.session;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.BroadcastNode;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.NodeCounters;
import io.trencadis.sql.execute.PartitionScanNode;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RowNodes;
import io.trencadis.sql.execute.SentRows;
import io.trencadis.sql.execute.SetOperationNode;
import io.trencadis.sql.execute.SharedPlan;
import io.trencadis.sql.execute.SharedPlansNode;
import io.trencadis.sql.execute.TableScanNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A plan as EXPLAIN's machine-readable formats show it: properties under PostgreSQL's names
/// (PostgreSQL 15 manual, EXPLAIN), in its order. A value is a String, Long, Boolean, BigDecimal
/// with the digits it is shown with, a list of Strings, a map, or a list of maps.
final class ExplainTree {
  private static final Pattern JOIN =
      Pattern.compile("(Hash|Nested Loop)(?: (Left|Right|Full|Semi|Anti))?(?: Join)?");
  private static final Pattern GROUPS =
      Pattern.compile("(?:(Partial|Finalize) )?(Group|Hash)?Aggregate");
  private static final Pattern CHANGE = Pattern.compile("(Insert|Update|Delete|Merge) on (.*)");
  private static final Pattern SCAN = Pattern.compile("(.* Scan) on (.*)");
  private static final Set<String> LISTS =
      Set.of("Group Key", "Sort Key", "Conflict Arbiter Indexes");

  private final ExplainCommand.Options options;
  private final Execution x;
  private final Catalog catalog;

  ExplainTree(ExplainCommand.Options options, Execution x, Catalog catalog) {
    this.options = options;
    this.x = x;
    this.catalog = catalog;
  }

  static BigDecimal decimal(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }

  /// Milliseconds.
  static BigDecimal millis(double nanos) {
    return decimal(nanos / 1e6, 3);
  }

  /// The schema of a table, as VERBOSE shows it.
  static String schema(Catalog catalog, TableDescriptor table) {
    Descriptor schema = catalog.byOid(table.schemaOid());
    return schema instanceof SchemaDescriptor known ? known.name() : null;
  }

  /// What stands for a node: PostgreSQL's nodes project as they go, and of two ways the one is
  /// shown that was gone.
  static PlanNode shown(PlanNode node, Execution x) {
    return switch (node) {
      case RowNodes.Project _, SentRows _ -> shown(node.children().getFirst(), x);
      case BroadcastNode choice -> shown(choice.shown(x), x);
      default -> node;
    };
  }

  /// @param relationship what the node is to the one above; null at the top
  Map<String, Object> node(PlanNode planned, String relationship) {
    PlanNode node = shown(planned, x);
    if (node instanceof SharedPlansNode query) {
      return with(query, relationship);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    Map<String, Object> after = new LinkedHashMap<>();
    name(node, out, after);
    if (relationship != null) {
      out.put("Parent Relationship", relationship);
    }
    out.put("Parallel Aware", false);
    out.put("Async Capable", false);
    out.putAll(after);
    PlanNode.Estimate estimate = node.estimate();
    if (options.costs()) {
      out.put("Startup Cost", decimal(0, 2));
      out.put("Total Cost", decimal(estimate.cost(), 2));
      out.put("Plan Rows", Math.max(0, Math.round(estimate.rows())));
      out.put("Plan Width", (long) estimate.width());
    }
    NodeCounters counters = x.counters(node);
    if (options.analyze()) {
      actual(counters, out);
    }
    for (String detail : node.details()) {
      int colon = detail.indexOf(": ");
      String key = detail.substring(0, colon);
      String text = detail.substring(colon + 2);
      out.put(key, LISTS.contains(key) ? parts(text) : text);
    }
    if (options.analyze()) {
      space(counters, out);
      if (counters.roundTrips() > 0) {
        out.put("Nodes", counters.nodes().stream().map(String::valueOf).toList());
        out.put("Round Trips", counters.roundTrips());
        out.put("Bytes Moved", counters.bytesMoved());
        if (counters.bytesExchanged() > 0) {
          out.put("Bytes Exchanged", counters.bytesExchanged());
        }
      }
    }
    if (options.analyze() && (out.containsKey("Filter") || out.containsKey("Join Filter"))) {
      out.put(
          out.containsKey("Filter") ? "Rows Removed by Filter" : "Rows Removed by Join Filter",
          counters.removedByFilter() / Math.max(1, counters.loops()));
    }
    if (node instanceof TableScanNode scan) {
      out.put("Shards", scan.shardText(x));
    }
    PartitionScanNode partitions = node instanceof PartitionScanNode scan ? scan : null;
    if (partitions != null) {
      out.put("Partitions", partitions.partitionText(x));
    }
    children(node, partitions, out);
    return out;
  }

  private void children(PlanNode node, PartitionScanNode partitions, Map<String, Object> out) {
    List<Map<String, Object>> plans = new ArrayList<>();
    for (int i = 0; i < node.children().size(); i++) {
      if (partitions == null || partitions.reads(i, x)) {
        boolean member = partitions != null || node instanceof SetOperationNode;
        boolean inner = i > 0 && out.containsKey("Join Type");
        plans.add(node(node.children().get(i), member ? "Member" : inner ? "Inner" : "Outer"));
      }
    }
    if (!plans.isEmpty()) {
      out.put("Plans", plans);
    }
  }

  private void actual(NodeCounters counters, Map<String, Object> out) {
    long loops = counters.loops();
    double divisor = Math.max(1, loops);
    if (options.timing()) {
      out.put("Actual Startup Time", millis(counters.startupNanos() / divisor));
      out.put("Actual Total Time", millis(counters.totalNanos() / divisor));
    }
    out.put("Actual Rows", Math.round(counters.rows() / divisor));
    out.put("Actual Loops", loops);
  }

  /// A query, and before its own inputs the plans that several of its nodes read.
  private Map<String, Object> with(SharedPlansNode query, String relationship) {
    Map<String, Object> out = node(query.children().getFirst(), relationship);
    List<Object> plans = new ArrayList<>();
    for (SharedPlan shared : query.shared()) {
      Map<String, Object> plan = new LinkedHashMap<>();
      node(shared.plan(), "InitPlan")
          .forEach(
              (name, value) -> {
                plan.put(name, value);
                if (name.equals("Parent Relationship")) {
                  plan.put("Subplan Name", "CTE " + shared.name());
                }
              });
      plans.add(plan);
    }
    if (out.get("Plans") instanceof List<?> own) {
      plans.addAll(own);
    }
    out.put("Plans", plans);
    return out;
  }

  private static void space(NodeCounters counters, Map<String, Object> out) {
    if (counters.sortMethod() != null) {
      out.put("Sort Method", counters.sortMethod());
      out.put("Sort Space Used", counters.sortKilobytes());
      out.put("Sort Space Type", counters.sortedOnDisk() ? "Disk" : "Memory");
    }
    if (counters.batches() > 0 && counters.buckets() > 0) {
      out.put("Hash Buckets", (long) counters.buckets());
      out.put("Hash Batches", (long) counters.batches());
      out.put("Peak Memory Usage", counters.memoryKilobytes());
    } else if (counters.batches() > 0) {
      out.put("HashAgg Batches", (long) counters.batches());
      out.put("Peak Memory Usage", counters.memoryKilobytes());
      out.put("Disk Usage", counters.diskKilobytes());
    }
  }

  /// What the one name of the text format stands for.
  private void name(PlanNode node, Map<String, Object> out, Map<String, Object> after) {
    String label = node.label();
    if (node instanceof TableScanNode scan) {
      table(scan, out, after);
      return;
    }
    Matcher join = JOIN.matcher(label);
    if (join.matches()) {
      out.put("Node Type", join.group(1).equals("Hash") ? "Hash Join" : "Nested Loop");
      after.put("Join Type", join.group(2) == null ? "Inner" : join.group(2));
      if (node instanceof JoinNode) {
        after.put("Inner Unique", false);
      }
      return;
    }
    Matcher change = CHANGE.matcher(label);
    if (change.matches()) {
      out.put("Node Type", "ModifyTable");
      out.put("Operation", change.group(1));
      after.put("Relation Name", change.group(2));
      after.put("Alias", change.group(2));
      return;
    }
    Matcher groups = GROUPS.matcher(label);
    if (groups.matches()) {
      out.put("Node Type", "Aggregate");
      out.put(
          "Strategy",
          groups.group(2) == null
              ? "Plain"
              : groups.group(2).equals("Group") ? "Sorted" : "Hashed");
      out.put("Partial Mode", groups.group(1) == null ? "Simple" : groups.group(1));
      return;
    }
    if (label.startsWith("HashSetOp ")) {
      out.put("Node Type", "SetOp");
      out.put("Strategy", "Hashed");
      after.put("Command", label.substring("HashSetOp ".length()));
      return;
    }
    Matcher scan = SCAN.matcher(label);
    if (scan.matches()) {
      out.put("Node Type", scan.group(1));
      String of =
          switch (scan.group(1)) {
            case "Function Scan" -> "Function Name";
            case "WorkTable Scan", "CTE Scan" -> "CTE Name";
            case "Seq Scan", "Bitmap Heap Scan" -> "Relation Name";
            case "Bitmap Index Scan" -> "Index Name";
            default -> null;
          };
      String name = scan.group(2).replace("\"", "");
      if (of != null) {
        after.put(of, name);
      }
      if (!"Index Name".equals(of)) {
        after.put("Alias", name);
      }
      return;
    }
    out.put("Node Type", label);
  }

  private void table(TableScanNode scan, Map<String, Object> out, Map<String, Object> after) {
    TableDescriptor table = scan.table().descriptor();
    String index = scan.indexName();
    String type = scan.readsEntries() ? "Index Only Scan" : "Index Scan";
    out.put("Node Type", index == null ? "Seq Scan" : type);
    if (index != null) {
      after.put("Scan Direction", scan.isBackward() ? "Backward" : "Forward");
      after.put("Index Name", index);
    }
    after.put("Relation Name", table.name());
    String schema = options.verbose() ? schema(catalog, table) : null;
    if (schema != null) {
      after.put("Schema", schema);
    }
    after.put("Alias", scan.alias());
  }

  /// The parts of a list, whose commas outside of parentheses and quotes part it.
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    char quote = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(text.substring(from).strip());
    return parts;
  }
}
