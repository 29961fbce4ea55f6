package io.trencadis.sharding.cluster;

import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Who the node of a data directory is, in a text file `trencadis.node` of `name = value` lines
/// (rule 18): the cluster, its number there, how many shards the cluster has, in which of its lives
/// it is, which other nodes there are, and which of them have copies of which group.
///
/// @param cluster never 0
/// @param life grows with each start
/// @param formed whether all nodes were told when the cluster was formed
/// @param founders how many nodes have formed the cluster, if this is one of them; 0 for one that
///   has joined, so that its groups wait to be taken into those of the others
/// @param members as this node knows them, null if the file does not say
record NodeFile(
    long cluster, int node, int shards, int life, boolean formed, int founders, Members members) {
  private static final String NAME = "trencadis.node";
  private static final int MOST_BYTES = 1 << 20;

  /// @return null if the directory belongs to no cluster
  static NodeFile read(Disk disk, Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!disk.exists(file)) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    try (DiskFile opened = disk.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(opened.size(), MOST_BYTES));
      opened.read(bytes, 0);
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
      }
    }
    try {
      return new NodeFile(
          Long.parseUnsignedLong(values.getOrDefault("cluster", ""), 16),
          Integer.parseInt(values.getOrDefault("node", "")),
          Integer.parseInt(values.getOrDefault("shards", "")),
          Integer.parseInt(values.getOrDefault("life", "")),
          Boolean.parseBoolean(values.get("formed")),
          Integer.parseInt(values.getOrDefault("founders", "-1")),
          members(values));
    } catch (IllegalArgumentException e) {
      throw new DirectoryException(
          file
              + " cannot be read: the node cannot tell who it is. Restore the file, or replace the node");
    }
  }

  private static Members members(Map<String, String> values) {
    String list = values.get("members");
    if (list == null) {
      return null;
    }
    List<Member> all = new ArrayList<>();
    for (String each : list.split(", ")) {
      String[] parts = each.split(" ");
      all.add(
          new Member(
              all.size(),
              parts[0],
              Member.State.valueOf(parts[1]),
              Long.parseUnsignedLong(parts[2], 16)));
    }
    List<GroupHome> homes = new ArrayList<>();
    if (values.containsKey("homes")) {
      for (String each : values.get("homes").split(", ")) {
        homes.add(GroupHome.parse(each));
      }
    }
    return new Members(
            Long.parseLong(values.get("version")),
            all.size(),
            List.copyOf(all),
            Integer.parseInt(
                values.getOrDefault("factor", Integer.toString(Members.DEFAULT_FACTOR))),
            List.copyOf(homes))
        .completed(Integer.parseInt(values.getOrDefault("shards", "")) + 1);
  }

  void write(Disk disk, Path directory) throws IOException {
    Path fresh = directory.resolve(NAME + ".new");
    disk.delete(fresh);
    try (DiskFile made = disk.create(fresh)) {
      StringBuilder text = new StringBuilder();
      text.append("# Which node of which cluster this directory is. ");
      text.append("Nothing here is to be changed by hand.\n");
      line(text, "cluster", Long.toHexString(cluster));
      line(text, "node", node);
      line(text, "shards", shards);
      line(text, "life", life);
      line(text, "formed", formed);
      line(text, "founders", founders);
      line(text, "version", members.version());
      List<String> all = new ArrayList<>();
      for (Member each : members.all()) {
        all.add(each.address() + " " + each.state() + " " + Long.toHexString(each.token()));
      }
      line(text, "members", String.join(", ", all));
      line(text, "factor", members.factor());
      line(
          text,
          "homes",
          String.join(", ", members.homes().stream().map(GroupHome::toString).toList()));
      made.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), 0);
      made.force();
    }
    disk.rename(fresh, directory.resolve(NAME));
    disk.syncDirectory(directory);
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(" = ").append(value).append('\n');
  }

  NodeFile nextLife() {
    return new NodeFile(cluster, node, shards, life + 1, formed, founders, members);
  }

  NodeFile withFormed() {
    return new NodeFile(cluster, node, shards, life, true, founders, members);
  }

  NodeFile with(Members newer) {
    return new NodeFile(cluster, node, shards, life, formed, founders, newer.completed(shards + 1));
  }

  /// For files of an earlier version, which does not write who else there is.
  NodeFile completed(List<String> addresses) {
    return members != null
        ? this
        : new NodeFile(
            cluster,
            node,
            shards,
            life,
            formed,
            addresses.size(),
            Members.founders(addresses, shards + 1, addresses.size())
                .withoutMap()
                .completed(shards + 1));
  }
}
