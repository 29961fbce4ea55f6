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
/// @param firstProcessId process ids of connections begin here: those of the nodes of a cluster
///   must not meet
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
    int firstProcessId,
    SecureRandom random,
    byte[] mockSecret) {
  /// How long a mock secret is.
  public static final int MOCK_SECRET_BYTES = 32;

  /// Loopback only and without passwords; 100 connections, messages up to 256 MiB (64 KiB before
  /// authentication), one minute to authenticate, an event loop a processor, a new mock secret.
  public static WireConfig loopback(int port) {
    return builder(port).build();
  }

  /// Starts from what [#loopback] gives.
  public static Builder builder(int port) {
    return new Builder(port);
  }

  /// Collects what differs from the defaults. Not thread-safe.
  public static final class Builder {
    private final int port;
    private final SecureRandom random = new SecureRandom();
    private List<String> listenAddresses = List.of("127.0.0.1");
    private int maxConnections = 100;
    private AuthPolicy authPolicy = AuthPolicy.trustOnLoopback(AuthMethod.SCRAM_SHA_256);
    private TlsConfig tls;
    private int maxMessageBytes = 256 * 1024 * 1024;
    private long authenticationTimeoutMillis = 60_000;
    private boolean inline = true;
    private int firstProcessId = 1;
    private byte[] mockSecret = new byte[MOCK_SECRET_BYTES];

    private Builder(int port) {
      this.port = port;
      random.nextBytes(mockSecret);
    }

    public Builder listenAddresses(List<String> addresses) {
      listenAddresses = addresses;
      return this;
    }

    public Builder maxConnections(int max) {
      maxConnections = max;
      return this;
    }

    public Builder authPolicy(AuthPolicy policy) {
      authPolicy = policy;
      return this;
    }

    public Builder tls(TlsConfig files) {
      tls = files;
      return this;
    }

    public Builder maxMessageBytes(int bytes) {
      maxMessageBytes = bytes;
      return this;
    }

    public Builder authenticationTimeoutMillis(long millis) {
      authenticationTimeoutMillis = millis;
      return this;
    }

    public Builder inline(boolean allowed) {
      inline = allowed;
      return this;
    }

    public Builder firstProcessId(int first) {
      firstProcessId = first;
      return this;
    }

    public Builder mockSecret(byte[] secret) {
      mockSecret = secret;
      return this;
    }

    public WireConfig build() {
      return new WireConfig(
          listenAddresses,
          port,
          maxConnections,
          authPolicy,
          tls,
          maxMessageBytes,
          64 * 1024,
          authenticationTimeoutMillis,
          Runtime.getRuntime().availableProcessors(),
          inline,
          firstProcessId,
          random,
          mockSecret);
    }
  }
}
