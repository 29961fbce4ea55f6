package io.trencadis.txn.cluster;

/// Where the table's rows are, as a gateway's plan knows it: what a descriptor is elsewhere.
///
/// @param version its schema version: newer ones are higher, and no two the same
/// @param relation the relation of the rows
/// @param shift a row of shard *s* is at the shard that comes so many after *s*
/// @param toRelation the relation that the rows are on their way to; 0 for none
/// @param toShift as `shift`, for those
record Layout(long version, int relation, int shift, int toRelation, int toShift) {
  static final Layout FIRST = new Layout(0, Cluster.RELATION, 0, 0, 0);

  boolean isMoving() {
    return toRelation != 0;
  }

  int home(int shard, int shards) {
    return (shard + shift) % shards;
  }

  int newHome(int shard, int shards) {
    return (shard + toShift) % shards;
  }

  Layout movingTo(int to, int itsShift, long itsVersion) {
    return new Layout(itsVersion, relation, shift, to, itsShift);
  }

  Layout moved(long itsVersion) {
    return new Layout(itsVersion, toRelation, toShift, 0, 0);
  }

  /// Any other change of the table: it ends a move.
  Layout changed(long itsVersion) {
    return new Layout(itsVersion, relation, shift, 0, 0);
  }
}
