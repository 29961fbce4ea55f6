package io.trencadis.cli;

import io.trencadis.sharding.cluster.ClusterConfig;
import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sharding.rpc.RpcTls;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the settings say of the cluster that a node belongs to.
final class ClusterOptions {
  static final String JOIN = "trencadis.join";
  static final String ADVERTISE = "trencadis.advertise";

  private ClusterOptions() {}

  /// @param shards 0 for the usual number
  /// @return null for a node on its own
  /// @throws StartException if what is said makes no sense
  static ClusterConfig of(SettingsRegistry settings, Path data, int shards) {
    String join = value(settings, JOIN);
    String advertise = value(settings, ADVERTISE);
    if (join.isEmpty() && advertise.isEmpty()) {
      return null;
    }
    // By name: what it stands for may change while this is read, as pods get their addresses.
    List<InetSocketAddress> names = new ArrayList<>();
    for (String member : join.isEmpty() ? new String[0] : join.split(",")) {
      InetSocketAddress name = name("--join", member.strip());
      if (names.contains(name)) {
        throw StartException.usage("--join names " + member.strip() + " twice");
      }
      names.add(name);
    }
    if (names.size() > ClusterConfig.MOST_NODES) {
      throw StartException.usage(
          "--join names "
              + names.size()
              + " nodes; there can be no more than "
              + ClusterConfig.MOST_NODES);
    }
    if (advertise.isEmpty()) {
      throw StartException.usage(
          "--join without --advertise: say where the nodes at " + join + " reach this one");
    }
    InetSocketAddress self = name("--advertise", advertise);
    boolean oneMachine = isHere(self) && names.stream().allMatch(ClusterOptions::isHere);
    return new ClusterConfig(
        names,
        self,
        oneMachine
            ? new InetSocketAddress(self.getHostString(), self.getPort())
            : new InetSocketAddress(self.getPort()),
        oneMachine ? null : tls(settings, data),
        shards == 0 ? ClusterConfig.DEFAULT_SHARDS : shards,
        Integer.parseInt(value(settings, "trencadis.replication_factor")),
        Long.parseLong(value(settings, "trencadis.copy_rate")) * 1_024,
        Integer.parseInt(value(settings, "trencadis.election_timeout")),
        value(settings, "trencadis.leader_leases").equals("on"),
        Long.parseLong(value(settings, "trencadis.balance_interval")),
        Long.parseLong(value(settings, "trencadis.lost_node_timeout")),
        Long.parseLong(value(settings, "trencadis.history_retention")),
        LocalConfig.server());
  }

  private static boolean isHere(InetSocketAddress name) {
    InetSocketAddress found = new InetSocketAddress(name.getHostString(), name.getPort());
    return !found.isUnresolved() && found.getAddress().isLoopbackAddress();
  }

  private static RpcTls tls(SettingsRegistry settings, Path data) {
    RpcTls files =
        new RpcTls(
            data.resolve(value(settings, "trencadis.node_cert_file")),
            data.resolve(value(settings, "trencadis.node_key_file")),
            data.resolve(value(settings, "trencadis.node_ca_file")));
    for (Path file : List.of(files.certificate(), files.key(), files.authority())) {
      if (!Files.isReadable(file)) {
        throw new StartException(
            "nodes of several machines prove to each other who they are, and "
                + file
                + " cannot be read. Make the files with trencadis cert --ca and trencadis cert"
                + " --signed-by, or name others with --set trencadis.node_cert_file,"
                + " trencadis.node_key_file and trencadis.node_ca_file");
      }
    }
    return files;
  }

  private static InetSocketAddress name(String option, String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= 65_535) {
        return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw StartException.usage(option + " wants HOST:PORT, not \"" + text + "\"");
  }

  private static String value(SettingsRegistry settings, String name) {
    return settings.serverValue(settings.require(name));
  }
}
