package io.trencadis.sql.functions;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Which function a call means, and what its arguments must become. Hand it to [Builtins#bind],
/// [Aggregates#bind] or [SetFunctions#bind] for the code.
///
/// @param proc the function; null if the call is a cast in disguise, such as `text(42)`: see
///   `castTarget`
/// @param castTarget the type to cast the one argument to explicitly; null for a real call
/// @param resultType type of the result, polymorphism resolved
/// @param argTypes type that each argument has to be coerced to (implicitly), in the function's
///   order, those filled by defaults included; an argument for `"any"` keeps its type (unknown
///   becomes text for concat and the like only when they format it)
/// @param argSources for each of `argTypes` the index of the caller's argument, or -1 where a
///   default is used
/// @param defaults for each of `argTypes` the SQL text of the default where `argSources` is -1,
///   else null
/// @param packedFrom index in `argTypes` from which on arguments are packed into the variadic array
///   by the bound code (the caller passes them one by one), or -1
/// @param variadicArray whether the caller wrote VARIADIC and passes the array itself
/// @param outputs types of the result's columns where the function declares them, polymorphism
///   resolved; else empty
/// @param collation of the arguments, by which the code compares; null for the default one
public record ResolvedCall(
    ProcInfo proc,
    PgType castTarget,
    PgType resultType,
    List<PgType> argTypes,
    int[] argSources,
    List<String> defaults,
    int packedFrom,
    boolean variadicArray,
    List<PgType> outputs,
    Collation collation) {
  /// A call whose arguments are all given in order.
  public static ResolvedCall plain(ProcInfo proc, PgType resultType, List<PgType> argTypes) {
    int[] sources = new int[argTypes.size()];
    java.util.Arrays.setAll(sources, i -> i);
    return new ResolvedCall(
        proc,
        null,
        resultType,
        List.copyOf(argTypes),
        sources,
        java.util.Collections.nCopies(sources.length, null),
        -1,
        false,
        outputsOf(proc),
        null);
  }

  private static List<PgType> outputsOf(ProcInfo proc) {
    List<PgType> types = new java.util.ArrayList<>();
    for (int oid : proc.outputTypes()) {
      types.add(Types.byOid(oid));
    }
    return types;
  }

  /// The same call with another type for what it returns: rows whose fields the query declares.
  public ResolvedCall returning(PgType type) {
    return new ResolvedCall(
        proc,
        castTarget,
        type,
        argTypes,
        argSources,
        defaults,
        packedFrom,
        variadicArray,
        outputs,
        collation);
  }

  /// The same call over arguments of a collation.
  public ResolvedCall withCollation(Collation value) {
    return new ResolvedCall(
        proc,
        castTarget,
        resultType,
        argTypes,
        argSources,
        defaults,
        packedFrom,
        variadicArray,
        outputs,
        value);
  }

  /// The same call with other types for the result's columns.
  public ResolvedCall withOutputs(List<PgType> types) {
    return new ResolvedCall(
        proc,
        castTarget,
        resultType,
        argTypes,
        argSources,
        defaults,
        packedFrom,
        variadicArray,
        types,
        collation);
  }

  /// Whether the result is null if any argument is, so that the code need not be called. A function
  /// that packs its last arguments into an array looks at the others itself.
  public boolean strict() {
    return proc.strict() && packedFrom < 0;
  }
}
