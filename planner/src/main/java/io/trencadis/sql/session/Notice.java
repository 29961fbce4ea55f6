package io.trencadis.sql.session;

import io.trencadis.base.SqlState;

/// A message that is not an error.
///
/// @param severity `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`
/// @param detail may be null
/// @param hint may be null
public record Notice(String severity, SqlState state, String message, String detail, String hint) {
  public static Notice notice(String message) {
    return new Notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, message, null, null);
  }

  public static Notice warning(SqlState state, String message) {
    return new Notice("WARNING", state, message, null, null);
  }
}
