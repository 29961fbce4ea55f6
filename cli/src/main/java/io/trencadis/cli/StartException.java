package io.trencadis.cli;

/// A server that cannot start, in a sentence that says what to do.
final class StartException extends RuntimeException {
  /// What was asked for makes no sense anywhere.
  static final int USAGE = 2;

  /// What was asked for cannot be done here and now.
  static final int FAILURE = 1;

  private final int exitCode;

  StartException(String message) {
    this(message, FAILURE);
  }

  private StartException(String message, int exitCode) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /// The command line is wrong.
  static StartException usage(String message) {
    return new StartException(message, USAGE);
  }

  int exitCode() {
    return exitCode;
  }
}
