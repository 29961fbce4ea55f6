package io.trencadis.wire.message;

import io.netty.buffer.ByteBuf;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;
import java.nio.charset.StandardCharsets;

/// A cursor over one frame's body, with PostgreSQL's complaints about bodies that do not hold what
/// they should. One object serves all frames of a connection; not thread-safe.
public final class MessageBody {
  private static final byte[] NO_BYTES = {};

  private NameCache names = new NameCache();
  private Encoding encoding = Encoding.UTF8;
  private ByteBuf buffer;
  private int position;
  private int end;

  /// Moves the cursor to the start of a body.
  public MessageBody over(ByteBuf frame, int offset, int length) {
    buffer = frame;
    position = offset;
    end = offset + length;
    return this;
  }

  public int remaining() {
    return end - position;
  }

  private int advance(int count) {
    if (count < 0 || count > end - position) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    int at = position;
    position += count;
    return at;
  }

  public byte getByte() {
    if (position == end) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "no data left in message");
    }
    return buffer.getByte(advance(1));
  }

  public short getShort() {
    return buffer.getShort(advance(2));
  }

  public int getInt() {
    return buffer.getInt(advance(4));
  }

  /// A copy of the next `count` bytes.
  public byte[] getBytes(int count) {
    int at = advance(count);
    if (count == 0) {
      return NO_BYTES;
    }
    byte[] copy = new byte[count];
    buffer.getBytes(at, copy);
    return copy;
  }

  /// A copy of all that is left.
  public byte[] getRest() {
    return getBytes(remaining());
  }

  /// Ignores all that is left.
  public void skipRest() {
    position = end;
  }

  /// Says in which encoding the strings are that follow.
  void speaks(Encoding client) {
    if (client != encoding) {
      encoding = client;
      names = new NameCache();
    }
  }

  /// A NUL-terminated string in the client's encoding.
  ///
  /// @throws SqlException 08P01 where the NUL is missing, 22021 and 22P05 where it is no text
  public String getString() {
    int length = stringLength();
    if (!encoding.isServers()) {
      byte[] raw = new byte[length];
      buffer.getBytes(position, raw);
      position += length + 1;
      return encoding.decode(raw);
    }
    String text = buffer.toString(position, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      byte[] raw = new byte[length];
      buffer.getBytes(position, raw);
      Encoding.UTF8.decode(raw);
    }
    position += length + 1;
    return text;
  }

  /// A NUL-terminated string that is likely to come again soon, such as a statement's name.
  public String getName() {
    int length = stringLength();
    if (length == 0) {
      position++;
      return "";
    }
    String known = names.find(buffer, position, length);
    if (known != null) {
      position += length + 1;
      return known;
    }
    int start = position;
    String name = getString();
    names.remember(buffer, start, length, name);
    return name;
  }

  private int stringLength() {
    int nul = buffer.indexOf(position, end, (byte) 0);
    if (nul < 0) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid string in message");
    }
    return nul - position;
  }

  /// A count of things that take at least `bytesEach` bytes, so that no count can make us allocate
  /// more than was sent.
  public int getCount(int bytesEach) {
    int count = getShort() & 0xffff;
    if (count * bytesEach > remaining()) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    return count;
  }

  /// Fails unless the whole body has been read.
  public void end() {
    if (position != end) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid message format");
    }
  }
}
