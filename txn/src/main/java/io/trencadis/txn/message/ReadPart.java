package io.trencadis.txn.message;

/// What a transaction has read at one shard: keys, and ranges `[from, to)`, of which a null end is
/// unbounded.
///
/// @param froms starts of the ranges
/// @param tos ends of the ranges, as many
public record ReadPart(byte[][] keys, byte[][] froms, byte[][] tos) {}
