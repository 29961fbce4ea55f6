package io.trencadis.sharding.replica;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A cluster's nodes and the map of its shards: which nodes have copies of which group. The
/// oracle's log has the list; one of a higher version is a later one, and version 0 is what the
/// first nodes were started with, before the log has any.
///
/// @param next the number that the next node gets
/// @param all by number, those that are gone included
/// @param factor how many copies a shard is to have, where there are so many nodes
/// @param homes by group, the oracle's last; empty in a list of an earlier version of this program,
///   where every node has every group
public record Members(long version, int next, List<Member> all, int factor, List<GroupHome> homes) {
  /// The highest number of a node: transactions carry it in ten bits.
  public static final int MOST_NUMBER = 1_023;

  /// How many copies a shard has if nobody says otherwise.
  public static final int DEFAULT_FACTOR = 3;

  /// As many copies the oracle's group has in clusters of at least so many nodes.
  private static final int MOST_ORACLES = 5;

  private static final Member.State[] STATES = Member.State.values();

  /// Of a cluster that is formed by nodes at these addresses.
  ///
  /// @param groups how many, with the oracle's
  public static Members founders(List<String> addresses, int groups, int factor) {
    List<Member> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(new Member(all.size(), address, Member.State.MEMBER, 0));
    }
    List<GroupHome> homes = new ArrayList<>();
    int given = 0;
    for (int group = 0; group < groups; group++) {
      Set<Integer> nodes = new TreeSet<>();
      for (int copy = copies(group, groups, factor, all.size()); copy > 0; copy--) {
        nodes.add(given++ % all.size());
      }
      homes.add(GroupHome.first(nodes));
    }
    return new Members(0, all.size(), List.copyOf(all), factor, List.copyOf(homes));
  }

  /// How many copies a group is to have.
  ///
  /// @param nodes that can have one
  public static int copies(int group, int groups, int factor, int nodes) {
    if (group < groups - 1) {
      return Math.min(factor, nodes);
    }
    return nodes < MOST_ORACLES ? Math.min(DEFAULT_FACTOR, nodes) : MOST_ORACLES;
  }

  /// With a map: that of a list without one is that every node has every group.
  public Members completed(int groups) {
    if (!homes.isEmpty()) {
      return this;
    }
    Set<Integer> nodes = new TreeSet<>();
    Set<Integer> leaving = new TreeSet<>();
    for (Member each : all) {
      if (each.isWanted()) {
        nodes.add(each.number());
      } else if (each.state() != Member.State.GONE) {
        leaving.add(each.number());
      }
    }
    leaving.addAll(isChanging() ? nodes : Set.of());
    GroupHome home =
        new GroupHome(
            GroupHome.first(nodes).replicas(), GroupHome.first(leaving).replicas(), version);
    return new Members(version, next, all, factor, Collections.nCopies(groups, home));
  }

  /// As an earlier version of this program has written it.
  public Members withoutMap() {
    return new Members(version, next, all, DEFAULT_FACTOR, List.of());
  }

  /// @return null for a number that no node has
  public Member find(int number) {
    return number < 0 || number >= all.size() ? null : all.get(number);
  }

  /// Where a group's copies are.
  public GroupHome home(int group) {
    return homes.get(group);
  }

  /// The numbers of those that others talk to.
  public Set<Integer> present() {
    Set<Integer> numbers = new TreeSet<>();
    all.stream().filter(Member::isPresent).forEach(each -> numbers.add(each.number()));
    return numbers;
  }

  /// The numbers of those that are to have copies.
  public Set<Integer> wanted() {
    Set<Integer> numbers = new TreeSet<>();
    all.stream().filter(Member::isWanted).forEach(each -> numbers.add(each.number()));
    return numbers;
  }

  /// Whether nodes are on their way in or out, or copies from one to another.
  public boolean isChanging() {
    return all.stream()
            .anyMatch(
                each -> each.state() != Member.State.MEMBER && each.state() != Member.State.GONE)
        || homes.stream().anyMatch(GroupHome::isMoving);
  }

  private Members next(List<Member> changed) {
    return new Members(version + 1, next, List.copyOf(changed), factor, homes);
  }

  /// The next version, with one node in another state.
  public Members with(int number, Member.State state) {
    List<Member> changed = new ArrayList<>(all);
    changed.set(number, all.get(number).with(state));
    return next(changed);
  }

  /// The next version, with one node somewhere else.
  public Members moved(int number, String address) {
    List<Member> changed = new ArrayList<>(all);
    changed.set(number, all.get(number).at(address));
    return next(changed);
  }

  /// The next version, with a node that begins to join.
  ///
  /// @param instead whom it replaces; -1 for nobody
  public Members joined(String address, long token, int instead) {
    List<Member> changed = new ArrayList<>(all);
    if (instead >= 0) {
      changed.set(instead, all.get(instead).with(Member.State.LOST));
    }
    changed.add(new Member(next, address, Member.State.JOINING, token));
    return new Members(version + 1, next + 1, List.copyOf(changed), factor, homes);
  }

  /// The next version, with all nodes that were on their way at its end.
  public Members settled() {
    List<Member> changed = new ArrayList<>();
    for (Member each : all) {
      changed.add(
          switch (each.state()) {
            case JOINING -> each.with(Member.State.MEMBER);
            case DRAINING, LOST -> each.with(Member.State.GONE);
            case MEMBER, GONE -> each;
          });
    }
    return next(changed);
  }

  /// The next version, with another map.
  ///
  /// @param arrived groups that have the copies that they are to have, and no others
  /// @param moved the nodes that are to have copies of a group, by its number
  public Members mapped(Set<Integer> arrived, Map<Integer, Set<Integer>> moved) {
    List<GroupHome> changed = new ArrayList<>(homes);
    arrived.forEach(group -> changed.set(group, changed.get(group).settled()));
    moved.forEach(
        (group, nodes) -> changed.set(group, changed.get(group).moved(nodes, version + 1)));
    return new Members(version + 1, next, all, factor, List.copyOf(changed));
  }

  /// The next version, with another number of copies of each shard.
  public Members withFactor(int copies) {
    return new Members(version + 1, next, all, copies, homes);
  }

  /// As the first list in the log.
  public Members logged() {
    return new Members(version + 1, next, all, factor, homes);
  }

  public byte[] toBytes() {
    ByteWriter out = new ByteWriter().putLong(version).putInt(next).putInt(all.size());
    for (Member each : all) {
      byte[] address = each.address().getBytes(StandardCharsets.UTF_8);
      out.putInt(each.number()).putByte(each.state().ordinal()).putLong(each.token());
      out.putInt(address.length).putBytes(address);
    }
    out.putInt(factor).putInt(homes.size());
    homes.forEach(home -> home.write(out));
    return out.toByteArray();
  }

  /// Reads what [#toBytes] has written, which ends where the bytes end.
  public static Members read(ByteReader in) {
    long version = in.getLong();
    int next = in.getInt();
    List<Member> all = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      int number = in.getInt();
      Member.State state = STATES[in.getByte()];
      long token = in.getLong();
      all.add(new Member(number, in.getUtf8(in.getInt()), state, token));
    }
    int factor = DEFAULT_FACTOR;
    List<GroupHome> homes = new ArrayList<>();
    if (in.remaining() > 0) {
      factor = in.getInt();
      for (int left = in.getInt(); left > 0; left--) {
        homes.add(GroupHome.read(in));
      }
    }
    return new Members(version, next, List.copyOf(all), factor, List.copyOf(homes));
  }
}
