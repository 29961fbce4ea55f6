package io.trencadis.sharding.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts whom the nodes' authority has signed as a server. The same authority signs certificates
/// of users, which are for clients only and open no node's port: what a peer shows must be for the
/// use as a server (RFC 5280, 4.2.1.12), also where it is the one who connects.
final class NodeTrust extends X509ExtendedTrustManager {
  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";

  private final X509ExtendedTrustManager signatures;

  private NodeTrust(X509ExtendedTrustManager signatures) {
    this.signatures = signatures;
  }

  /// @param authority PEM, one certificate or several
  static NodeTrust in(Path authority) throws IOException {
    try (InputStream file = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("authority" + number++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (number > 0 && manager instanceof X509ExtendedTrustManager extended) {
          return new NodeTrust(extended);
        }
      }
      throw new IOException(authority + " has no certificate");
    } catch (GeneralSecurityException e) {
      throw new IOException(authority + " is no certificate: " + e.getMessage(), e);
    }
  }

  private static void requireNode(X509Certificate[] chain) throws CertificateException {
    List<String> uses = chain[0].getExtendedKeyUsage();
    if (uses == null || !uses.contains(SERVER_USE)) {
      throw new CertificateException(
          "the certificate of "
              + chain[0].getSubjectX500Principal()
              + " is not for a server, so it is no node's");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    signatures.checkClientTrusted(chain, type, engine);
    requireNode(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    signatures.checkServerTrusted(chain, type, engine);
    requireNode(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    signatures.checkClientTrusted(chain, type, socket);
    requireNode(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    signatures.checkServerTrusted(chain, type, socket);
    requireNode(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    signatures.checkClientTrusted(chain, type);
    requireNode(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    signatures.checkServerTrusted(chain, type);
    requireNode(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return signatures.getAcceptedIssuers();
  }
}
