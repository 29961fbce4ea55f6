package io.trencadis.wire.auth;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// The server's half of one SCRAM exchange (RFC 5802, section 5): [#challenge], then [#finish]. It
/// runs the same for a role that cannot log in (`verifier` is then a made-up one and `doomed` is
/// set), so that a client cannot tell an unknown role from a wrong password.
public final class ScramServer {
  public static final String PLAIN = "SCRAM-SHA-256";
  public static final String PLUS = "SCRAM-SHA-256-PLUS";

  private final ScramVerifier verifier;
  private final boolean doomed;
  private final String serverNonce;
  private final byte[] channelBinding;
  private boolean plus;
  private String gs2Header;
  private String clientFirstBare;
  private String serverFirst;
  private String nonce;

  /// @param serverNonce printable, without commas, never used before
  /// @param channelBinding the connection's tls-server-end-point data, or null without TLS
  public ScramServer(
      ScramVerifier verifier, boolean doomed, String serverNonce, byte[] channelBinding) {
    this.verifier = verifier;
    this.doomed = doomed;
    this.serverNonce = serverNonce;
    this.channelBinding = channelBinding;
  }

  /// Answers client-first-message with server-first-message.
  ///
  /// @param mechanism the one the client chose
  /// @throws SqlException 08P01 for a message that breaks the rules
  public String challenge(String mechanism, String clientFirst) {
    plus = mechanism.equals(PLUS);
    if (!plus && !mechanism.equals(PLAIN) || plus && channelBinding == null) {
      throw violation("client selected an invalid SASL authentication mechanism");
    }
    int flagEnd = clientFirst.indexOf(',');
    int headerEnd = flagEnd < 0 ? -1 : clientFirst.indexOf(',', flagEnd + 1);
    if (headerEnd < 0) {
      throw malformed("Malformed gs2 header.");
    }
    checkBindingFlag(clientFirst.substring(0, flagEnd));
    if (headerEnd > flagEnd + 1) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "client uses authorization identity, but it is not supported");
    }
    gs2Header = clientFirst.substring(0, headerEnd + 1);
    clientFirstBare = clientFirst.substring(headerEnd + 1);
    String[] attributes = clientFirstBare.split(",", -1);
    if (clientFirstBare.startsWith("m=")) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "client requires an unsupported SCRAM extension");
    }
    if (attributes.length < 2) {
      throw malformed("Message is too short.");
    }
    // The name is the start-up packet's; what is said here again is not looked at, as in
    // PostgreSQL.
    value('n', attributes[0]);
    String clientNonce = value('r', attributes[1]);
    if (clientNonce.isEmpty() || !clientNonce.chars().allMatch(c -> c >= 0x21 && c <= 0x7e)) {
      throw violation("non-printable characters in SCRAM nonce");
    }
    nonce = clientNonce + serverNonce;
    String salt = Base64.getEncoder().encodeToString(verifier.salt());
    serverFirst = "r=" + nonce + ",s=" + salt + ",i=" + verifier.iterations();
    return serverFirst;
  }

  private void checkBindingFlag(String flag) {
    switch (flag.isEmpty() ? ' ' : flag.charAt(0)) {
      case 'n' -> requireNoBinding();
      case 'y' -> {
        requireNoBinding();
        if (channelBinding != null) {
          // Someone between us took the -PLUS mechanism out of our offer.
          throw new SqlException(
                  SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                  "SCRAM channel binding negotiation error")
              .detail(
                  "The client supports SCRAM channel binding but thinks the server does not.  "
                      + "However, this server does support channel binding.");
        }
      }
      case 'p' -> {
        if (!plus) {
          throw malformed(
              "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message "
                  + "includes channel binding data.");
        }
        if (!flag.equals("p=tls-server-end-point")) {
          throw violation(
              "unsupported SCRAM channel-binding type \"" + printable(flag.substring(1)) + "\"");
        }
      }
      default -> throw malformed("Unexpected channel-binding flag.");
    }
  }

  private void requireNoBinding() {
    if (plus) {
      throw malformed(
          "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include "
              + "channel binding data.");
    }
  }

  /// Answers client-final-message with server-final-message; null where the proof is wrong.
  ///
  /// @throws SqlException 08P01 or 28000 for a message that breaks the rules
  public String finish(String clientFinal) {
    int proofAt = clientFinal.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw malformed("Message is too short.");
    }
    String withoutProof = clientFinal.substring(0, proofAt);
    String[] attributes = withoutProof.split(",", -1);
    if (attributes.length < 2) {
      throw malformed("Message is too short.");
    }
    checkBinding(value('c', attributes[0]));
    if (!value('r', attributes[1]).equals(nonce)) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid SCRAM response")
          .detail("Nonce does not match.");
    }
    byte[] proof = base64(clientFinal.substring(proofAt + 3));
    if (proof == null) {
      throw malformed("Malformed proof in client-final-message.");
    }
    String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
    if (!verifier.accepts(proof, authMessage) || doomed) {
      return null;
    }
    return "v=" + Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage));
  }

  private void checkBinding(String sent) {
    byte[] header = gs2Header.getBytes(StandardCharsets.US_ASCII);
    byte[] expected = header;
    if (plus) {
      expected = Arrays.copyOf(header, header.length + channelBinding.length);
      System.arraycopy(channelBinding, 0, expected, header.length, channelBinding.length);
    }
    byte[] decoded = base64(sent);
    if (decoded == null || !Arrays.equals(decoded, expected)) {
      if (plus) {
        throw new SqlException(
            SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding check failed");
      }
      throw violation("unexpected SCRAM channel-binding attribute in client-final-message");
    }
  }

  private static String value(char name, String attribute) {
    if (attribute.length() < 2 || attribute.charAt(0) != name || attribute.charAt(1) != '=') {
      throw malformed("Expected attribute \"" + name + "\".");
    }
    return attribute.substring(2);
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static SqlException violation(String message) {
    return new SqlException(SqlState.PROTOCOL_VIOLATION, message);
  }

  private static SqlException malformed(String detail) {
    return violation("malformed SCRAM message").detail(detail);
  }
}
