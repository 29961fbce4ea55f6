/// A simulated cluster: oracle, gateways and several logs with their shards, on a network and disks
/// that fail, in one thread under a seed.
package io.trencadis.txn.cluster;
