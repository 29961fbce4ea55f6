/// Logs that several nodes hold: [io.trencadis.sharding.raft.ReplicationLog] is one of them, a Raft
/// group (Ongaro and Ousterhout 2014) whose machine is fed the records that a majority has on disk.
/// The consensus core is SOFAJRaft's, over this project's own network of nodes and with the entries
/// of all groups of a node in its one write-ahead log, so that they share their fsyncs. JRaft stays
/// in here.
package io.trencadis.sharding.raft;
