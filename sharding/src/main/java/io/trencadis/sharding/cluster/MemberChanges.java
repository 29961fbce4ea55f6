package io.trencadis.sharding.cluster;

import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.IntToLongFunction;

/// Decides who belongs to the cluster, where this node leads the oracle: its log has the list, so
/// that the decision outlives whoever took it. One node comes or goes at a time.
///
/// A node that joins, or is to go, is so in the list first. Then copies are given other places in
/// the list's map, some at a time ([Placer]); whoever leads a group has it voted for by those that
/// the map wants ([GroupKeeper]); and when all are where they are to be, the list says so.
/// Thread-safe.
final class MemberChanges {
  private static final System.Logger LOG = System.getLogger(MemberChanges.class.getName());

  private static final long CALL_MILLIS = 1_000;

  private final OracleReplica oracle;
  private final KnownMembers known;
  private final NodeRpc rpc;
  private final int groups;

  /// Whether a node has been heard of not long ago.
  private final IntPredicate isHeard;

  /// How large each group is; 0 where that is not known.
  private final IntToLongFunction bytes;

  /// Who leads the oracle.
  private final IntSupplier leader;

  /// Looked at in [#tick] only.
  private final LostNodes lost;

  // Guarded by this object's monitor.
  private boolean changing;
  private boolean looking;

  MemberChanges(
      OracleReplica oracle,
      KnownMembers known,
      NodeRpc rpc,
      int groups,
      IntPredicate isHeard,
      IntToLongFunction bytes,
      IntSupplier leader,
      LostNodes lost) {
    this.oracle = oracle;
    this.known = known;
    this.rpc = rpc;
    this.groups = groups;
    this.isHeard = isHeard;
    this.bytes = bytes;
    this.leader = leader;
    this.lost = lost;
  }

  /// Answers a request, of another node or of this one, or has whoever leads the oracle answer it.
  void request(byte[] body, Consumer<MemberRequest.Answer> answer) {
    if (oracle.leads()) {
      decide(MemberRequest.read(body), answer);
      return;
    }
    int asked = leader.getAsInt();
    if (asked < 0 || asked == known.self() || MemberRequest.wasPassedOn(body)) {
      answer.accept(
          new MemberRequest.Wait(
              "no node leads the oracle; that takes a majority of the cluster's nodes"));
      return;
    }
    rpc.call(asked, Service.META, MemberRequest.passedOn(body), CALL_MILLIS)
        .handle(
            (bytes, failure) ->
                failure == null
                    ? MemberRequest.Answer.read(bytes)
                    : new MemberRequest.Wait("node " + asked + " does not answer"))
        .thenAccept(answer);
  }

  private void decide(MemberRequest request, Consumer<MemberRequest.Answer> answer) {
    Members members = members();
    if (members == null) {
      answer.accept(new MemberRequest.Wait("its nodes have not all been there together yet"));
      return;
    }
    switch (request) {
      case MemberRequest.Factor factor -> factor(members, factor, answer);
      case MemberRequest.Join join -> join(members, join, answer);
      case MemberRequest.Moved moved -> moved(members, moved, answer);
      case MemberRequest.Drain drain -> drain(members, drain, answer);
    }
  }

  // ---- coming

  private void join(
      Members members, MemberRequest.Join join, Consumer<MemberRequest.Answer> answer) {
    Member before = null;
    for (Member each : members.all()) {
      if (each.isPresent() && each.token() == join.token()) {
        answer.accept(accepted(each.number(), members));
        return;
      }
      if (each.isPresent() && each.address().equals(join.address())) {
        before = each;
      }
    }
    if (before != null && isHeard.test(before.number())) {
      answer.accept(
          new MemberRequest.Wait(
              "node " + before.number() + ", which has the same address, is still there"));
      return;
    }
    for (Member each : members.all()) {
      boolean onItsWay =
          each.state() == Member.State.JOINING || each.state() == Member.State.DRAINING;
      if (onItsWay && each != before) {
        answer.accept(
            new MemberRequest.Wait(
                "node " + each.number() + " is " + each.state().word() + ", one at a time"));
        return;
      }
    }
    int others = members.wanted().size() - (before == null ? 0 : 1);
    if (others >= ClusterConfig.MOST_NODES) {
      answer.accept(
          new MemberRequest.Refused("it has " + others + " nodes, and more it cannot have"));
      return;
    }
    if (members.next() > Members.MOST_NUMBER) {
      answer.accept(
          new MemberRequest.Refused("all " + members.next() + " numbers of nodes have been given"));
      return;
    }
    Members next =
        members.joined(join.address(), join.token(), before == null ? -1 : before.number());
    int number = members.next();
    String what =
        "node "
            + number
            + " at "
            + join.address()
            + " joins"
            + (before == null ? "" : " in the place of node " + before.number());
    change(
        next,
        what,
        changed ->
            answer.accept(
                changed
                    ? accepted(number, next)
                    : new MemberRequest.Wait("the list of nodes is being changed")));
  }

