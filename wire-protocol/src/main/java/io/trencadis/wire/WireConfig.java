package io.trencadis.wire;

import io.trencadis.wire.auth.AuthMethod;
import io.trencadis.wire.auth.AuthPolicy;
import io.trencadis.wire.tls.TlsConfig;
import java.security.SecureRandom;
import java.util.List;

/// How a [WireServer] listens and whom it lets in.
///
/// @param listenAddresses names or addresses; `*` for all
/// @param port 0 for any that is free
/// @param maxConnections sessions at a time
/// @param tls null for none
/// @param maxMessageBytes longest message of a client that has been authenticated
/// @param maxMessageBytesBeforeAuthentication longest message of anyone else
/// @param authenticationTimeoutMillis from connecting to being authenticated
/// @param ioThreads event loops; short requests run on them
/// @param inline whether they do
/// @param random for keys, nonces and salts
/// @param mockSecret makes up salts for roles that do not exist; keep it from one start to the next
public record WireConfig(
    List<String> listenAddresses,
    int port,
    int maxConnections,
    AuthPolicy authPolicy,
    TlsConfig tls,
    int maxMessageBytes,
    int maxMessageBytesBeforeAuthentication,
    long authenticationTimeoutMillis,
    int ioThreads,
    boolean inline,
    SecureRandom random,
    byte[] mockSecret) {
  /// Loopback only and without passwords; 100 connections, messages up to 256 MiB (64 KiB before
  /// authentication), one minute to authenticate, an event loop a processor.
  public static WireConfig loopback(int port) {
    SecureRandom random = new SecureRandom();
    byte[] mockSecret = new byte[32];
    random.nextBytes(mockSecret);
    return new WireConfig(
        List.of("127.0.0.1"),
        port,
        100,
        AuthPolicy.trustOnLoopback(AuthMethod.SCRAM_SHA_256),
        null,
        256 * 1024 * 1024,
        64 * 1024,
        60_000,
        Runtime.getRuntime().availableProcessors(),
        true,
        random,
        mockSecret);
  }

  public WireConfig withListenAddresses(List<String> addresses) {
    return new WireConfig(
        addresses,
        port,
        maxConnections,
        authPolicy,
        tls,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        inline,
        random,
        mockSecret);
  }

  public WireConfig withMaxConnections(int max) {
    return new WireConfig(
        listenAddresses,
        port,
        max,
        authPolicy,
        tls,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        inline,
        random,
        mockSecret);
  }

  public WireConfig withAuthPolicy(AuthPolicy policy) {
    return new WireConfig(
        listenAddresses,
        port,
        maxConnections,
        policy,
        tls,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        inline,
        random,
        mockSecret);
  }

  public WireConfig withTls(TlsConfig files) {
    return new WireConfig(
        listenAddresses,
        port,
        maxConnections,
        authPolicy,
        files,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        inline,
        random,
        mockSecret);
  }

  public WireConfig withMaxMessageBytes(int bytes) {
    return new WireConfig(
        listenAddresses,
        port,
        maxConnections,
        authPolicy,
        tls,
        bytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        inline,
        random,
        mockSecret);
  }

  public WireConfig withAuthenticationTimeoutMillis(long millis) {
    return new WireConfig(
        listenAddresses,
        port,
        maxConnections,
        authPolicy,
        tls,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        millis,
        ioThreads,
        inline,
        random,
        mockSecret);
  }

  public WireConfig withInline(boolean allowed) {
    return new WireConfig(
        listenAddresses,
        port,
        maxConnections,
        authPolicy,
        tls,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        allowed,
        random,
        mockSecret);
  }

  public WireConfig withMockSecret(byte[] secret) {
    return new WireConfig(
        listenAddresses,
        port,
        maxConnections,
        authPolicy,
        tls,
        maxMessageBytes,
        maxMessageBytesBeforeAuthentication,
        authenticationTimeoutMillis,
        ioThreads,
        inline,
        random,
        secret);
  }
}
