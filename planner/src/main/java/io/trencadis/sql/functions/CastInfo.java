package io.trencadis.sql.functions;

/// A row of `pg_cast`.
///
/// @param function 0 unless the method is f
/// @param context i implicit, a assignment, e explicit
/// @param method f function, i input and output functions, b binary coercible
public record CastInfo(int oid, int source, int target, int function, char context, char method) {}
