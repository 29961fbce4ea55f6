/// A transaction's side of the protocol: [Coordinator] is its machine, [ReadSet] what it has to
/// find unchanged when it commits. Whoever runs the machine sends its requests to the shards'
/// participants and feeds the replies back.
package io.trencadis.txn.coordinator;
