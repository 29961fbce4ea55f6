package io.trencadis.wire.tls;

import java.nio.file.Path;

/// Where a server's identity lies.
///
/// @param certificate PEM, the server's own certificate first
/// @param privateKey PEM, PKCS#8, not encrypted
public record TlsConfig(Path certificate, Path privateKey) {}
