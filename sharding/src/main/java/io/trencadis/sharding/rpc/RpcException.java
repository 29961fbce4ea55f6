package io.trencadis.sharding.rpc;

import java.io.IOException;

/// A call got no answer: the other node is not reachable, refused the connection, or took too long.
public final class RpcException extends IOException {
  private final boolean timeout;

  RpcException(String message, boolean timeout) {
    super(message);
    this.timeout = timeout;
  }

  /// Whether it took too long: then nobody knows whether it was carried out.
  public boolean isTimeout() {
    return timeout;
  }
}
