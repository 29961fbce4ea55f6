package io.trencadis.wire.tls;

import io.trencadis.wire.tls.CertificateDraft.Use;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// Vouches for the nodes of a cluster and for their clients, all of whom then need to be given its
/// certificate only. Keys are ECDSA on P-256. Confined to one thread.
public final class CertificateAuthority {
  private final X509Certificate certificate;
  private final PrivateKey key;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /// Writes a new authority to the two files, which must not exist; only the owner can read its
  /// key. Whoever has that key can be any node and any client: it need not lie on a server.
  ///
  /// @param name what certificates call it
  public static void create(
      TlsConfig files, String name, Instant now, Duration valid, SecureRandom random)
      throws IOException {
    try {
      KeyPair pair = Identity.newKey(random);
      CertificateDraft draft =
          new CertificateDraft(name, pair.getPublic(), List.of(), List.of(), true, now, valid);
      Identity.write(files, pair, draft.signed(null, pair.getPrivate(), null, random));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
    }
  }

  /// Reads an authority.
  ///
  /// @throws IOException saying in one line which file cannot be used, and why
  public static CertificateAuthority load(TlsConfig files) throws IOException {
    X509Certificate certificate = PemFiles.certificates(files.certificate())[0];
    if (certificate.getBasicConstraints() < 0) {
      throw new IOException(
          "\"" + files.certificate() + "\" is no authority's certificate: it vouches for nobody");
    }
    PrivateKey key = PemFiles.privateKey(files.privateKey());
    if (!key.getAlgorithm().equals("EC")) {
      throw new IOException(
          "\"" + files.privateKey() + "\" is not an ECDSA key, as trencadis cert --ca makes them");
    }
    try {
      if (!TlsContext.belongTogether(key, certificate.getPublicKey())) {
        throw new IOException(
            "private key file \""
                + files.privateKey()
                + "\" does not belong to certificate file \""
                + files.certificate()
                + "\"");
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("\"" + files.privateKey() + "\" cannot be used: " + e.getMessage(), e);
    }
    return new CertificateAuthority(certificate, key);
  }

  /// Writes a node's key and certificate to files that must not exist. It proves who the node is to
  /// clients and, as nodes connect to each other, to other nodes.
  ///
  /// @param hosts names and addresses the node is known by
  public void issueNode(
      TlsConfig files, List<String> hosts, Instant now, Duration valid, SecureRandom random)
      throws IOException {
    issue(files, hosts.getFirst(), hosts, List.of(Use.SERVER, Use.CLIENT), now, valid, random);
  }

  /// Writes a client's key and certificate to files that must not exist. It can be nobody's node.
  ///
  /// @param user the certificate's common name
  public void issueClient(
      TlsConfig files, String user, Instant now, Duration valid, SecureRandom random)
      throws IOException {
    issue(files, user, List.of(), List.of(Use.CLIENT), now, valid, random);
  }

  /// How the authority's certificate names its key, or null.
  private byte[] keyIdentifier() {
    byte[] extension = certificate.getExtensionValue(CertificateDraft.SUBJECT_KEY);
    // An octet string in an octet string, both short.
    int wrapping = 4;
    return extension == null || extension.length <= wrapping || extension.length > 127
        ? null
        : Arrays.copyOfRange(extension, wrapping, extension.length);
  }

  private void issue(
      TlsConfig files,
      String subject,
      List<String> hosts,
      List<Use> uses,
      Instant now,
      Duration valid,
      SecureRandom random)
      throws IOException {
    try {
      KeyPair pair = Identity.newKey(random);
      CertificateDraft draft =
          new CertificateDraft(subject, pair.getPublic(), hosts, uses, false, now, valid);
      Identity.write(
          files,
          pair,
          draft.signed(
              certificate.getSubjectX500Principal().getEncoded(), key, keyIdentifier(), random));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
    }
  }
}
