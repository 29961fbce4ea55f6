/// Proving who a client is, as computation alone: [io.trencadis.wire.auth.ScramVerifier] is what a
/// server keeps instead of a password, [io.trencadis.wire.auth.ScramServer] is the server's half of
/// SCRAM-SHA-256 (RFC 5802, RFC 7677) and [io.trencadis.wire.auth.AuthPolicy] says which proof is
/// asked of whom.
///
/// Nothing here knows of sockets or messages; the exchange over the wire is in
/// `io.trencadis.wire.connection`.
package io.trencadis.wire.auth;
