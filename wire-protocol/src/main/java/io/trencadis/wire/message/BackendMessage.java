package io.trencadis.wire.message;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.session.RowFormat;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// What the server can say. Each message knows its type byte and writes its own body. The messages
/// that come a thousand times a second (DataRow, CopyData, ReadyForQuery) have no record:
/// [BackendWriter] writes them.
public sealed interface BackendMessage
    permits BackendMessage.Bare, BackendMessage.WithBody, Authentication, Report {
  char type();

  /// @param encoding the client's
  /// @throws io.trencadis.base.SqlException 22P05 where it lacks a character
  void writeBody(ByteWriter out, Encoding encoding);

  /// The messages without a body.
  enum Bare implements BackendMessage {
    PARSE_COMPLETE('1'),
    BIND_COMPLETE('2'),
    CLOSE_COMPLETE('3'),
    COPY_DONE('c'),
    EMPTY_QUERY_RESPONSE('I'),
    NO_DATA('n'),
    PORTAL_SUSPENDED('s');

    private final char type;

    Bare(char type) {
      this.type = type;
    }

    @Override
    public char type() {
      return type;
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {}
  }

  /// Those that are not about authentication or errors, which have files of their own.
  sealed interface WithBody extends BackendMessage {}

  /// Layout: process id, secret key.
  record BackendKeyData(int processId, int secretKey) implements WithBody {
    @Override
    public char type() {
      return 'K';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(processId).putInt(secretKey);
    }

    /// The key is a secret: it must not get into a log by way of a message.
    @Override
    public String toString() {
      return "BackendKeyData[processId=" + processId + "]";
    }
  }

  /// Layout: the newest protocol version the server speaks, then the options it does not know.
  record NegotiateProtocolVersion(int newest, List<String> unknownOptions) implements WithBody {
    @Override
    public char type() {
      return 'v';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(newest).putInt(unknownOptions.size());
      unknownOptions.forEach(option -> BackendWriter.string(out, encoding, option));
    }
  }

  /// Layout: name, value.
  record ParameterStatus(String name, String value) implements WithBody {
    @Override
    public char type() {
      return 'S';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      BackendWriter.string(out, encoding, name);
      BackendWriter.string(out, encoding, value);
    }
  }

  /// Layout: process id, channel, payload.
  record NotificationResponse(int processId, String channel, String payload) implements WithBody {
    @Override
    public char type() {
      return 'A';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putInt(processId);
      BackendWriter.string(out, encoding, channel);
      BackendWriter.string(out, encoding, payload);
    }
  }

  /// Layout: the tag.
  record CommandComplete(String tag) implements WithBody {
    @Override
    public char type() {
      return 'C';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      BackendWriter.string(out, encoding, tag);
    }
  }

  /// Layout: count, type oids.
  record ParameterDescription(int[] types) implements WithBody {
    @Override
    public char type() {
      return 't';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      out.putShort(types.length);
      for (int oid : types) {
        out.putInt(oid);
      }
    }
  }

  /// Layout: count, then name, table, column, type oid, type length, typmod, format of each. A null
  /// format means that formats are not known yet, which reads as text.
  record RowDescription(List<ResultColumn> columns, RowFormat format) implements WithBody {
    @Override
    public char type() {
      return 'T';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      int count = columns.size();
      out.putShort(count);
      for (int i = 0; i < count; i++) {
        ResultColumn column = columns.get(i);
        BackendWriter.string(out, encoding, column.name());
        out.putInt(column.tableOid()).putShort(column.columnNumber());
        // Clients are never told of a domain, only of what it is over.
        PgType type = column.type().baseType();
        int typmod = column.type().isDomain() ? column.type().domainTypmod() : column.typmod();
        out.putInt(type.oid()).putShort(type.typlen()).putInt(typmod);
        out.putShort(format != null && format.binary(i) ? 1 : 0);
      }
    }
  }

  /// The start of a copy, from the client (`in`) or to it. Layout: overall format, count, each
  /// column's format.
  record CopyResponse(boolean in, boolean binary, int columns) implements WithBody {
    @Override
    public char type() {
      return in ? 'G' : 'H';
    }

    @Override
    public void writeBody(ByteWriter out, Encoding encoding) {
      int format = binary ? 1 : 0;
      out.putByte(format).putShort(columns);
      for (int i = 0; i < columns; i++) {
        out.putShort(format);
      }
    }
  }
}
