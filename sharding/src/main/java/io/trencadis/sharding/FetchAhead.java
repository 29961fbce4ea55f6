package io.trencadis.sharding;

import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.Arrays;

/// A batch of a scan that was asked for before anybody wants it. For one thread.
final class FetchAhead {
  private final Request.Scan request;

  /// Null as long as nobody has waited for it.
  private Reply reply;

  private boolean abandoned;

  FetchAhead(Request.Scan request) {
    this.request = request;
  }

  Reply reply() {
    return reply;
  }

  void came(Reply itsReply) {
    reply = itsReply;
  }

  /// Nobody wants it any more.
  void abandon() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /// Whether another request would be answered alike.
  boolean answers(Request.Scan other) {
    return request.rel().equals(other.rel())
        && request.reverse() == other.reverse()
        && request.readTs() == other.readTs()
        && request.ownBefore() == other.ownBefore()
        && request.limit() == other.limit()
        && Arrays.equals(request.from(), other.from())
        && Arrays.equals(request.to(), other.to());
  }
}
