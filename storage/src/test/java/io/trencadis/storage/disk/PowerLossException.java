package io.trencadis.storage.disk;

import java.io.IOException;

/// The power is off: nothing works until [FaultyDisk#crash].
public final class PowerLossException extends IOException {
  PowerLossException() {
    super("the power is off");
  }
}
