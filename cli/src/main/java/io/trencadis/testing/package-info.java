/// For tests of applications: [io.trencadis.testing.TrencadisCluster] runs a cluster within the
/// test's own process, with ports that any PostgreSQL driver connects to, and has nodes fail at the
/// test's word. [io.trencadis.testing.TrencadisClusterExtension] is the same for JUnit Jupiter.
package io.trencadis.testing;
