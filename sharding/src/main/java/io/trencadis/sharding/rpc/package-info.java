/// How nodes talk to each other: [io.trencadis.sharding.rpc.NodeRpc] sends messages to nodes by
/// number, over Netty, length-prefixed and, unless all nodes are on one machine, with mutual TLS.
/// What the messages mean is none of its business; Netty stays in here.
package io.trencadis.sharding.rpc;
