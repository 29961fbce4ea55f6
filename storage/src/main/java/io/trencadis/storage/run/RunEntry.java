package io.trencadis.storage.run;

/// One write of a run. A key that was written more than once, with points between to which its
/// transaction may go back, has several: the newest first.
///
/// @param mark the point in the transaction that it belongs to; marks only grow
/// @param keepsKey whether it left the row's key as it was, so that the row is locked no stronger
///   than that
/// @param value null for a deletion
public record RunEntry(byte[] key, int mark, boolean keepsKey, byte[] value) {}
