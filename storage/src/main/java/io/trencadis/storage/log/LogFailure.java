package io.trencadis.storage.log;

/// Is told, once, that the log has failed for good. The node then has to stop with a clear message:
/// what was acknowledged is safe, what was not is unknown until the log is read again.
@FunctionalInterface
public interface LogFailure {
  /// Called by the log's thread (or whoever steps it), after every waiter was told.
  void failed(LogFailedException failure);
}