  private MemberRequest.Answer accepted(int number, Members members) {
    return new MemberRequest.Accepted(
        known.file().cluster(), number, known.file().shards(), members);
  }

  private void moved(
      Members members, MemberRequest.Moved moved, Consumer<MemberRequest.Answer> answer) {
    Member member = members.find(moved.node());
    if (member == null || !member.isPresent()) {
      answer.accept(new MemberRequest.Refused(KnownMembers.outOf(moved.node())));
    } else if (member.address().equals(moved.address())) {
      answer.accept(new MemberRequest.Done("it is known"));
    } else {
      change(
          members.moved(moved.node(), moved.address()),
          "node " + moved.node() + " is at " + moved.address() + " now",
          changed -> answer.accept(new MemberRequest.Done("it is known soon")));
    }
  }

  // ---- going

  private void drain(
      Members members, MemberRequest.Drain drain, Consumer<MemberRequest.Answer> answer) {
    Member member = members.find(drain.node());
    String refusal = refusal(members, member, drain);
    if (refusal != null) {
      answer.accept(new MemberRequest.Refused(refusal));
      return;
    }
    if (member.state() == Member.State.DRAINING) {
      answer.accept(new MemberRequest.Done("node " + drain.node() + " is being drained already"));
      return;
    }
    boolean there = isHeard.test(drain.node());
    String what =
        "node " + drain.node() + (there ? " is drained" : ", which does not answer, is taken out");
    change(
        members.with(drain.node(), there ? Member.State.DRAINING : Member.State.LOST),
        what,
        changed ->
            answer.accept(
                changed
                    ? new MemberRequest.Done(what)
                    : new MemberRequest.Wait("the list of nodes is being changed: try again")));
  }

  /// @return null for a node that can go
  private String refusal(Members members, Member member, MemberRequest.Drain drain) {
    if (member == null) {
      return "there is no node " + drain.node();
    }
    switch (member.state()) {
      case GONE -> {
        return "node " + drain.node() + " was taken out before";
      }
      case LOST -> {
        return "node " + drain.node() + " is being taken out already";
      }
      case DRAINING -> {
        return null;
      }
      case MEMBER, JOINING -> {}
    }
    for (Member each : members.all()) {
      // One that joins and does not arrive must not keep all others waiting; nor one that is lost
      // while others move copies to it.
      if (member.state() == Member.State.MEMBER
          && isThere(member.number())
          && each != member
          && each.state() != Member.State.MEMBER
          && each.state() != Member.State.GONE) {
        return "node " + each.number() + " is " + each.state().word() + ", one at a time";
      }
    }
    Set<Integer> left = new TreeSet<>(members.wanted());
    left.remove(drain.node());
    if (left.isEmpty()) {
      return "node " + drain.node() + " is the only one";
    }
    if (drain.force()) {
      return null;
    }
    if (left.size() < members.factor() && member.state() == Member.State.MEMBER) {
      return left.size()
          + (left.size() == 1 ? " node would be left" : " nodes would be left")
          + " for "
          + members.factor()
          + " copies of each shard. Add a node first, or say --force";
    }
    for (int each : left) {
      if (!isHeard.test(each)) {
        return "node " + each + " does not answer, and the others need it. Mend it, or say --force";
      }
    }
    return null;
  }

  // ---- how many copies

  private void factor(
      Members members, MemberRequest.Factor factor, Consumer<MemberRequest.Answer> answer) {
    int nodes = members.wanted().size();
    if (factor.copies() > nodes) {
      answer.accept(
          new MemberRequest.Refused(
              "the cluster has " + nodes + (nodes == 1 ? " node" : " nodes")));
    } else if (factor.copies() == members.factor()) {
      answer.accept(new MemberRequest.Done(copies(factor.copies()) + " already"));
    } else {
      String what = copies(factor.copies()) + " now, no more " + members.factor();
      change(
          members.withFactor(factor.copies()),
          what,
          changed ->
              answer.accept(
                  changed
                      ? new MemberRequest.Done(what)
                      : new MemberRequest.Wait("the list of nodes is being changed: try again")));
    }
  }

