package io.trencadis.wire;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.Endpoints;
import io.trencadis.sql.session.SqlEngine;
import io.trencadis.sql.session.SqlSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine that understands a handful of words (see [FakeSession]), so that tests can make a
/// session do what they need.
final class FakeEngine implements SqlEngine {
  final Map<String, Credentials> roles = new ConcurrentHashMap<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger overlaps = new AtomicInteger();
  final AtomicInteger onLoop = new AtomicInteger();
  final AtomicInteger onThread = new AtomicInteger();
  volatile Map<String, String> lastParameters;

  /// Run where a session is asked to wait for what it has followed.
  volatile Runnable following = () -> {};

  FakeEngine() {
    roles.put("postgres", new Credentials("postgres", true, null));
  }

  @Override
  public Credentials credentials(String role) {
    return roles.get(role);
  }

  @Override
  public SqlSession open(Map<String, String> parameters, int processId, Endpoints endpoints) {
    lastParameters = parameters;
    if (parameters.get("database").equals("nowhere")) {
      throw new SqlException(SqlState.INVALID_CATALOG_NAME, "database \"nowhere\" does not exist")
          .asFatal();
    }
    opened.incrementAndGet();
    return new FakeSession(this);
  }

  @Override
  public String setting(String name) {
    return null;
  }

  int open() {
    return opened.get() - closed.get();
  }
}
