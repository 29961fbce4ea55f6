package io.trencadis.sharding.replica;

/// The first thing that one of several tasks has thrown, each of which is to be run whatever
/// becomes of the others. For one thread.
final class Thrown {
  private RuntimeException exception;
  private Error error;

  /// Runs a task.
  void by(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException broken) {
      exception = exception == null ? broken : exception;
    } catch (Error broken) {
      error = error == null ? broken : error;
    }
  }

  /// Throws it; an error rather than an exception.
  void again() {
    if (error != null) {
      throw error;
    }
    if (exception != null) {
      throw exception;
    }
  }
}
