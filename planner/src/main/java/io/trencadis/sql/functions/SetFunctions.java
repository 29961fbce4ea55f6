package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;

/// The code of set-returning functions.
public final class SetFunctions {
  private SetFunctions() {}

  /// The call of `information_schema._pg_expandarray` over an array type: rows of an element and
  /// its number.
  public static ResolvedCall expandArray(PgType array) {
    ProcInfo proc =
        new ProcInfo(
            13_000,
            "_pg_expandarray",
            "information_schema",
            'f',
            'i',
            's',
            true,
            true,
            false,
            Types.RECORD.oid(),
            0,
            new int[] {array.oid()},
            new int[] {array.oid(), array.elementType().oid(), Types.INT4.oid()},
            "ioo",
            List.of("", "x", "n"),
            List.of(),
            's',
            null,
            100,
            100,
            0);
    return ResolvedCall.plain(proc, Types.RECORD, List.of(array));
  }

  /// Binds a set-returning function that was resolved by [FunctionResolver]. A strict one gives no
  /// rows where an argument is null; that is the caller's to see to, as for plain functions.
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
