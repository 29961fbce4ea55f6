package io.trencadis.sql.session;

import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.execute.InputSpool;
import io.trencadis.sql.execute.SpillSpace;
import java.util.function.Supplier;

/// What a client sends to a `COPY FROM STDIN`, kept so that the statement can be run again: the
/// client is asked once, and cannot tell how often its rows were written. Confined to the session's
/// thread.
final class CopyInput implements AutoCloseable {
  private final Supplier<SpillSpace> space;
  private final Runnable interrupts;
  private InputSpool spool;

  /// @param space makes room for what does not fit into memory, for this alone
  CopyInput(Supplier<SpillSpace> space, Runnable interrupts) {
    this.space = space;
    this.interrupts = interrupts;
  }

  /// For a statement that is about to run.
  ///
  /// @return null if its client sends nothing to it, or if nothing is likely to have it run again:
  ///   on a node of its own no shard loses its leader
  static CopyInput of(LocalSession session, Statement statement) {
    boolean kept =
        statement instanceof Statement.Copy copy
            && copy.from()
            && copy.end() == Statement.CopyEnd.STDIN
            && session.engine().gateway().isShared()
            && session.engine().temporaryFiles() != null;
    return kept
        ? new CopyInput(
            () -> session.engine().newSpillSpace(session.settings()), session.interrupts()::check)
        : null;
  }

  /// All that the client has sent and will send to the statement.
  ///
  /// @param client is asked for it the first time
  ResponseSink.CopySource read(ResponseSink client, boolean binary, int columns) {
    if (spool == null) {
      ResponseSink.CopySource source = client.copyIn(binary, columns);
      spool = new InputSpool(source::next, space.get(), interrupts);
    }
    Supplier<byte[]> all = spool.fromBeginning();
    return all::get;
  }

  @Override
  public void close() {
    if (spool != null) {
      spool.close();
      spool = null;
    }
  }
}
