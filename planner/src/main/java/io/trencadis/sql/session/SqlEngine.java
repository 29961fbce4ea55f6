package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import java.util.Map;

/// The SQL side of a node: opens sessions. Thread-safe.
public interface SqlEngine {
  /// What authentication needs to know of a role.
  ///
  /// @param passwordVerifier the SCRAM-SHA-256 verifier in PostgreSQL's form
  ///   (`SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`), or null where the role has no
  ///   password
  record Credentials(String role, boolean mayLogin, String passwordVerifier) {}

  /// What is known of the role, or null where there is none. Callers must not let a client tell the
  /// difference between an unknown role and a wrong password.
  Credentials credentials(String role);

  /// Opens a session for an authenticated connection.
  ///
  /// @param parameters the start-up packet's parameters: `user`, `database` (absent: as `user`),
  ///   and settings
  /// @param processId what the client was told in BackendKeyData; shown in `pg_stat_activity`
  /// @param endpoints of the connection
  /// @throws SqlException FATAL: 3D000 for an unknown database, 28000 for a role that may not log
  ///   in, 22023 and 42704 for a bad setting, 53300 for too many connections to the database
  SqlSession open(Map<String, String> parameters, int processId, Endpoints endpoints);

  /// The server's value of a setting before any session changed it: `max_connections`, `ssl`, ….
  String setting(String name);
}
