package io.trencadis.wire.message;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.encoding.Encoding;
import java.util.List;

/// The messages of type R: what the server wants of a client that is not known yet. Layout: a
/// number that says which, then what belongs to it.
public sealed interface Authentication extends BackendMessage {
  @Override
  default char type() {
    return 'R';
  }

  /// Requests and replies that are a number alone.
  enum Plain implements Authentication {
    OK(0),
    CLEARTEXT_PASSWORD(3);

    private final int code;

    Plain(int code) {
      this.code = code;
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(code);
    }
  }

  /// The SASL mechanisms on offer, best first.
  record Sasl(List<String> mechanisms) implements Authentication {
    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(10);
      mechanisms.forEach(mechanism -> BackendWriter.string(out, encoding, mechanism));
      out.putByte(0);
    }
  }

  /// A challenge.
  record SaslContinue(String data) implements Authentication {
    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(11).putUtf8(data);
    }
  }

  /// The outcome, with the server's own proof.
  record SaslFinal(String data) implements Authentication {
    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(12).putUtf8(data);
    }
  }
}
