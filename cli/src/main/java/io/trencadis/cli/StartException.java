package io.trencadis.cli;

/// A server that cannot start, in a sentence that says what to do.
final class StartException extends RuntimeException {
  StartException(String message) {
    super(message, null, false, false);
  }
}
