package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;

/// The functions of `information_schema` that say what a type's modifier means. Readers of the
/// catalog, such as jOOQ's code generator, call them.
public final class InformationFunctions {
  static final List<String> NAMES =
      List.of(
          "_pg_char_max_length",
          "_pg_char_octet_length",
          "_pg_numeric_precision",
          "_pg_numeric_precision_radix",
          "_pg_numeric_scale",
          "_pg_datetime_precision");

  private static final int FIRST_OID = 13_212;

  private InformationFunctions() {}

  /// The types of every such function's arguments: a type's oid, and its modifier.
  public static List<PgType> argumentTypes() {
    return List.of(Types.OID, Types.INT4);
  }

  /// The call of the function so named, or null.
  public static ResolvedCall find(String name) {
    int place = NAMES.indexOf(name);
    if (place < 0) {
      return null;
    }
    int[] arguments = {Types.OID.oid(), Types.INT4.oid()};
    ProcInfo proc =
        new ProcInfo(
            FIRST_OID + place,
            name,
            "information_schema",
            'f',
            'i',
            's',
            true,
            false,
            false,
            Types.INT4.oid(),
            0,
            arguments,
            arguments,
            null,
            List.of("typid", "typmod"),
            List.of(),
            's',
            name,
            100,
            0,
            0);
    return ResolvedCall.plain(proc, Types.INT4, argumentTypes());
  }
}
