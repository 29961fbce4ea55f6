package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import java.util.List;

/// The code of set-returning functions.
public final class SetFunctions {
  private SetFunctions() {}

  /// Binds a set-returning function that was resolved by [FunctionResolver]. A strict one gives no rows where
  /// an argument is null; that is the caller's to see to, as for plain functions.
  ///
  /// @throws SqlException 0A000 if PostgreSQL has the function and we do not
  public static SetFn bind(ResolvedCall call) {
    SetFn known = SetCode.find(call);
    if (known == null) {
      throw SqlException.notSupported(
          "function " + FunctionResolver.signature(call.proc().name(), call.argTypes(), List.of()));
    }
    return known;
  }
}
