package io.trencadis.wire.connection;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.ResponseSink.CopySource;
import io.trencadis.wire.message.FrontendMessage;
import io.trencadis.wire.message.FrontendMessage.Bare;

/// The client's data in a copy, taken from the mailbox in the middle of a request.
final class CopyIn implements CopySource {
  private final Mailbox mailbox;
  private boolean done;

  CopyIn(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  @Override
  public byte[] next() {
    while (!done) {
      FrontendMessage message = mailbox.more();
      switch (message) {
        case FrontendMessage.CopyData(byte[] bytes) -> {
          if (bytes.length > 0) {
            return bytes;
          }
        }
        case FrontendMessage.CopyFail(String reason) -> {
          done = true;
          throw new SqlException(SqlState.QUERY_CANCELED, "COPY from stdin failed: " + reason);
        }
        case FrontendMessage.Malformed(_, SqlException error) -> throw error;
        case Bare.COPY_DONE -> done = true;
        // A driver that sends Sync with Execute, before it knows that a copy begins, does no harm.
        case Bare.FLUSH, Bare.SYNC, Bare.NOTIFIED -> {}
        case null ->
            throw new SqlException(
                    SqlState.CONNECTION_FAILURE,
                    "unexpected EOF on client connection with an open transaction")
                .asFatal();
        // A goodbye in mid-copy: nobody is left who could hear of the error.
        case Bare.TERMINATE -> throw unexpected('X').asFatal();
        case FrontendMessage.Query _ -> throw unexpected('Q');
        case FrontendMessage.Parse _ -> throw unexpected('P');
        case FrontendMessage.Bind _ -> throw unexpected('B');
        case FrontendMessage.DescribeStatement _, FrontendMessage.DescribePortal _ ->
            throw unexpected('D');
        case FrontendMessage.Execute _ -> throw unexpected('E');
        case FrontendMessage.CloseStatement _, FrontendMessage.ClosePortal _ ->
            throw unexpected('C');
        case FrontendMessage.FunctionCall _ -> throw unexpected('F');
        case FrontendMessage.Password _ -> throw unexpected('p');
      }
    }
    return null;
  }

  private SqlException unexpected(char type) {
    done = true;
    return new SqlException(
        SqlState.PROTOCOL_VIOLATION,
        String.format("unexpected message type 0x%02X during COPY from stdin", (int) type));
  }
}
