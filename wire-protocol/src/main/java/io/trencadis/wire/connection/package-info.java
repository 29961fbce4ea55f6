/// One client's connection from its first byte to its last. Start at
/// [io.trencadis.wire.connection.ConnectionHandler], which Netty calls; it makes a
/// [io.trencadis.wire.connection.Connection] of each channel.
///
/// Two threads can run a connection's requests: the event loop, for those that are short and cannot
/// block, and a virtual thread of the connection's own, for all others.
/// [io.trencadis.wire.connection.Mailbox] says whose turn it is and holds the invariants;
/// [io.trencadis.wire.connection.SessionDriver] runs one request on whichever thread;
/// [io.trencadis.wire.connection.Outbound] takes the answers;
/// [io.trencadis.wire.connection.IdleTimer] ends sessions whose clients are silent for too long.
///
/// Nothing here knows how messages look on the wire (`io.trencadis.wire.message`) or what SQL is.
package io.trencadis.wire.connection;
