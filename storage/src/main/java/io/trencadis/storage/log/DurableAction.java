package io.trencadis.storage.log;

/// What to do when a position of the log is durable, or never will be.
@FunctionalInterface
public interface DurableAction {
  /// Called once by the log's thread; must be short and must not block, for every other commit
  /// waits. What it throws fails the log.
  ///
  /// @param failure null where the position is durable; else whether it is, nobody knows before the
  ///   log is read again
  void done(LogFailedException failure);
}
