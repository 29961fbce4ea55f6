/// What a node counts, as Prometheus reads it. Start at [io.trencadis.cli.metrics.NodeMetrics].
///
/// The parts of the server count by themselves, with adders that cost next to nothing; Micrometer
/// is asked only when somebody looks, and knows nothing before that. Names begin with `trencadis_`
/// and end in their unit; those of the JVM and the process are Micrometer's own.
package io.trencadis.cli.metrics;
