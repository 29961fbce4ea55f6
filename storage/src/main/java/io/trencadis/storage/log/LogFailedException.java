package io.trencadis.storage.log;

import java.io.IOException;

/// The log takes no more records: an I/O error left it unknown what is on disk, or it was closed.
public final class LogFailedException extends IOException {
  LogFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
