package io.trencadis.sql.types;

/// A field of a row type.
///
/// @param typmod the modifier of its type, -1 for none
/// @param number its number, counted from 1 with the fields that were dropped: stored values keep
///   their fields by it
public record RowField(String name, int typeOid, int typmod, int number) {}
