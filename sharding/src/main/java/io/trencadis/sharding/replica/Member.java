package io.trencadis.sharding.replica;

/// One of a cluster's nodes, or one that it had.
///
/// @param number from 0 to 1,023; no other node has or had it (rule 18)
/// @param address where the others reach it, as `HOST:PORT`
/// @param token chosen by the node's process when it asked to join, so that it gets one number
///   however often it asks; 0 for those that formed the cluster
public record Member(int number, String address, State state, long token) {
  /// How a node stands to its cluster.
  public enum State {
    /// It has its share of the groups.
    MEMBER,
    /// It is being given its share of the groups.
    JOINING,
    /// Its copies are being moved to others, and it answers until that is done.
    DRAINING,
    /// It is being taken out of its groups, and nobody talks to it any more.
    LOST,
    /// It has no copy, and never will again.
    GONE;

    /// In lower case.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Whether the others talk to it.
  public boolean isPresent() {
    return state != State.LOST && state != State.GONE;
  }

  /// Whether it is to have copies of groups.
  public boolean isWanted() {
    return state == State.MEMBER || state == State.JOINING;
  }

  Member with(State next) {
    return new Member(number, address, next, token);
  }

  Member at(String elsewhere) {
    return new Member(number, elsewhere, state, token);
  }
}
