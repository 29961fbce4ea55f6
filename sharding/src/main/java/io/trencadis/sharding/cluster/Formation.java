package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.rpc.NodeIdentity;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// How a node comes to its cluster. The first of a list of empty nodes asks all others, and only
/// when every one has answered that it is empty does it choose the cluster's id, write it down, and
/// tell them. If it stops half-way, it goes on with the same id. An empty node that finds one that
/// belongs to a cluster asks to join that, and founds none; one that cannot tell waits, and says
/// so.
final class Formation {
  private static final long CALL_MILLIS = 1_000;
  private static final long REST_MILLIS = 200;

  private enum Question {
    /// Answered with a [Who].
    WHO,
    /// A cluster's id and number of shards, the number of the node that is told, and the list of
    /// all. Answered with the cluster's id that the node then has.
    FORM
  }

  private static final Question[] QUESTIONS = Question.values();

  /// Who is at a place.
  ///
  /// @param cluster 0 for an empty node
  /// @param token of its process
  record Who(long cluster, int node, long token) {
    byte[] toBytes() {
      return new ByteWriter(20).putLong(cluster).putInt(node).putLong(token).toByteArray();
    }

    static Who read(byte[] answer) {
      ByteReader in = new ByteReader(answer);
      return new Who(in.getLong(), in.getInt(), in.getLong());
    }
  }

  private final NodeRpc rpc;
  private final KnownMembers known;
  private final ClusterConfig config;
  private final RandomGenerator random;
  private final Consumer<String> progress;

  /// Tells this process from all others.
  private final long token;

  private String told;

  Formation(
      NodeRpc rpc,
      KnownMembers known,
      ClusterConfig config,
      RandomGenerator random,
      Consumer<String> progress) {
    this.rpc = rpc;
    this.known = known;
    this.config = config;
    this.random = random;
    this.progress = progress;
    token = random.nextLong(1, Long.MAX_VALUE);
  }

  /// Whether a question to this node is about its cluster.
  static boolean isFormation(byte[] body) {
    return body.length > 0 && body[0] == 0;
  }

  private static ByteWriter begin(Question question) {
    return new ByteWriter().putByte(0).putByte(question.ordinal());
  }

  /// Answers another node.
  synchronized byte[] answer(byte[] body) throws IOException {
    ByteReader in = new ByteReader(body);
    in.getByte();
    Question question = QUESTIONS[in.getByte()];
    if (question == Question.WHO) {
      NodeFile file = known.file();
      return (file == null
              ? new Who(0, NodeRpc.NOBODY, token)
              : new Who(file.cluster(), file.node(), token))
          .toBytes();
    }
    if (known.file() == null) {
      long cluster = in.getLong();
      int shards = in.getInt();
      int node = in.getInt();
      Members members = Members.read(in);
      known.belong(new NodeFile(cluster, node, shards, 0, true, members.all().size(), members));
      notifyAll();
    }
    return new ByteWriter(8).putLong(known.file().cluster()).toByteArray();
  }

  /// Waits until the node belongs to a cluster.
  NodeFile await() throws IOException, InterruptedException {
    while (true) {
      NodeFile file = known.file();
      if (file != null && (file.formed() || tellAll(file))) {
        return known.file();
      }
      if (file == null) {
        search();
      }
      synchronized (this) {
        if (known.file() == null || !known.file().formed()) {
          wait(REST_MILLIS);
        }
      }
    }
  }

  // ---- a node that is empty

  private void search() throws IOException, InterruptedException {
    List<InetSocketAddress> places = known.places();
    int own = places.indexOf(config.advertise());
    Set<Integer> silent = new TreeSet<>();
    Map<Integer, Who> others = new LinkedHashMap<>();
    for (int place = 0; place < places.size(); place++) {
      Who who = place == own ? null : ask(place);
      if (who != null && who.token() != token) {
        others.put(place, who);
      } else if (place != own) {
        silent.add(place);
      }
    }
    Set<Long> clusters = new TreeSet<>();
    for (Who who : others.values()) {
      if (who.cluster() != 0) {
        clusters.add(who.cluster());
      }
    }
    if (clusters.size() > 1) {
      throw new DirectoryException(
          "the nodes in --join belong to different clusters ("
              + String.join(", ", clusters.stream().map(Long::toHexString).toList())
              + "): name those of one");
    }
    if (!clusters.isEmpty()) {
      for (Map.Entry<Integer, Who> each : others.entrySet()) {
        if (each.getValue().cluster() != 0 && join(each.getKey())) {
          return;
        }
      }
    } else if (!silent.isEmpty()) {
      say(
          "waiting for "
              + names(silent)
              + ": a cluster is formed when all nodes in --join answer and are empty, and one that"
              + " exists is joined when one of its nodes answers");
    } else if (own < 0) {
      say(
          "waiting for a cluster: the nodes in --join belong to none, and --advertise "
              + ClusterConfig.text(config.advertise())
              + " is not among them");
    } else if (own == 0) {
      found(places);
    } else {
      say(
          "waiting for node 0 at "
              + ClusterConfig.text(places.getFirst())
              + " to form the cluster");
    }
  }

