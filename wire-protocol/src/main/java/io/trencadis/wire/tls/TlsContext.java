package io.trencadis.wire.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
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
  /// @throws IOException saying in one line which file cannot be used, why, and what to do
  public static TlsContext load(TlsConfig config) throws IOException {
    X509Certificate[] chain = PemFiles.certificates(config.certificate());
    PrivateKey key = PemFiles.privateKey(config.privateKey());
    try {
      if (!belongTogether(key, chain[0].getPublicKey())) {
        throw new IOException(
            "private key file \""
                + config.privateKey()
                + "\" does not belong to certificate file \""
                + config.certificate()
                + "\"");
      }
      SslContext context =
          SslContextBuilder.forServer(key, chain)
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .build();
      return new TlsContext(context, endPointBinding(chain[0]));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException(
          "could not use private key file \""
              + config.privateKey()
              + "\" with certificate file \""
              + config.certificate()
              + "\"",
          e);
    }
  }

  /// Whether what the one signs the other verifies. Without this a wrong pair would show only when
  /// a client connects.
  static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          // The handshake will tell.
          default -> null;
        };
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    if (algorithm == null) {
      return true;
    }
    byte[] sample = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(privateKey);
    signer.update(sample);
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(publicKey);
    verifier.update(sample);
    return verifier.verify(signer.sign());
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
