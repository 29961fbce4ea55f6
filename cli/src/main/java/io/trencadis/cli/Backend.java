package io.trencadis.cli;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.cluster.ClusterConfig;
import io.trencadis.sharding.cluster.ClusterNode;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.local.LocalConfig;
import io.trencadis.sharding.local.LocalStore;
import io.trencadis.storage.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What a server keeps its data in: a store of its own, or a cluster's node.
///
/// @param number the node's in its cluster; 0 for one on its own
/// @param node null in a cluster
/// @param store null in a cluster
/// @param member null for a node on its own
record Backend(
    Gateway gateway, Closeable data, int number, Node node, LocalStore store, ClusterNode member)
    implements Closeable {
  private static final long LOOK_MILLIS = 20;
  private static final int QUIET_LOOKS = 250;

  /// Opens the store of a node on its own.
  ///
  /// @param shards of a new directory; 0 for the usual number
  static Backend local(
      RealDisk disk,
      Path data,
      int shards,
      Outside outside,
      long historyMillis,
      Consumer<Throwable> onFailure) {
    return opened(
        data,
        () -> {
          DataDirectory directory = DataDirectory.open(disk, data.toAbsolutePath());
          if (ClusterNode.isMember(directory)) {
            directory.close();
            throw new DirectoryException(
                "the data directory "
                    + data
                    + " is of a node of a cluster: start it with --advertise, and --join if you like");
          }
          LocalStore store =
              LocalStore.open(
                  directory,
                  shards == 0 ? Node.DEFAULT_SHARDS : shards,
                  LocalConfig.server(),
                  onFailure);
          Node node = new Node(outside, store, historyMillis);
          return new Backend(node, store, 0, node, store, null);
        });
  }

  /// Opens a node of a cluster, and waits until it can serve clients.
  ///
  /// @param progress told in one line what is waited for
  static Backend cluster(
      RealDisk disk,
      Path data,
      ClusterConfig config,
      Outside outside,
      Consumer<Throwable> onFailure,
      Consumer<String> progress) {
    return opened(
        data,
        () -> {
          if (config.join().isEmpty()) {
            ClusterNode.makeFirst(disk, data.toAbsolutePath(), config, outside.random(), onFailure);
          }
          ClusterNode node =
              ClusterNode.start(
                  DataDirectory.open(disk, data.toAbsolutePath()),
                  config,
                  outside,
                  onFailure,
                  progress);
          awaitServing(node, data, progress);
          return new Backend(node.gateway(), node, node.number(), null, null, node);
        });
  }

  private static void awaitServing(ClusterNode node, Path data, Consumer<String> progress)
      throws IOException, InterruptedException {
    String told = null;
    for (int looks = 0; ; looks++) {
      String obstacle = node.obstacle();
      if (obstacle == null) {
        return;
      }
      if (node.removed().isDone()) {
        node.close();
        throw new DirectoryException(node.removed().join());
      }
      String banned = node.banned();
      if (banned != null) {
        node.close();
        throw new DirectoryException(
            "most of the cluster's nodes do not talk to the one of the data directory "
                + data
                + ": "
                + banned);
      }
      // An election takes a moment, which is nothing to speak of.
      if (looks >= QUIET_LOOKS && !obstacle.equals(told)) {
        told = obstacle;
        progress.accept(obstacle);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private interface Opening {
    Backend open() throws IOException, InterruptedException;
  }

  private static Backend opened(Path data, Opening opening) {
    try {
      return opening.open();
    } catch (DirectoryException e) {
      throw new StartException(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while starting");
    } catch (IOException e) {
      throw new StartException(
          "the data in "
              + data
              + " cannot be opened: "
              + e.getMessage()
              + ". Nothing was changed; if the disk is sound, restore a backup.");
    }
  }

  @Override
  public void close() throws IOException {
    data.close();
  }
}
