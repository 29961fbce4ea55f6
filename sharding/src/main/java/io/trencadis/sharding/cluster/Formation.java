package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.rpc.NodeIdentity;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import io.trencadis.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Makes a cluster of empty nodes: the first of the list asks all others, and only when every one
/// has answered that it is empty does it choose the cluster's id, write it down, and tell them. If
/// it stops half-way, it goes on with the same id. A node that is empty while others belong to a
/// cluster founds none: it waits, and says so.
final class Formation {
  private static final long CALL_MILLIS = 1_000;
  private static final long REST_MILLIS = 200;

  private enum Question {
    /// Answered with the cluster's id; 0 for an empty node.
    WHO,
    /// A cluster's id and number of shards. Answered with the cluster's id that the node then has.
    FORM
  }

  private static final Question[] QUESTIONS = Question.values();

  private final NodeRpc rpc;
  private final Disk disk;
  private final Path directory;
  private final ClusterConfig config;
  private final RandomGenerator random;
  private final Consumer<String> progress;
  private NodeFile known;
  private String told;

  /// @param known what the directory says; null if it is empty
  Formation(
      NodeRpc rpc,
      Disk disk,
      Path directory,
      NodeFile known,
      ClusterConfig config,
      RandomGenerator random,
      Consumer<String> progress) {
    this.rpc = rpc;
    this.disk = disk;
    this.directory = directory;
    this.known = known;
    this.config = config;
    this.random = random;
    this.progress = progress;
  }

  /// Whether a question to this node is about its cluster.
  static boolean isFormation(byte[] body) {
    return body.length > 0 && body[0] == 0;
  }

  /// Answers another node.
  synchronized byte[] answer(byte[] body) throws IOException {
    ByteReader in = new ByteReader(body);
    in.getByte();
    Question question = QUESTIONS[in.getByte()];
    if (question == Question.FORM && known == null) {
      NodeFile told = new NodeFile(in.getLong(), config.self(), in.getInt(), 0, true);
      told.write(disk, directory);
      known = told;
      notifyAll();
    }
    return new ByteWriter(8).putLong(known == null ? 0 : known.cluster()).toByteArray();
  }

  /// Waits until the node belongs to a cluster.
  NodeFile await() throws IOException, InterruptedException {
    if (config.self() == 0) {
      lead();
    }
    synchronized (this) {
      while (known == null) {
        say("waiting for node 0 at " + config.members().getFirst() + " to form the cluster");
        wait(REST_MILLIS);
      }
      return known;
    }
  }

  private void lead() throws IOException, InterruptedException {
    while (true) {
      NodeFile mine;
      synchronized (this) {
        mine = known;
      }
      if (mine != null && mine.formed()) {
        return;
      }
      if (mine == null) {
        if (!allEmpty()) {
          TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
          continue;
        }
        mine = new NodeFile(random.nextLong(1, Long.MAX_VALUE), 0, config.shards(), 0, false);
        mine.write(disk, directory);
        synchronized (this) {
          known = mine;
        }
      }
      if (allToldOf(mine)) {
        NodeFile formed = mine.withFormed();
        formed.write(disk, directory);
        synchronized (this) {
          known = formed;
        }
      } else {
        TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
      }
    }
  }

  private boolean allEmpty() throws IOException, InterruptedException {
    Set<Integer> silent = new TreeSet<>();
    for (int node = 1; node < config.members().size(); node++) {
      Long cluster = ask(node, new ByteWriter(2).putByte(0).putByte(Question.WHO.ordinal()));
      if (cluster == null) {
        silent.add(node);
      } else if (cluster != 0) {
        say(
            "node "
                + node
                + " belongs to cluster "
                + Long.toHexString(cluster)
                + ", and this directory is empty: a node that has lost its data cannot be replaced"
                + " yet. Give back its directory, or start a new cluster with empty ones");
        return false;
      }
    }
    if (!silent.isEmpty()) {
      say("waiting for " + names(silent) + ": a cluster is formed when all nodes answer");
    }
    return silent.isEmpty();
  }

  private boolean allToldOf(NodeFile mine) throws IOException, InterruptedException {
    Set<Integer> silent = new TreeSet<>();
    for (int node = 1; node < config.members().size(); node++) {
      Long cluster =
          ask(
              node,
              new ByteWriter(16)
                  .putByte(0)
                  .putByte(Question.FORM.ordinal())
                  .putLong(mine.cluster())
                  .putInt(mine.shards()));
      if (cluster == null) {
        silent.add(node);
      } else if (cluster != mine.cluster()) {
        throw new DirectoryException(
            "node " + node + " belongs to another cluster, " + Long.toHexString(cluster));
      }
    }
    if (!silent.isEmpty()) {
      say("waiting for " + names(silent) + ", to tell them of the cluster");
    }
    return silent.isEmpty();
  }

  private String names(Set<Integer> nodes) {
    StringBuilder names = new StringBuilder();
    for (int node : nodes) {
      names.append(names.isEmpty() ? "" : ", ").append("node ").append(node);
      names.append(" at ").append(config.members().get(node));
    }
    return names.toString();
  }

  /// @return null if the node does not answer
  private Long ask(int node, ByteWriter question) throws InterruptedException {
    try {
      return new ByteReader(rpc.call(node, Service.META, question.toByteArray(), CALL_MILLIS).get())
          .getLong();
    } catch (ExecutionException noAnswer) {
      return null;
    }
  }

  private void say(String what) {
    if (!what.equals(told)) {
      told = what;
      progress.accept(what);
    }
  }

  /// The identity that a directory gives its node.
  static NodeIdentity identity(NodeFile file, int self) {
    return file == null ? new NodeIdentity(0, self) : new NodeIdentity(file.cluster(), file.node());
  }
}
