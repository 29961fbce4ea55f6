package io.trencadis.sharding.cluster;

import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/// Decides who belongs to the cluster, where this node leads the oracle: its log has the list, so
/// that the decision outlives whoever took it. One node comes or goes at a time.
///
/// A node that joins, or is to go, is so in the list first. Then whoever leads a group has it voted
/// for by those that the list wants ([GroupKeeper]), and when all groups are, the list says so.
/// Thread-safe.
final class MemberChanges {
  private static final System.Logger LOG = System.getLogger(MemberChanges.class.getName());

  private static final long CALL_MILLIS = 1_000;

  /// With fewer, the loss of one stops the cluster.
  private static final int FEWEST = 3;

  private final OracleReplica oracle;
  private final KnownMembers known;
  private final NodeRpc rpc;
  private final int groups;

  /// Whether a node has been heard of not long ago.
  private final IntPredicate isHeard;

  /// Who leads the oracle.
  private final IntSupplier leader;

  // Guarded by this object's monitor.
  private boolean changing;
  private boolean looking;
  private String told = "";

  MemberChanges(
      OracleReplica oracle,
      KnownMembers known,
      NodeRpc rpc,
      int groups,
      IntPredicate isHeard,
      IntSupplier leader) {
    this.oracle = oracle;
    this.known = known;
    this.rpc = rpc;
    this.groups = groups;
    this.isHeard = isHeard;
    this.leader = leader;
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
    Members members = oracle.members();
    if (members == null) {
      answer.accept(new MemberRequest.Wait("its nodes have not all been there together yet"));
      return;
    }
    switch (request) {
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
          new MemberRequest.Refused(
              "it has "
                  + others
                  + " nodes, and every node holds every shard, so more would be of no use."
                  + " Take one out first, with trencadis drain"));
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
      // One that joins and does not arrive must not keep all others waiting.
      if (member.state() == Member.State.MEMBER
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
    if (left.size() < FEWEST && member.state() == Member.State.MEMBER) {
      return left.size()
          + (left.size() == 1 ? " node would be left, which" : " nodes would be left, which")
          + " cannot lose one without stopping. Add a node first, or say --force";
    }
    for (int each : left) {
      if (!isHeard.test(each)) {
        return "node " + each + " does not answer, and the others need it. Mend it, or say --force";
      }
    }
    return null;
  }

  // ---- the list

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
      return;
    }
    Members members = oracle.members();
    if (members == null) {
      // Who is heard was told of the cluster: nobody can be mistaken for one that has lost its
      // disk.
      Members first = known.members();
      if (first.version() == 0 && first.present().stream().allMatch(this::isThere)) {
        change(first.logged(), "the cluster has nodes " + first.present(), _ -> {});
      }
      return;
    }
    if (!members.isChanging()) {
      return;
    }
    synchronized (this) {
      if (looking) {
        return;
      }
      looking = true;
    }
    look(members);
  }

  private boolean isThere(int node) {
    return node == known.self() || isHeard.test(node);
  }

  private void look(Members members) {
    List<CompletableFuture<NodeReport>> asked = new ArrayList<>();
    for (int node : members.present()) {
      asked.add(
          rpc.call(node, Service.META, NodeReport.question(), CALL_MILLIS)
              .thenApply(NodeReport::read)
              .exceptionally(_ -> null));
    }
    CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              synchronized (this) {
                looking = false;
              }
              judge(members, asked.stream().map(CompletableFuture::join).toList());
            });
  }

  private void judge(Members members, List<NodeReport> reports) {
    Set<Integer> wanted = members.wanted();
    int done = 0;
    for (int group = 0; group < groups; group++) {
      long term = 0;
      boolean settled = false;
      for (NodeReport report : reports) {
        if (report != null && report.terms()[group] > term) {
          term = report.terms()[group];
          settled = report.voters().get(group).equals(wanted);
        }
      }
      done += settled ? 1 : 0;
    }
    String what = done + " of " + groups + " groups are voted for by nodes " + wanted;
    if (!what.equals(told)) {
      told = what;
      LOG.log(System.Logger.Level.INFO, what);
    }
    if (done == groups) {
      Members settled = members.settled();
      change(settled, "the cluster has nodes " + settled.present(), _ -> {});
    }
  }
}
