package io.trencadis.wire.connection;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.session.ResponseSink;
import io.trencadis.sql.session.RowFormat;
import io.trencadis.wire.message.BackendMessage;
import io.trencadis.wire.message.BackendMessage.Bare;
import io.trencadis.wire.message.BackendWriter;
import io.trencadis.wire.message.Report;

/// A session's answers on their way to the socket: all of them are written into one reused buffer,
/// which is sent when a batch is answered or when it has grown large. Belongs to whoever has the
/// turn (see [Mailbox]).
///
/// On the event loop nothing is sent in the middle of a request, so that a request that turns out
/// to block can be taken back without a trace ([#takeBack]).
final class Outbound implements ResponseSink {
  /// From here on the buffer is sent, whether or not the client waits for it.
  private static final int SEND_BYTES = 32 * 1024;

  /// A buffer that a large value has blown up beyond this is not kept.
  private static final int KEPT_BYTES = 256 * 1024;

  private final ChannelWriter writer;
  private final Mailbox mailbox;
  private ByteWriter out = new ByteWriter(1024);
  private Runnable beforeSending = () -> {};
  private Encoding encoding = Encoding.UTF8;
  private boolean onLoop;
  private boolean clientWaits;

  Outbound(ChannelWriter writer, Mailbox mailbox) {
    this.writer = writer;
    this.mailbox = mailbox;
  }

  /// The encoding that the client has been told it speaks. The event loop reads it at any time: a
  /// client that has sent more before it was told has that read in the one before or the one after.
  Encoding encoding() {
    return encoding;
  }

  /// Something to do before anything is sent from the session's thread.
  void beforeSending(Runnable action) {
    beforeSending = action;
  }

  /// Says which of the two threads runs the requests that follow.
  void runOn(boolean loop) {
    onLoop = loop;
  }

  /// How much is waiting to be sent: a place to come back to.
  int mark() {
    return out.length();
  }

  /// Forgets what was answered since `mark`; on the event loop only.
  void takeBack(int mark) {
    out.truncate(mark);
  }

  void write(BackendMessage message) {
    int start = out.length();
    try {
      BackendWriter.write(message, encoding, out);
    } catch (SqlException inexpressible) {
      out.truncate(start);
      throw inexpressible;
    }
    sendIfLarge();
  }

  void error(SqlException error, boolean fatal, int position) {
    write(expressible(error, fatal, position));
    flush();
  }

  /// The error, or where the client's encoding lacks a character of it, an error of that in ASCII.
  private Report expressible(SqlException error, boolean fatal, int position) {
    Report report = new Report.ErrorResponse(error, fatal, position);
    if (!encoding.isServers()) {
      try {
        BackendWriter.write(report, encoding, new ByteWriter());
      } catch (SqlException inexpressible) {
        return new Report.ErrorResponse(inexpressible, fatal, 0);
      }
    }
    return report;
  }

  /// ReadyForQuery: the end of a batch.
  void ready(char status) {
    BackendWriter.readyForQuery(status, out);
    flush();
  }

  /// The client waits for what has been answered so far.
  void flush() {
    if (onLoop) {
      clientWaits = true;
    } else {
      sendFromThread();
    }
  }

  /// Event loop, between two requests: sends if the client waits or much has come together.
  ///
  /// @param batchEnds whether no further request is at hand
  void sendFromLoop(boolean batchEnds) {
    if (out.length() >= SEND_BYTES || batchEnds && clientWaits) {
      clientWaits = false;
      if (out.length() > 0) {
        writer.sendFromLoop(writer.copy(out.array(), out.length()));
        emptied();
      }
    }
  }

  private void sendIfLarge() {
    if (!onLoop && out.length() >= SEND_BYTES) {
      sendFromThread();
    }
  }

  private void sendFromThread() {
    clientWaits = false;
    if (out.length() > 0) {
      beforeSending.run();
      var bytes = writer.copy(out.array(), out.length());
      emptied();
      writer.sendFromThread(bytes);
    }
  }

  /// Thread: sends an error as the last thing the client hears.
  void lastError(SqlException error, int position) {
    BackendWriter.write(expressible(error, true, position), encoding, out);
    sendLast();
  }

  /// Thread: sends what is left, without waiting for a client that does not read.
  void sendLast() {
    if (out.length() > 0) {
      writer.sendLast(writer.copy(out.array(), out.length()));
      emptied();
    }
  }

  private void emptied() {
    if (out.array().length > KEPT_BYTES) {
      out = new ByteWriter(1024);
    } else {
      out.reset();
    }
  }

  @Override
  public void rowDescription(RowFormat format) {
    write(new BackendMessage.RowDescription(format.columns(), format));
  }

  @Override
  public void row(RowFormat format, Object[] values) {
    int start = out.length();
    try {
      if (encoding.isServers()) {
        BackendWriter.dataRow(format, values, out);
      } else {
        BackendWriter.dataRow(format, values, encoding, out);
      }
    } catch (RuntimeException | Error failure) {
      // A type without a binary form fails in mid-row, as does a character that the client's
      // encoding lacks, and half a frame must not go out.
      out.truncate(start);
      throw failure;
    }
    sendIfLarge();
  }

  @Override
  public void complete(String tag) {
    BackendWriter.commandComplete(tag, out);
    sendIfLarge();
  }

  @Override
  public void emptyQuery() {
    write(Bare.EMPTY_QUERY_RESPONSE);
  }

  @Override
  public void suspended() {
    write(Bare.PORTAL_SUSPENDED);
  }

  @Override
  public void notice(Notice notice) {
    write(new Report.NoticeResponse(notice));
    flush();
  }

  @Override
  public void parameterStatus(String name, String value) {
    if (name.equals("client_encoding")) {
      encoding = Encoding.named(value);
    }
    write(new BackendMessage.ParameterStatus(name, encoding.expressible(value)));
  }

  @Override
  public void notification(int processId, String channel, String payload) {
    // There is no statement that could fail for a character that the client's encoding lacks.
    write(
        new BackendMessage.NotificationResponse(
            processId, encoding.expressible(channel), encoding.expressible(payload)));
  }

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    if (onLoop) {
      throw new IllegalStateException(
          "a copy waits for the client, and was run on a thread that must not");
    }
    write(new BackendMessage.CopyResponse(true, binary, columns));
    flush();
    return new CopyIn(mailbox);
  }

  @Override
  public void copyOut(boolean binary, int columns) {
    write(new BackendMessage.CopyResponse(false, binary, columns));
  }

  @Override
  public void copyData(byte[] bytes, int offset, int length) {
    BackendWriter.copyData(bytes, offset, length, out);
    sendIfLarge();
  }

  @Override
  public void copyDone() {
    write(Bare.COPY_DONE);
  }
}
