package io.trencadis.sharding.raft;

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

  /// Lets go of the records that the machine has made durable elsewhere. Soon, not at once.
  void compact();

  /// How far this node's machine has got.
  long applied();

  @Override
  void close();
}