  private void found(List<InetSocketAddress> places) throws IOException {
    Members members =
        Members.founders(
            places.stream().map(ClusterConfig::text).toList(),
            config.shards() + 1,
            config.copies());
    long cluster = random.nextLong(1, Long.MAX_VALUE);
    synchronized (this) {
      if (known.file() == null) {
        known.belong(new NodeFile(cluster, 0, config.shards(), 0, false, places.size(), members));
      }
    }
  }

  /// Asks a member to be one, too.
  ///
  /// @return whether something came of it
  private boolean join(int place) throws IOException, InterruptedException {
    MemberRequest.Answer answer;
    try {
      answer =
          MemberRequest.Answer.read(
              rpc.call(
                      KnownMembers.place(place),
                      Service.META,
                      MemberRequest.join(ClusterConfig.text(config.advertise()), token),
                      2 * CALL_MILLIS)
                  .get());
    } catch (ExecutionException noAnswer) {
      say(
          "waiting for an answer of "
              + names(Set.of(place))
              + ", to join its cluster: "
              + noAnswer.getCause().getMessage());
      return false;
    }
    switch (answer) {
      case MemberRequest.Wait wait -> {
        say("waiting to join the cluster: " + wait.why());
        return false;
      }
      case MemberRequest.Refused refused ->
          throw new DirectoryException("this node cannot join the cluster: " + refused.why());
      case MemberRequest.Done _ -> {
        return false;
      }
      case MemberRequest.Accepted accepted -> {
        synchronized (this) {
          if (known.file() == null) {
            known.belong(
                new NodeFile(
                    accepted.cluster(),
                    accepted.node(),
                    accepted.shards(),
                    0,
                    true,
                    0,
                    accepted.members()));
          }
        }
        say(
            "joins cluster "
                + Long.toHexString(accepted.cluster())
                + " as node "
                + accepted.node());
        return true;
      }
    }
  }

  // ---- the one that forms the cluster

  private boolean tellAll(NodeFile mine) throws IOException, InterruptedException {
    List<InetSocketAddress> places = new ArrayList<>();
    mine.members().all().forEach(each -> places.add(KnownMembers.parse(each.address())));
    known.places(places);
    Set<Integer> silent = new TreeSet<>();
    for (int place = 0; place < places.size(); place++) {
      if (place == mine.node()) {
        continue;
      }
      byte[] question =
          begin(Question.FORM)
              .putLong(mine.cluster())
              .putInt(mine.shards())
              .putInt(place)
              .putBytes(mine.members().toBytes())
              .toByteArray();
      byte[] answer = ask(place, question);
      if (answer == null) {
        silent.add(place);
        continue;
      }
      long cluster = new ByteReader(answer).getLong();
      if (cluster != mine.cluster()) {
        throw new DirectoryException(
            "node " + place + " belongs to another cluster, " + Long.toHexString(cluster));
      }
    }
    if (!silent.isEmpty()) {
      say("waiting for " + names(silent) + ", to tell them of the cluster");
      return false;
    }
    known.places(config.join());
    known.belong(mine.withFormed());
    return true;
  }

  private String names(Set<Integer> places) {
    List<String> names = new ArrayList<>();
    for (int place : places) {
      String refusal = rpc.refusal(KnownMembers.place(place));
      names.add(
          ClusterConfig.text(known.places().get(place))
              + (refusal == null ? "" : " (" + refusal + ")"));
    }
    return (names.size() == 1 ? "the node at " : "the nodes at ") + String.join(", ", names);
  }

  /// @return null if nobody answers there
  private Who ask(int place) throws InterruptedException {
    byte[] answer = ask(place, begin(Question.WHO).toByteArray());
    return answer == null ? null : Who.read(answer);
  }

  private byte[] ask(int place, byte[] question) throws InterruptedException {
    try {
      return rpc.call(KnownMembers.place(place), Service.META, question, CALL_MILLIS).get();
    } catch (ExecutionException noAnswer) {
      return null;
    }
  }

  /// Looks at all places for members of this node's cluster that have moved.
  void discover() throws InterruptedException {
    List<InetSocketAddress> places = known.places();
    for (int place = 0; place < places.size(); place++) {
      Who who = ask(place);
      if (who != null
          && who.cluster() == known.file().cluster()
          && who.node() != known.self()
          && who.token() != token) {
        known.found(who.node(), places.get(place));
      }
    }
  }

  private void say(String what) {
    if (!what.equals(told)) {
      told = what;
      progress.accept(what);
    }
  }

  /// The identity that a directory gives its node.
  static NodeIdentity identity(NodeFile file) {
    return file == null
        ? new NodeIdentity(0, NodeRpc.NOBODY)
        : new NodeIdentity(file.cluster(), file.node());
  }
}
