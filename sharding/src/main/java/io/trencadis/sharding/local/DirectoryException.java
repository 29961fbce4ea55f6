package io.trencadis.sharding.local;

import java.io.IOException;

/// A data directory that cannot be used as it is. The message is one line for the operator: what is
/// wrong, and what to do.
public final class DirectoryException extends IOException {
  public DirectoryException(String message) {
    super(message);
  }
}