  private static String copies(int copies) {
    return "each shard is to have " + copies + (copies == 1 ? " copy" : " copies");
  }

  // ---- the list

  /// Null before there is one in the log.
  private Members members() {
    Members members = oracle.members();
    return members == null ? null : members.completed(groups);
  }

  private void change(Members next, String what, Consumer<Boolean> done) {
    synchronized (this) {
      if (changing) {
        done.accept(false);
        return;
      }
      changing = true;
    }
    oracle
        .change(next)
        .whenComplete(
            (changed, failure) -> {
              synchronized (this) {
                changing = false;
              }
              boolean now = failure == null && changed;
              if (now) {
                LOG.log(System.Logger.Level.INFO, what);
              }
              done.accept(now);
            });
  }

  /// Takes changes that have begun to their end, where this node leads the oracle; now and then.
  void tick() {
    if (!oracle.leads()) {
      lost.forget();
      return;
    }
    Members members = members();
    if (members == null) {
      // Who is heard was told of the cluster: nobody can be mistaken for one that has lost its
      // disk.
      Members first = known.members();
      if (first.version() == 0 && first.present().stream().allMatch(this::isThere)) {
        change(first.logged(), "the cluster has nodes " + first.present(), _ -> {});
      }
      return;
    }
    synchronized (this) {
      if (looking || changing) {
        return;
      }
      looking = true;
    }
    int silent = lost.look(members, this::isThere);
    if (members.homes().stream().anyMatch(GroupHome::isMoving)) {
      look(members);
    } else if (silent >= 0) {
      synchronized (this) {
        looking = false;
      }
      change(
          members.with(silent, Member.State.LOST),
          "node " + silent + " has not been heard of for too long, and is taken out",
          _ -> {});
    } else {
      place(members, Set.of());
    }
  }

  private boolean isThere(int node) {
    return node == known.self() || isHeard.test(node);
  }

  private void look(Members members) {
    Map<Integer, CompletableFuture<NodeReport>> asked = new TreeMap<>();
    for (int node : members.present()) {
      asked.put(
          node,
          rpc.call(node, Service.META, NodeReport.question(), CALL_MILLIS)
              .thenApply(NodeReport::read)
              .exceptionally(_ -> null));
    }
    CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              Map<Integer, NodeReport> reports = new TreeMap<>();
              asked.forEach((node, report) -> reports.put(node, report.join()));
              place(members, arrived(members, reports));
            });
  }

  /// Groups whose copies are where they are to be. Their leader says so; and all that can lead them
  /// from now on know a list that is no older: none of them will ever go back to the copies before,
  /// which may be deleted.
  private static Set<Integer> arrived(Members members, Map<Integer, NodeReport> reports) {
    Set<Integer> arrived = new TreeSet<>();
    for (int group = 0; group < members.homes().size(); group++) {
      GroupHome home = members.home(group);
      if (!home.isMoving()) {
        continue;
      }
      long term = 0;
      boolean settled = false;
      for (NodeReport report : reports.values()) {
        if (report != null && report.terms()[group] > term) {
          term = report.terms()[group];
          settled = report.voters().get(group).equals(home.replicas());
        }
      }
      for (int node : home.nodes()) {
        NodeReport report = reports.get(node);
        settled &= report != null && report.list() >= home.since();
      }
      if (settled) {
        arrived.add(group);
      }
    }
    return arrived;
  }

  private void place(Members members, Set<Integer> arrived) {
    Members next;
    try {
      next = Placer.next(members, arrived, this::isThere, bytes, ClusterConfig.MOST_MOVING);
    } finally {
      synchronized (this) {
        looking = false;
      }
    }
    if (next != null) {
      change(next, difference(members, next), _ -> {});
    }
  }

  /// What changes, in words.
  static String difference(Members before, Members now) {
    List<String> words = new ArrayList<>();
    for (int group = 0; group < now.homes().size(); group++) {
      GroupHome home = now.home(group);
      if (home.since() > before.version()) {
        words.add(
            "group "
                + group
                + " moves from nodes "
                + before.home(group).nodes()
                + " to "
                + home.nodes());
      } else if (before.home(group).isMoving() && !home.isMoving()) {
        words.add("group " + group + " is on nodes " + home.nodes());
      }
    }
    if (words.isEmpty()) {
      return "the cluster has nodes " + now.present();
    }
    long moving = now.homes().stream().filter(GroupHome::isMoving).count();
    return String.join(", ", words) + "; " + moving + " of " + now.homes().size() + " groups move";
  }
}
