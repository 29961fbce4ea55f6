package io.trencadis.sharding.replica;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A cluster's nodes, as its oracle's log has them. A list of a higher version is a later one;
/// version 0 is what the first nodes were started with, before the log has any.
///
/// @param next the number that the next node gets
/// @param all by number, those that are gone included
public record Members(long version, int next, List<Member> all) {
  /// The highest number of a node: transactions carry it in ten bits.
  public static final int MOST_NUMBER = 1_023;

  private static final Member.State[] STATES = Member.State.values();

  /// Of a cluster that is formed by nodes at these addresses.
  public static Members founders(List<String> addresses) {
    List<Member> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(new Member(all.size(), address, Member.State.MEMBER, 0));
    }
    return new Members(0, all.size(), List.copyOf(all));
  }

  /// @return null for a number that no node has
  public Member find(int number) {
    return number < 0 || number >= all.size() ? null : all.get(number);
  }

  /// The numbers of those that others talk to.
  public Set<Integer> present() {
    Set<Integer> numbers = new TreeSet<>();
    all.stream().filter(Member::isPresent).forEach(each -> numbers.add(each.number()));
    return numbers;
  }

  /// The numbers of those that are to vote in every group.
  public Set<Integer> wanted() {
    Set<Integer> numbers = new TreeSet<>();
    all.stream().filter(Member::isWanted).forEach(each -> numbers.add(each.number()));
    return numbers;
  }

  /// Whether nodes are on their way in or out.
  public boolean isChanging() {
    return all.stream()
        .anyMatch(each -> each.state() != Member.State.MEMBER && each.state() != Member.State.GONE);
  }

  /// The next version, with one node in another state.
  public Members with(int number, Member.State state) {
    List<Member> changed = new ArrayList<>(all);
    changed.set(number, all.get(number).with(state));
    return new Members(version + 1, next, List.copyOf(changed));
  }

  /// The next version, with one node somewhere else.
  public Members moved(int number, String address) {
    List<Member> changed = new ArrayList<>(all);
    changed.set(number, all.get(number).at(address));
    return new Members(version + 1, next, List.copyOf(changed));
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
    return new Members(version + 1, next + 1, List.copyOf(changed));
  }

  /// The next version, with all that was on its way at its end.
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
    return new Members(version + 1, next, List.copyOf(changed));
  }

  /// As the first list in the log.
  public Members logged() {
    return new Members(version + 1, next, all);
  }

  public byte[] toBytes() {
    ByteWriter out = new ByteWriter().putLong(version).putInt(next).putInt(all.size());
    for (Member each : all) {
      byte[] address = each.address().getBytes(StandardCharsets.UTF_8);
      out.putInt(each.number()).putByte(each.state().ordinal()).putLong(each.token());
      out.putInt(address.length).putBytes(address);
    }
    return out.toByteArray();
  }

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
    return new Members(version, next, List.copyOf(all));
  }
}
