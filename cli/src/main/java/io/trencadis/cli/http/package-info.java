/// The operator's port: a few pages over HTTP/1.1, for probes and for Prometheus. Start at
/// [io.trencadis.cli.http.HttpPort].
///
/// It takes GET and HEAD of the pages it was given and nothing else, and bounds what a caller can
/// cost: the length of the request, the time it takes, the number of connections.
/// [io.trencadis.cli.http.Health] has what the probes are told.
package io.trencadis.cli.http;
