package io.trencadis.cli;

import io.trencadis.wire.WireConfig;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;

/// The secret behind the salts of roles that do not exist, in the data directory: were it new at
/// each start, a salt that changes would tell that its role is made up.
final class MockSecret {
  static final String FILE = "mock-secret";

  private MockSecret() {}

  /// The secret of a data directory, made at its first start.
  ///
  /// @throws StartException if it cannot be read or written
  static byte[] load(Path data, SecureRandom random) {
    Path file = data.resolve(FILE);
    try {
      byte[] secret = Files.readAllBytes(file);
      if (secret.length != WireConfig.MOCK_SECRET_BYTES) {
        throw new StartException(
            file + " is damaged. Delete it, and the next start makes a new one.");
      }
      return secret;
    } catch (NoSuchFileException first) {
      return create(file, random);
    } catch (IOException e) {
      throw new StartException("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static byte[] create(Path file, SecureRandom random) {
    byte[] secret = new byte[WireConfig.MOCK_SECRET_BYTES];
    random.nextBytes(secret);
    try {
      // The owner's alone from the first, and whole or not there at all.
      Path whole = Files.createTempFile(file.getParent(), FILE, ".new");
      Files.write(whole, secret);
      try {
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(whole, file);
      }
    } catch (IOException e) {
      throw new StartException("cannot write " + file + ": " + e.getMessage());
    }
    return secret;
  }
}
