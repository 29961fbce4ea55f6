package io.trencadis.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trencadis drain`: takes a node out of its cluster.
@Command(
    name = "drain",
    description = {
      "Takes a node out of its cluster: others lead what it leads, then it leaves all groups, and",
      "stops. A node that does not answer is taken out as well, and can not come back."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ask a node that stays, as a superuser.",
      "Clients go on meanwhile; those of the node that is drained have to go to another when it",
      "stops. If this command is interrupted the node is drained all the same: trencadis status",
      "shows how far that is. Its directory is of no use afterwards; with an empty one it can join",
      "again, under another number. From SQL: SELECT trencadis_drain(2, false).",
      "Environment: TRENCADIS_PASSWORD is the password, if the server asks for one;",
      "TRENCADIS_PORT stands for --port.",
      "Example:",
      "  trencadis drain 2 --port 5433",
      "Exit codes: 0 the node is out, 1 it cannot be taken out or the server does not answer,",
      "2 the command line is wrong."
    })
final class DrainCommand implements Callable<Integer> {
  private static final long REST_MILLIS = 300;

  @Spec private CommandSpec spec;

  @Mixin private ServerLogin server;

  @Parameters(paramLabel = "NODE", description = "Its number, as trencadis status shows it.")
  private int node;

  @Option(
      names = "--force",
      description = {
        "Also if fewer nodes would be left than each shard has copies, or one of those does not",
        "answer: then the loss of another one may stop the cluster."
      })
  private boolean force;

  @Override
  public Integer call() throws InterruptedException {
    if (server.mistake() != null) {
      return refuse(server.mistake(), StartException.USAGE);
    }
    boolean itself = false;
    try (PlainClient client = server.connect(_ -> {})) {
      PrintWriter out = spec.commandLine().getOut();
      say(out, client.query("SELECT pg_catalog.trencadis_drain(" + node + ", " + force + ")"));
      String told = null;
      while (true) {
        List<String> row =
            client
                .rows(
                    "SELECT state, leads, groups, this_node FROM pg_catalog.trencadis_nodes"
                        + " WHERE node = "
                        + node)
                .getFirst();
        if (row.get(0).equals("gone")) {
          say(out, "node " + node + " is out of the cluster");
          return 0;
        }
        itself = "t".equals(row.get(3));
        String now = "it leads " + row.get(1) + " groups and votes in " + row.get(2);
        if (!now.equals(told)) {
          told = now;
          say(out, now);
        }
        TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
      }
    } catch (IOException e) {
      if (itself) {
        return refuse(
            "node " + node + ", which was asked, has ended: ask another whether it is out",
            StartException.FAILURE);
      }
      CallFailure failure = server.failure(e, "another node's --host and --port", "");
      return refuse(failure.message(), failure.exitCode());
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }
}
