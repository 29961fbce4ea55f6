package io.trencadis.wire.message;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.wire.message.FrontendMessage.Bare;
import java.util.function.Function;

/// The table of messages that a client may send: type byte, whether a body may be large, and how it
/// is read.
public enum FrontendKind {
  QUERY('Q', true, b -> new FrontendMessage.Query(b.getString())),
  PARSE('P', true, FrontendKind::parse),
  BIND('B', true, FrontendKind::bind),
  DESCRIBE('D', false, FrontendKind::describe),
  EXECUTE('E', false, b -> new FrontendMessage.Execute(b.getName(), b.getInt())),
  CLOSE('C', false, FrontendKind::close),
  FLUSH('H', false, _ -> Bare.FLUSH),
  SYNC('S', false, _ -> Bare.SYNC),
  TERMINATE('X', false, b -> bare(b, Bare.TERMINATE)),
  COPY_DATA('d', true, b -> new FrontendMessage.CopyData(b.getRest())),
  COPY_DONE('c', false, b -> bare(b, Bare.COPY_DONE)),
  COPY_FAIL('f', false, b -> new FrontendMessage.CopyFail(b.getString())),
  FUNCTION_CALL('F', true, FrontendKind::functionCall),
  PASSWORD('p', false, b -> new FrontendMessage.Password(b.getRest()));

  /// The longest body of a message that has no reason to be large; PostgreSQL's number.
  static final int SMALL_BODY_BYTES = 10_000;

  private static final FrontendKind[] BY_TYPE = new FrontendKind[128];
  private static final short[] NO_FORMATS = {};
  private static final int[] NO_TYPES = {};
  private static final byte[][] NO_PARAMETERS = {};

  static {
    for (FrontendKind kind : values()) {
      BY_TYPE[kind.type] = kind;
    }
  }

  private final char type;
  private final boolean large;
  private final Function<MessageBody, FrontendMessage> reader;

  FrontendKind(char type, boolean large, Function<MessageBody, FrontendMessage> reader) {
    this.type = type;
    this.large = large;
    this.reader = reader;
  }

  /// The kind with this type byte, or null if there is none.
  public static FrontendKind of(byte type) {
    return type < 0 ? null : BY_TYPE[type];
  }

  public char type() {
    return type;
  }

  /// The longest body to accept, where `limit` is the longest of any message.
  int bodyLimit(int limit) {
    return large ? limit : Math.min(limit, SMALL_BODY_BYTES);
  }

  /// Reads a body. One that is wrong becomes [FrontendMessage.Malformed], since its frame was
  /// whole.
  public FrontendMessage read(MessageBody body) {
    try {
      FrontendMessage message = reader.apply(body);
      body.end();
      return message;
    } catch (SqlException error) {
      return new FrontendMessage.Malformed(this, error);
    }
  }

  /// Whether an error in such a message makes the server skip what follows until Sync.
  public boolean extended() {
    return switch (this) {
      case PARSE, BIND, DESCRIBE, EXECUTE, CLOSE, FLUSH -> true;
      case QUERY, SYNC, TERMINATE, COPY_DATA, COPY_DONE, COPY_FAIL, FUNCTION_CALL, PASSWORD ->
          false;
    };
  }

  /// Whether the server listens again after such a message, having skipped others after an error.
  public boolean endsSkipping() {
    return this == SYNC;
  }

  private static FrontendMessage parse(MessageBody body) {
    String statement = body.getName();
    String sql = body.getString();
    int count = body.getCount(4);
    int[] types = count == 0 ? NO_TYPES : new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = body.getInt();
    }
    return new FrontendMessage.Parse(statement, sql, types);
  }

  private static FrontendMessage bind(MessageBody body) {
    String portal = body.getName();
    String statement = body.getName();
    short[] parameterFormats = formats(body);
    int count = body.getCount(4);
    if (parameterFormats.length > 1 && parameterFormats.length != count) {
      throw new SqlException(
          SqlState.PROTOCOL_VIOLATION,
          "bind message has "
              + parameterFormats.length
              + " parameter formats but "
              + count
              + " parameters");
    }
    byte[][] parameters = count == 0 ? NO_PARAMETERS : new byte[count][];
    for (int i = 0; i < count; i++) {
      int length = body.getInt();
      parameters[i] = length == -1 ? null : body.getBytes(length);
    }
    return new FrontendMessage.Bind(portal, statement, parameterFormats, parameters, formats(body));
  }

  private static short[] formats(MessageBody body) {
    int count = body.getCount(2);
    short[] formats = count == 0 ? NO_FORMATS : new short[count];
    for (int i = 0; i < count; i++) {
      formats[i] = body.getShort();
    }
    return formats;
  }

  private static FrontendMessage describe(MessageBody body) {
    byte what = body.getByte();
    String name = body.getName();
    return switch (what) {
      case 'S' -> new FrontendMessage.DescribeStatement(name);
      case 'P' -> new FrontendMessage.DescribePortal(name);
      default -> throw invalidSubtype("DESCRIBE", what);
    };
  }

  private static FrontendMessage close(MessageBody body) {
    byte what = body.getByte();
    String name = body.getName();
    return switch (what) {
      case 'S' -> new FrontendMessage.CloseStatement(name);
      case 'P' -> new FrontendMessage.ClosePortal(name);
      default -> throw invalidSubtype("CLOSE", what);
    };
  }

  private static SqlException invalidSubtype(String message, byte what) {
    return new SqlException(
        SqlState.PROTOCOL_VIOLATION, "invalid " + message + " message subtype " + what);
  }

  /// A message whose body says nothing, whatever is in it: PostgreSQL does not look either.
  private static FrontendMessage bare(MessageBody body, Bare message) {
    body.skipRest();
    return message;
  }

  private static FrontendMessage functionCall(MessageBody body) {
    body.skipRest();
    return new FrontendMessage.FunctionCall();
  }
}
