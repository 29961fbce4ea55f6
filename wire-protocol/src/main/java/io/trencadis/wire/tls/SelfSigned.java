package io.trencadis.wire.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Makes a certificate that nobody has vouched for, with its key (ECDSA on P-256): enough to
/// encrypt, and for clients that are given the certificate itself also to know the server.
public final class SelfSigned {
  private static final Duration VALID = Duration.ofDays(3650);

  private SelfSigned() {}

  /// Writes a new pair to the two files, which must not exist; only the owner can read the key.
  ///
  /// @param hosts names and addresses the server is known by; the first is the certificate's
  ///   subject
  /// @param now from when on the certificate is valid, for ten years
  public static void write(TlsConfig files, List<String> hosts, Instant now, SecureRandom random)
      throws IOException {
    write(files, hosts, now, VALID, random);
  }

  /// The same, for as long as that.
  public static void write(
      TlsConfig files, List<String> hosts, Instant now, Duration valid, SecureRandom random)
      throws IOException {
    try {
      KeyPair pair = Identity.newKey(random);
      CertificateDraft draft =
          new CertificateDraft(
              hosts.getFirst(), pair.getPublic(), hosts, List.of(), true, now, valid);
      Identity.write(files, pair, draft.signed(null, pair.getPrivate(), null, random));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
    }
  }
}
