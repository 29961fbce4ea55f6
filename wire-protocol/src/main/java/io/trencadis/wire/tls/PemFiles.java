package io.trencadis.wire.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the files of a server's identity, and says in one line what is wrong with them. The rules
/// about a key's permissions are PostgreSQL's (manual, 19.9).
final class PemFiles {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final Pattern ANY = Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private PemFiles() {}

  /// The certificate and those that vouch for it; at least one.
  static X509Certificate[] certificates(Path file) throws IOException {
    byte[] bytes = read("certificate", file);
    try {
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!found.isEmpty()) {
        return found.toArray(X509Certificate[]::new);
      }
    } catch (CertificateException e) {
      throw new IOException(noCertificate(file), e);
    }
    throw new IOException(noCertificate(file));
  }

  private static String noCertificate(Path file) {
    return "could not load certificate file \"" + file + "\": there is no X.509 certificate in it";
  }

  static PrivateKey privateKey(Path file) throws IOException {
    byte[] bytes = read("private key", file);
    checkPermissions(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher pem = PKCS8.matcher(text);
    if (!pem.find()) {
      Matcher other = ANY.matcher(text);
      throw new IOException(
          "could not load private key file \""
              + file
              + (other.find()
                  ? "\": it has "
                      + other.group(1)
                      + "; convert it with openssl pkcs8 -topk8 -nocrypt"
                  : "\": there is no PRIVATE KEY (PEM, PKCS#8, without a password) in it"));
    }
    PKCS8EncodedKeySpec encoded;
    try {
      encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    } catch (IllegalArgumentException e) {
      throw new IOException(damaged(file), e);
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException e) {
        // The key is another algorithm's, or none's.
      }
    }
    throw new IOException(damaged(file));
  }

  private static String damaged(Path file) {
    return "could not load private key file \"" + file + "\": the key in it is damaged";
  }

  private static byte[] read(String what, Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "could not load "
              + what
              + " file \""
              + file
              + "\": no such file (trencadis cert makes a pair)",
          e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "could not load " + what + " file \"" + file + "\": permission denied", e);
    } catch (IOException e) {
      throw new IOException(
          "could not load " + what + " file \"" + file + "\": " + e.getMessage(), e);
    }
  }

  private static void checkPermissions(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes attributes = view.readAttributes();
    Set<PosixFilePermission> beyond = EnumSet.copyOf(attributes.permissions());
    beyond.removeAll(OWNER);
    if (attributes.owner().getName().equals("root")) {
      // Kept by the system for a group that the server is in.
      beyond.remove(PosixFilePermission.GROUP_READ);
    }
    if (!beyond.isEmpty()) {
      throw new IOException(
          "private key file \""
              + file
              + "\" has group or world access; chmod 600 it (640 if it belongs to root)");
    }
  }
}
