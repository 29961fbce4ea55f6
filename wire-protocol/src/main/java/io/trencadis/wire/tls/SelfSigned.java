package io.trencadis.wire.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/// Makes a certificate that nobody has vouched for, with its key (ECDSA on P-256): enough to
/// encrypt, and for clients that are given the certificate itself also to know the server. By hand
/// (RFC 5280), since the JDK can read certificates but has no public way to make one.
public final class SelfSigned {
  private static final Duration VALID = Duration.ofDays(3650);
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";

  private SelfSigned() {}

  /// Writes a new pair to the two files, which must not exist; only the owner can read the key.
  ///
  /// @param hosts names and addresses the server is known by; the first is the certificate's
  ///   subject
  /// @param now from when on the certificate is valid, for ten years
  public static void write(TlsConfig files, List<String> hosts, Instant now, SecureRandom random)
      throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      byte[] certificate = certificate(pair, hosts, now, random);
      createPrivate(files.privateKey());
      Files.writeString(files.privateKey(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      Files.writeString(
          files.certificate(), pem("CERTIFICATE", certificate), StandardOpenOption.CREATE_NEW);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
    }
  }

  private static void createPrivate(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  private static byte[] certificate(
      KeyPair pair, List<String> hosts, Instant now, SecureRandom random)
      throws GeneralSecurityException, IOException {
    byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(hosts.getFirst()))));
    byte[] version3 = Der.element(0xa0, Der.integer(BigInteger.TWO));
    byte[] serial = Der.integer(new BigInteger(127, random).add(BigInteger.ONE));
    // A minute back, for clients whose clock is behind.
    byte[] validity = Der.sequence(Der.time(now.minusSeconds(60)), Der.time(now.plus(VALID)));
    byte[] authority =
        Der.sequence(
            Der.oid(BASIC_CONSTRAINTS), Der.bool(true), Der.octets(Der.sequence(Der.bool(true))));
    byte[] alternatives =
        Der.sequence(Der.oid(SUBJECT_ALT_NAME), Der.octets(Der.sequence(alternativeNames(hosts))));
    byte[] extensions = Der.element(0xa3, Der.sequence(authority, alternatives));
    byte[] signed =
        Der.sequence(
            version3,
            serial,
            algorithm,
            name,
            validity,
            name,
            pair.getPublic().getEncoded(),
            extensions);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate(), random);
    signature.update(signed);
    return Der.sequence(signed, algorithm, Der.bits(signature.sign()));
  }

  private static byte[][] alternativeNames(List<String> hosts) throws IOException {
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

  private static String pem(String what, byte[] der) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN "
        + what
        + "-----\n"
        + lines.encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
