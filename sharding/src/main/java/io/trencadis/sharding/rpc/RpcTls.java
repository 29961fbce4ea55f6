package io.trencadis.sharding.rpc;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/// With what a node shows the others that it belongs to them, and checks that they do: a
/// certificate, its key, and the authority that signed those of all nodes. Certificates that are
/// not for the use as a server are no node's. The files are read for every connection, so that
/// renewed ones are used without a restart.
///
/// @param certificate PEM, this node's first
/// @param key PEM, PKCS#8
/// @param authority PEM
public record RpcTls(Path certificate, Path key, Path authority) {
  /// @throws IOException in one line what is wrong with the files
  SslContext server() throws IOException {
    try {
      return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
          .trustManager(NodeTrust.in(authority))
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  /// As [#server], for connections to others.
  SslContext client() throws IOException {
    try {
      return SslContextBuilder.forClient()
          .keyManager(certificate.toFile(), key.toFile())
          .trustManager(NodeTrust.in(authority))
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  private IOException unusable(Exception why) {
    return new IOException(
        "the node certificate "
            + certificate
            + " with key "
            + key
            + " and authority "
            + authority
            + " cannot be used: "
            + why.getMessage(),
        why);
  }
}
