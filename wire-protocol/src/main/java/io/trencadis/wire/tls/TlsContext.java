package io.trencadis.wire.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;

/// A server's identity, loaded. Thread-safe.
public final class TlsContext {
  private final SslContext context;
  private final byte[] endPointBinding;

  private TlsContext(SslContext context, byte[] endPointBinding) {
    this.context = context;
    this.endPointBinding = endPointBinding;
  }

  /// Reads certificate and key.
  ///
  /// @throws IOException saying which file cannot be used
  public static TlsContext load(TlsConfig config) throws IOException {
    X509Certificate certificate;
    try (InputStream in = Files.newInputStream(config.certificate())) {
      certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "could not load server certificate file \"" + config.certificate() + "\"", e);
    }
    try (InputStream chain = Files.newInputStream(config.certificate());
        InputStream key = Files.newInputStream(config.privateKey())) {
      SslContext context =
          SslContextBuilder.forServer(chain, key)
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .build();
      return new TlsContext(context, endPointBinding(certificate));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException(
          "could not load private key file \""
              + config.privateKey()
              + "\" (PEM, PKCS#8, no password)",
          e);
    }
  }

  /// Encrypts one connection.
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  /// Channel binding of type tls-server-end-point: the hash of the server's certificate (RFC 5929,
  /// section 4).
  public byte[] endPointBinding() {
    return endPointBinding.clone();
  }

  private static byte[] endPointBinding(X509Certificate certificate)
      throws GeneralSecurityException {
    return MessageDigest.getInstance(hashOf(certificate)).digest(certificate.getEncoded());
  }

  /// The certificate's own hash function, except that MD5 and SHA-1 are replaced by SHA-256. Where
  /// the signature has none (Ed25519), the RFC says nothing and SHA-256 is what others use.
  private static String hashOf(X509Certificate certificate) throws GeneralSecurityException {
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    if (algorithm.equals("RSASSA-PSS")) {
      Signature signature = Signature.getInstance("RSASSA-PSS");
      java.security.AlgorithmParameters parameters =
          java.security.AlgorithmParameters.getInstance("RSASSA-PSS");
      try {
        parameters.init(certificate.getSigAlgParams());
      } catch (IOException e) {
        throw new GeneralSecurityException(e);
      }
      signature.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
      return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
    }
    for (String bits : new String[] {"384", "512", "224"}) {
      if (algorithm.startsWith("SHA" + bits) || algorithm.startsWith("SHA-" + bits)) {
        return "SHA-" + bits;
      }
    }
    return "SHA-256";
  }
}
