package io.trencadis.cli.metrics;

import io.trencadis.base.Durations;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.StoreFigures;
import io.trencadis.sharding.rpc.RpcCounters;
import io.trencadis.sql.session.LocalSqlEngine;
import io.trencadis.wire.WireServer;

/// The parts of a running node that count.
///
/// @param node null in a cluster
/// @param network what goes to other nodes; null for a node on its own
/// @param forces how long it takes to force files to the device
/// @param maxConnections sessions at a time
public record MetricSources(
    WireServer wire,
    LocalSqlEngine engine,
    Node node,
    StoreFigures store,
    RpcCounters network,
    Durations forces,
    int maxConnections) {}
