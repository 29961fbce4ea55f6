package io.trencadis.base;

/// Which release of the program this is.
public final class Release {
  /// As `trencadis --version` and `SELECT version()` say it.
  public static final String VERSION = "0.1.0";

  private Release() {}
}
