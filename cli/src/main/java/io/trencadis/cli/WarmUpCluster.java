package io.trencadis.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Three nodes in this process, under a load for some seconds: what nodes of a cluster do for each
/// other is then among what the JVM keeps for quick starts.
final class WarmUpCluster {
  private static final int NODES = 3;

  private WarmUpCluster() {}

  /// @param directory for the nodes' data
  static void run(Path directory) throws Exception {
    List<String> members = freeAddresses();
    List<RunningNode> nodes = new ArrayList<>();
    try (ExecutorService starts = Executors.newFixedThreadPool(NODES)) {
      List<Future<RunningNode>> starting = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        StartOptions options =
            StartOptions.plain(
                List.of(
                    "--port",
                    "0",
                    "--http-port",
                    "off",
                    "--shards",
                    "6",
                    "--data",
                    directory.resolve("node" + i).toString(),
                    "--join",
                    String.join(",", members),
                    "--advertise",
                    members.get(i)),
                name -> null);
        // Each waits for the others.
        starting.add(
            starts.submit(() -> new NodeRun(options, new PrintWriter(System.err)).begin()));
      }
      for (Future<RunningNode> node : starting) {
        nodes.add(node.get());
      }
      for (RunningNode node : nodes) {
        WarmUpLoad.runSmall(node.server().address(), node.server().port());
      }
    } finally {
      nodes.forEach(RunningNode::close);
    }
  }

  private static List<String> freeAddresses() throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      addresses.add("127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
    return addresses;
  }
}
