package io.trencadis.wire.connection;

import io.trencadis.sql.session.SqlEngine;
import io.trencadis.wire.auth.AuthPolicy;
import io.trencadis.wire.tls.TlsContext;
import java.security.SecureRandom;
import java.util.function.Supplier;

/// What all connections of a server share.
///
/// @param tls gives the identity of connections to come, or null where there is none
/// @param maxMessageBytes longest message of a client that has been authenticated
/// @param maxMessageBytesBeforeAuthentication longest message of anyone else
/// @param authenticationTimeoutMillis how long a client has from connecting to being authenticated
/// @param inline whether short requests run on the event loop
/// @param mockSecret makes up the salts of roles that do not exist; the same from one start to the
///   next
public record ConnectionSettings(
    SqlEngine engine,
    AuthPolicy authPolicy,
    Supplier<TlsContext> tls,
    int maxMessageBytes,
    int maxMessageBytesBeforeAuthentication,
    long authenticationTimeoutMillis,
    boolean inline,
    SecureRandom random,
    byte[] mockSecret) {}
