package io.trencadis.wire.auth;

import java.net.InetAddress;

/// Which proof is asked of whom: what `pg_hba.conf` says, as a function. Thread-safe.
@FunctionalInterface
public interface AuthPolicy {
  /// @param client where the connection comes from
  /// @param tls whether it is encrypted
  AuthMethod methodFor(InetAddress client, boolean tls, String user, String database);

  /// The same for everyone.
  static AuthPolicy always(AuthMethod method) {
    return (_, _, _, _) -> method;
  }

  /// Trusts clients on this machine and asks `elsewhere` of all others.
  static AuthPolicy trustOnLoopback(AuthMethod elsewhere) {
    return (client, _, _, _) -> client.isLoopbackAddress() ? AuthMethod.TRUST : elsewhere;
  }
}
