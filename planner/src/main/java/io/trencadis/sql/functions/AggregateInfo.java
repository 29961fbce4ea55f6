package io.trencadis.sql.functions;

/// The columns of `pg_aggregate` that planning needs; the rest is in [PgCatalog#rows].
///
/// @param function the aggregate's `pg_proc` oid
/// @param kind n ordinary, o ordered-set, h hypothetical-set
/// @param directArgs how many arguments of an ordered-set aggregate are direct
/// @param sortOperator for min and max: the operator whose first value is the result; 0 otherwise
public record AggregateInfo(int function, char kind, int directArgs, int sortOperator) {}
