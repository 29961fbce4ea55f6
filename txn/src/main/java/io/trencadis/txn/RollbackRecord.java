package io.trencadis.txn;

/// That a transaction which was prepared by name has been rolled back. Without it the next start
/// would find it prepared again, with locks that others have had since.
public record RollbackRecord(long txn) implements TxnRecord {}
