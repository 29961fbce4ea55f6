package io.trencadis.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis status`: how a cluster is, as one of its nodes finds it.
@Command(
    name = "status",
    description = "Shows the nodes and shards of a cluster, as one of its nodes finds them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "leads: groups that the node leads. lag: entries of the logs that it has yet to apply; between",
      "two writes it is 0. The group called oracle issues the timestamps. A node that does not answer",
      "has neither a version nor a lag. state: member, joining, draining, lost (being taken out",
      "without being heard) or gone; groups: those in which the node votes, which shows how far it",
      "is on its way in or out; silent_ms: for how long the node that is asked has not heard of it,",
      "in milliseconds. nodes: those that hold the shard and vote; target: those that are to",
      "hold it, while it moves. From SQL: TABLE trencadis_nodes, TABLE trencadis_shards.",
      "Environment: TRENCADIS_PASSWORD is the password, if the server asks for one;",
      "TRENCADIS_PORT stands for --port.",
      "Example:",
      "  trencadis status --port 5433 --format json",
      "Exit codes: 0 every node answers and every group has a leader, 1 that is not so or the server",
      "does not answer, 2 the command line is wrong."
    })
final class StatusCommand implements Callable<Integer> {
  private static final List<String> NODES =
      List.of(
          "node",
          "address",
          "this_node",
          "reachable",
          "version",
          "leads",
          "lag",
          "state",
          "groups",
          "silent_ms");
  private static final List<String> SHARDS =
      List.of("shard", "kind", "leader", "replicas", "applied", "lag", "nodes", "target");
  private static final Set<String> LISTS = Set.of("nodes", "target");

  enum Format {
    table,
    json
  }

  @Spec private CommandSpec spec;

  @Mixin private ServerLogin server;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table (default) or json.")
  private Format format;

  @Override
  public Integer call() {
    if (server.mistake() != null) {
      return refuse(server.mistake(), StartException.USAGE);
    }
    try (PlainClient client = server.connect(_ -> {})) {
      List<List<String>> nodes = client.rows("SELECT * FROM pg_catalog.trencadis_nodes");
      List<List<String>> shards = client.rows("SELECT * FROM pg_catalog.trencadis_shards");
      PrintWriter out = spec.commandLine().getOut();
      if (format == Format.json) {
        out.println(
            "{\"nodes\":" + json(NODES, nodes) + ",\"shards\":" + json(SHARDS, shards) + "}");
      } else {
        table(out, NODES, nodes);
        out.println();
        table(out, SHARDS, shards);
      }
      out.flush();
      boolean whole =
          nodes.stream()
                  .filter(row -> !"gone".equals(row.get(NODES.indexOf("state"))))
                  .allMatch(row -> "t".equals(row.get(NODES.indexOf("reachable"))))
              && shards.stream().allMatch(row -> row.get(SHARDS.indexOf("leader")) != null);
      return whole ? 0 : StartException.FAILURE;
    } catch (IOException e) {
      CallFailure failure = server.failure(e, "another node's --host and --port", "");
      return refuse(failure.message(), failure.exitCode());
    }
  }

  private static void table(PrintWriter out, List<String> names, List<List<String>> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(names);
    for (List<String> row : rows) {
      lines.add(row.stream().map(StatusCommand::plain).toList());
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < names.size(); column++) {
        int at = column;
        int width = lines.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
        text.append(column == 0 ? "" : "  ").append(line.get(column));
        text.repeat(' ', width - line.get(column).length());
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String plain(String value) {
    return switch (value) {
      case null -> "-";
      case "t" -> "yes";
      case "f" -> "no";
      default -> value;
    };
  }

  private static String json(List<String> names, List<List<String>> rows) {
    StringJoiner all = new StringJoiner(",", "[", "]");
    for (List<String> row : rows) {
      StringJoiner object = new StringJoiner(",", "{", "}");
      for (int column = 0; column < names.size(); column++) {
        String value = row.get(column);
        object.add(
            "\""
                + names.get(column)
                + "\":"
                + (value != null && LISTS.contains(names.get(column))
                    ? "[" + value + "]"
                    : json(value)));
      }
      all.add(object.toString());
    }
    return all.toString();
  }

  /// Addresses and releases have nothing in them that would have to be escaped.
  private static String json(String value) {
    return switch (value) {
      case null -> "null";
      case "t" -> "true";
      case "f" -> "false";
      default -> value.matches("-?[0-9]+") ? value : "\"" + value + "\"";
    };
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }
}
