package io.trencadis.sharding.raft;

import java.util.Set;
import java.util.function.Consumer;

/// A log of records that several nodes hold. Whoever leads it appends; every node's machine gets
/// the records in their order, once each in a life, when they will survive the loss of a minority.
/// Thread-safe.
public interface ReplicationLog extends AutoCloseable {
  /// What became of a record.
  @FunctionalInterface
  interface Outcome {
    /// Called after the machine got the record, or when it is known or feared that it never will.
    ///
    /// @param survives false if this node does not lead in that term any more: the record may
    ///   survive all the same, and then comes to whoever leads next
    void done(boolean survives);
  }

  /// Appends a record, if this node leads in the term.
  void append(byte[] record, long term, Outcome outcome);

  /// Asks the other nodes whether this one leads still.
  ///
  /// @param proof told, after the machine has got all that was decided before the call: true if it
  ///   led at a moment after the call
  void confirm(Outcome proof);

  /// The node that leads, as far as this one knows; -1 if it knows of none.
  int leader();

  /// Has another node lead, if it can at once. A hint.
  void transferLeadership(int node);

  /// For how long a leader may be silent from now on before this node has another one elected, and
  /// how long this node leads without having heard of others.
  void electionTimeout(int millis);

  /// In which this node leads; 0 if it does not.
  long term();

  /// The copies that vote, where this node leads and [#changeVoters] has found or made it so in
  /// this term: a majority of them has it in its log. Else empty.
  Set<ReplicaId> voters();

  /// The copies that vote by this node's log, be that decided or not, where it leads; else empty.
  Set<ReplicaId> configured();

  /// Has these copies vote, if this node leads, or finds that they do. One that is new is brought
  /// up to date first, without a vote. They are one more or one less than [#configured], or the
  /// same: one at a time, any majority before has a copy in common with any after (Ongaro 2014,
  /// section 4.1), which [#confirm] rests upon; the log itself asks both.
  ///
  /// @param done told null when it is so, or why not; a leader that is gone meanwhile may have made
  ///   it so all the same
  void changeVoters(Set<ReplicaId> next, Consumer<String> done);

  /// Lets go of the records that the machine has made durable elsewhere. Soon, not at once.
  void compact();

  /// How far this node's machine has got.
  long applied();

  @Override
  void close();
}
