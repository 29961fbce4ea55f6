package io.trencadis.wire.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Verifiers for roles that have none, so that asking for one tells nothing: the same name always
/// gets the same salt, as a real role would, and no password fits.
public final class MockVerifier {
  private MockVerifier() {}

  /// @param secret known to this server alone, and the same after a restart
  public static ScramVerifier of(String user, byte[] secret) {
    byte[] mix = ScramVerifier.hmac(secret, user.getBytes(StandardCharsets.UTF_8));
    byte[] salt = Arrays.copyOf(mix, ScramVerifier.SALT_BYTES);
    return new ScramVerifier(
        ScramVerifier.DEFAULT_ITERATIONS,
        salt,
        ScramVerifier.hmac(secret, mix),
        ScramVerifier.hmac(mix, secret));
  }
}
