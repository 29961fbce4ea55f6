package io.trencadis.wire.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/// Makes keys, and writes them with their certificates where nobody else can read them.
final class Identity {
  private Identity() {}

  /// A new key of ECDSA on P-256.
  static KeyPair newKey(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  /// Writes both files, which must not exist; only the owner can read the key, from the first.
  static void write(TlsConfig files, KeyPair pair, byte[] certificate) throws IOException {
    createPrivate(files.privateKey());
    Files.writeString(files.privateKey(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    Files.writeString(
        files.certificate(), pem("CERTIFICATE", certificate), StandardOpenOption.CREATE_NEW);
  }

  private static void createPrivate(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
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
