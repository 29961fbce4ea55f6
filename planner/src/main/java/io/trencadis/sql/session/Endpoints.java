package io.trencadis.sql.session;

import java.net.InetSocketAddress;

/// The two ends of a session's connection, for `inet_client_addr`, `inet_server_addr` and
/// `pg_stat_activity`. Null where they have no Internet address, and in a session that no
/// connection belongs to.
public record Endpoints(InetSocketAddress client, InetSocketAddress server) {
  /// Of a session within the process.
  public static final Endpoints NONE = new Endpoints(null, null);
}
