/// A shard's side of transactions. [Participant] is its machine; [Snapshots] the part of it that
/// threads may read without entering the machine; [ConflictWindow] remembers recent commits; a
/// [Context] is what one transaction has done here so far.
package io.trencadis.txn.participant;
