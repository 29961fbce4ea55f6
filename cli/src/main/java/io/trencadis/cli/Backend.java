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
import java.util.function.Consumer;

/// What a server keeps its data in: a store of its own, or a cluster's node.
///
/// @param number the node's in its cluster; 0 for one on its own
/// @param node null in a cluster
/// @param store null in a cluster
record Backend(Gateway gateway, Closeable data, int number, Node node, LocalStore store)
    implements Closeable {
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
                    + " is of a node of a cluster: start it with --join and --advertise");
          }
          LocalStore store =
              LocalStore.open(
                  directory,
                  shards == 0 ? Node.DEFAULT_SHARDS : shards,
                  LocalConfig.server(),
                  onFailure);
          Node node = new Node(outside, store, historyMillis);
          return new Backend(node, store, 0, node, store);
        });
  }

  /// Opens a node of a cluster, and waits until it is one.
  static Backend cluster(
      RealDisk disk,
      Path data,
      ClusterConfig config,
      Outside outside,
      Consumer<Throwable> onFailure) {
    return opened(
        data,
        () -> {
          ClusterNode node =
              ClusterNode.start(
                  DataDirectory.open(disk, data.toAbsolutePath()),
                  config,
                  outside,
                  onFailure,
                  what -> System.err.println("trencadis: " + what));
          return new Backend(node.gateway(), node, config.self(), null, null);
        });
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
