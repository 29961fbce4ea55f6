/// Encryption of connections: [io.trencadis.wire.tls.TlsConfig] names the certificate and key,
/// [io.trencadis.wire.tls.TlsContext] holds them loaded, and [io.trencadis.wire.tls.SelfSigned]
/// makes a pair for those who have none. Knows nothing of PostgreSQL's protocol except what channel
/// binding needs.
package io.trencadis.wire.tls;
