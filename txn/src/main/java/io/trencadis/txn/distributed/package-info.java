/// Transactions over several logs: durable prepares, one decision, and whoever finds an old prepare
/// ends it (rules 7, 9 and 10 of `docs/transactions.md`). Machines without threads, clocks or
/// sockets: [io.trencadis.txn.distributed.Commitment] at the gateway,
/// [io.trencadis.txn.distributed.Branches] and [io.trencadis.txn.distributed.Channels] at each log.
/// A cluster runs them, and the simulator; a node on its own has one log and commits with one
/// record.
package io.trencadis.txn.distributed;
