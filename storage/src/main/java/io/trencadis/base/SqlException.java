package io.trencadis.base;

import java.util.EnumMap;
import java.util.Map;

/// An error a client is told about: the one exception type of every layer. It maps to the
/// protocol's ErrorResponse field by field. The code is chosen where the fault is known.
///
/// A user's mistake is cheap: no stack trace is taken unless the state is an internal error.
public class SqlException extends RuntimeException {
  /// The optional fields of an ErrorResponse, with the byte that names each on the wire.
  public enum Field {
    DETAIL('D'),
    HINT('H'),
    WHERE('W'),
    SCHEMA_NAME('s'),
    TABLE_NAME('t'),
    COLUMN_NAME('c'),
    DATA_TYPE_NAME('d'),
    CONSTRAINT_NAME('n'),
    /// For the errors that drivers tell apart by PostgreSQL's own routine.
    ROUTINE('R');

    private final char tag;

    Field(char tag) {
      this.tag = tag;
    }

    /// The field's type byte in ErrorResponse and NoticeResponse.
    public char tag() {
      return tag;
    }
  }

  private final SqlState state;
  private final Map<Field, String> fields = new EnumMap<>(Field.class);
  private int position;
  private String code;
  private boolean fatal;

  /// An error with PostgreSQL's condition and message text.
  public SqlException(SqlState state, String message) {
    this(state, message, null);
  }

  /// An error that another one led to; the cause is for the log, never for the client.
  public SqlException(SqlState state, String message, Throwable cause) {
    super(message, cause, false, state == SqlState.INTERNAL_ERROR);
    this.state = state;
  }

  /// PostgreSQL accepts what was asked for, and this server does not yet: 0A000, naming the
  /// feature.
  public static SqlException notSupported(String feature) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, feature + " is not supported yet");
  }

  /// A fault of the server itself: XX000, with a stack trace for the log.
  public static SqlException internal(String message) {
    return new SqlException(SqlState.INTERNAL_ERROR, message);
  }

  /// Adds a field; a null value is ignored. Returns this, so that a throw reads as one sentence.
  public SqlException with(Field field, String value) {
    if (value != null) {
      fields.put(field, value);
    }
    return this;
  }

  /// Adds DETAIL.
  public SqlException detail(String text) {
    return with(Field.DETAIL, text);
  }

  /// Adds HINT.
  public SqlException hint(String text) {
    return with(Field.HINT, text);
  }

  /// Says where in the statement's text the fault is, unless a more precise place is already known.
  ///
  /// @param offset zero-based offset in UTF-16 units, or negative where it is not known
  public SqlException at(int offset) {
    if (position == 0 && offset >= 0) {
      position = offset + 1;
    }
    return this;
  }

  /// Adds a line to what tells where the error happened, and forgets the position, which is in a
  /// text that the client has not sent. Returns this.
  ///
  /// @param context the line; null adds none
  public SqlException inside(String context) {
    position = 0;
    if (context != null) {
      fields.merge(Field.WHERE, context, (inner, outer) -> inner + "\n" + outer);
    }
    return this;
  }

  /// Marks the error as one that ends the connection (severity FATAL).
  public SqlException asFatal() {
    fatal = true;
    return this;
  }

  public SqlState state() {
    return state;
  }

  /// The five characters that clients are told: those of [#state], unless a user raised the error
  /// with others.
  public String code() {
    return code == null ? state.code() : code;
  }

  /// Gives the error a code that no [SqlState] has. Returns this.
  public SqlException coded(String own) {
    code = own;
    return this;
  }

  public Map<Field, String> fields() {
    return fields;
  }

  /// One-based position in the statement's text in UTF-16 units, or 0 where none is known.
  public int position() {
    return position;
  }

  public boolean fatal() {
    return fatal;
  }
}
