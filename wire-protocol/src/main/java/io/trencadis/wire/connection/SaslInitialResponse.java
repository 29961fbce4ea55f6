package io.trencadis.wire.connection;

import io.trencadis.base.ByteReader;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;

/// The first message of a SASL exchange. Layout: mechanism (C string), length or -1, data.
///
/// @param data null where the client waits for the server to begin
record SaslInitialResponse(String mechanism, String data) {
  static SaslInitialResponse read(byte[] body) {
    int nameEnd = 0;
    while (nameEnd < body.length && body[nameEnd] != 0) {
      nameEnd++;
    }
    if (body.length - nameEnd < 5) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    String mechanism = new String(body, 0, nameEnd, StandardCharsets.UTF_8);
    ByteReader in = new ByteReader(body, nameEnd + 1, body.length - nameEnd - 1);
    int length = in.getInt();
    if (length == -1 && in.remaining() == 0) {
      return new SaslInitialResponse(mechanism, null);
    }
    if (length != in.remaining()) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid message format");
    }
    return new SaslInitialResponse(mechanism, in.getUtf8(length));
  }
}
