package io.trencadis.wire.message;

import io.trencadis.base.SqlException;

/// What a client can say after its start-up packet. [FrontendKind] has each one's type byte and
/// layout. Arrays belong to the message's one receiver.
public sealed interface FrontendMessage {
  /// A simple query.
  record Query(String sql) implements FrontendMessage {}

  /// @param parameterTypes type oids, 0 for those the server is to find out
  record Parse(String statement, String sql, int[] parameterTypes) implements FrontendMessage {}

  /// @param parameterFormats none, one for all, or one a parameter
  /// @param parameters null elements are SQL NULL
  /// @param resultFormats none, one for all, or one a column
  record Bind(
      String portal,
      String statement,
      short[] parameterFormats,
      byte[][] parameters,
      short[] resultFormats)
      implements FrontendMessage {}

  record DescribeStatement(String statement) implements FrontendMessage {}

  record DescribePortal(String portal) implements FrontendMessage {}

  /// @param maxRows 0 for all
  record Execute(String portal, int maxRows) implements FrontendMessage {}

  record CloseStatement(String statement) implements FrontendMessage {}

  record ClosePortal(String portal) implements FrontendMessage {}

  record CopyData(byte[] bytes) implements FrontendMessage {}

  record CopyFail(String message) implements FrontendMessage {}

  /// A function call, which is read no further since it is not supported.
  record FunctionCall() implements FrontendMessage {}

  /// A password or a step of SASL: which, depends on what was asked.
  record Password(byte[] body) implements FrontendMessage {}

  /// A whole frame whose body is wrong.
  ///
  /// @param kind what its type byte says
  record Malformed(FrontendKind kind, SqlException error) implements FrontendMessage {}

  /// The messages without a body.
  enum Bare implements FrontendMessage {
    COPY_DONE,
    FLUSH,
    SYNC,
    TERMINATE,
    /// Not the client's, but the server's own: notifications have arrived.
    NOTIFIED
  }
}
