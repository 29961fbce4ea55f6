package io.trencadis.wire.auth;

/// The proofs that can be asked of a client.
public enum AuthMethod {
  /// None: the client is who it says it is.
  TRUST,
  /// The password itself, readable on the way unless there is TLS.
  PASSWORD,
  /// SCRAM-SHA-256, and SCRAM-SHA-256-PLUS over TLS.
  SCRAM_SHA_256,
  /// No proof will do.
  REJECT,
  /// No rule is about the client, so no proof will do.
  NO_ENTRY
}
