package io.trencadis.sql.functions;

/// A row of `pg_operator`.
///
/// @param kind b infix, l prefix
/// @param left 0 for a prefix operator
/// @param function the `pg_proc` oid of its code
public record OperatorInfo(
    int oid,
    String name,
    char kind,
    int left,
    int right,
    int result,
    int function,
    int commutator,
    int negator,
    boolean canMerge,
    boolean canHash,
    int restrictFunction,
    int joinFunction) {}
