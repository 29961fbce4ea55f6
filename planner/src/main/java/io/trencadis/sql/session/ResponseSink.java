package io.trencadis.sql.session;

import io.trencadis.base.SqlException;

/// Where a session's answers go, in the order of the protocol. Calls may block while the client
/// reads slowly: that is the back-pressure. One thread at a time.
public interface ResponseSink {
  /// RowDescription; only for the simple protocol and for Describe.
  void rowDescription(RowFormat format);

  /// DataRow. The array is the caller's again when the call returns.
  void row(RowFormat format, Object[] values);

  /// CommandComplete.
  void complete(String tag);

  /// EmptyQueryResponse.
  void emptyQuery();

  /// PortalSuspended.
  void suspended();

  /// NoticeResponse.
  void notice(Notice notice);

  /// ParameterStatus: a reported setting has a new value.
  void parameterStatus(String name, String value);

  /// NotificationResponse.
  void notification(int processId, String channel, String payload);

  /// CopyInResponse, then the client's data.
  ///
  /// @param binary whether the whole copy is in binary format
  CopySource copyIn(boolean binary, int columns);

  /// CopyOutResponse.
  void copyOut(boolean binary, int columns);

  /// CopyData: one row, or a header or trailer, of a copy to the client.
  void copyData(byte[] bytes, int offset, int length);

  /// CopyDone of a copy to the client.
  void copyDone();

  /// The data of a COPY FROM STDIN.
  interface CopySource {
    /// The next piece, cut anywhere; null after CopyDone. Waits for the client.
    ///
    /// @throws SqlException 57014 when the client sends CopyFail, 08P01 for a message that does not
    ///   belong here
    byte[] next();
  }
}
