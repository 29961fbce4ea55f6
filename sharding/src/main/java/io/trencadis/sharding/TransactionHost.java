package io.trencadis.sharding;

import io.trencadis.base.Outside;

/// What a transaction needs of the gateway that began it, wherever its shards are. Thread-safe.
interface TransactionHost {
  int shardCount();

  Outside outside();

  OpenSnapshots openSnapshots();

  /// What is older than this may be gone.
  long keepHorizon();
}
