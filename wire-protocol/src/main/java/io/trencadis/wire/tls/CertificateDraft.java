package io.trencadis.wire.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A certificate before it is signed (RFC 5280), by hand, since the JDK can read certificates but
/// has no public way to make one.
///
/// @param subject the common name, or empty
/// @param key whose certificate it is
/// @param hosts names and addresses, or none
/// @param uses what it is for; none stands for anything
/// @param authority whether it may vouch for others
/// @param now from when on it is valid
/// @param valid for how long
record CertificateDraft(
    String subject,
    PublicKey key,
    List<String> hosts,
    List<Use> uses,
    boolean authority,
    Instant now,
    Duration valid) {
  /// What a certificate may prove.
  enum Use {
    SERVER("1.3.6.1.5.5.7.3.1"),
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String oid;

    Use(String oid) {
      this.oid = oid;
    }
  }

  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  static final String SUBJECT_KEY = "2.5.29.14";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";

  /// Bits of a key usage, as a DER bit string without its trailing zeros.
  private static final byte[] DIGITAL_SIGNATURE = {7, (byte) 0x80};

  private static final byte[] CERT_AND_CRL_SIGN = {1, 0x06};

  /// The encoded certificate.
  ///
  /// @param issuer the encoded name of who signs; null for a certificate that signs itself
  /// @param signer the key that signs
  /// @param signersKeyId how the signer's certificate names its key; null if it does not, or if
  ///   this certificate signs itself
  byte[] signed(byte[] issuer, PrivateKey signer, byte[] signersKeyId, SecureRandom random)
      throws GeneralSecurityException, IOException {
    byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    byte[] name = Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(subject))));
    byte[] version3 = Der.element(0xa0, Der.integer(BigInteger.TWO));
    byte[] serial = Der.integer(new BigInteger(127, random).add(BigInteger.ONE));
    // A minute back, for clients whose clock is behind.
    byte[] validity = Der.sequence(Der.time(now.minusSeconds(60)), Der.time(now.plus(valid)));
    byte[] body =
        Der.sequence(
            version3,
            serial,
            algorithm,
            issuer == null ? name : issuer,
            validity,
            name,
            key.getEncoded(),
            Der.element(0xa3, Der.sequence(extensions(signersKeyId))));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer, random);
    signature.update(body);
    return Der.sequence(body, algorithm, Der.bits(signature.sign()));
  }

  private byte[][] extensions(byte[] signersKeyId) throws GeneralSecurityException, IOException {
    List<byte[]> all = new ArrayList<>();
    byte[] constraints = authority ? Der.sequence(Der.bool(true)) : Der.sequence();
    all.add(extension(BASIC_CONSTRAINTS, true, constraints));
    if (!(authority && !hosts.isEmpty())) {
      // One that is a server's and its own authority is left without bounds.
      all.add(
          extension(
              KEY_USAGE,
              true,
              Der.element(0x03, authority ? CERT_AND_CRL_SIGN : DIGITAL_SIGNATURE)));
    }
    all.add(extension(SUBJECT_KEY, false, Der.octets(keyIdentifier(key))));
    if (signersKeyId != null) {
      all.add(extension(AUTHORITY_KEY, false, Der.sequence(Der.element(0x80, signersKeyId))));
    }
    if (!uses.isEmpty()) {
      byte[][] oids = uses.stream().map(use -> Der.oid(use.oid)).toArray(byte[][]::new);
      all.add(extension(EXTENDED_KEY_USAGE, false, Der.sequence(oids)));
    }
    if (!hosts.isEmpty()) {
      all.add(extension(SUBJECT_ALT_NAME, false, Der.sequence(alternativeNames())));
    }
    return all.toArray(byte[][]::new);
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  /// Any hash will do that is the same each time; this one is of the whole encoded key.
  private static byte[] keyIdentifier(PublicKey of) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(of.getEncoded());
    return Arrays.copyOf(hash, 20);
  }

  private byte[][] alternativeNames() throws IOException {
    byte[][] names = new byte[hosts.size()][];
    for (int i = 0; i < names.length; i++) {
      String host = hosts.get(i);
      boolean address = host.contains(":") || host.matches("[0-9.]+");
      names[i] =
          address
              ? Der.element(0x87, InetAddress.getByName(host).getAddress())
              : Der.element(0x82, host.getBytes(StandardCharsets.US_ASCII));
    }
    return names;
  }
}
