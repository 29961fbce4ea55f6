package io.trencadis.sharding.cluster;

import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who the node of a data directory is, in a text file `trencadis.node` of `name = value` lines
/// (rule 18): the cluster, its number there, how many shards the cluster has, in which of its lives
/// it is, and whether all nodes were told when it was formed.
///
/// @param cluster never 0
/// @param life grows with each start
record NodeFile(long cluster, int node, int shards, int life, boolean formed) {
  private static final String NAME = "trencadis.node";
  private static final int MOST_BYTES = 1 << 16;

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
          Boolean.parseBoolean(values.get("formed")));
    } catch (NumberFormatException e) {
      throw new DirectoryException(
          file
              + " cannot be read: the node cannot tell who it is. Restore the file, or replace the node");
    }
  }

  void write(Disk disk, Path directory) throws IOException {
    Path fresh = directory.resolve(NAME + ".new");
    disk.delete(fresh);
    try (DiskFile made = disk.create(fresh)) {
      String text =
          "# Which node of which cluster this directory is. Nothing here is to be changed by hand.\n"
              + "cluster = "
              + Long.toHexString(cluster)
              + "\nnode = "
              + node
              + "\nshards = "
              + shards
              + "\nlife = "
              + life
              + "\nformed = "
              + formed
              + "\n";
      made.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      made.force();
    }
    disk.rename(fresh, directory.resolve(NAME));
    disk.syncDirectory(directory);
  }

  NodeFile nextLife() {
    return new NodeFile(cluster, node, shards, life + 1, formed);
  }

  NodeFile withFormed() {
    return new NodeFile(cluster, node, shards, life, true);
  }
}
