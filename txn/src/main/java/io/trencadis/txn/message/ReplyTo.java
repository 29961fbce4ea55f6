package io.trencadis.txn.message;

/// Where a request's reply goes. Called within the shard's step: it may note the reply and wake
/// somebody, no more.
public interface ReplyTo {
  /// For requests that are not answered.
  ReplyTo NOBODY = (shard, reply) -> {};

  void reply(int shard, Reply reply);
}
