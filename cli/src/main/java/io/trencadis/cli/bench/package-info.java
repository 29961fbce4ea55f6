/// `trencadis bench`: a kit of TPC-C (TPC Benchmark C, revision 5.11) for any PostgreSQL-compatible
/// server. [TpccCommand] is its start: [TpccLoader] fills the tables of [TpccSchema], terminals run
/// the [TpccTransactions] on HikariCP's connections, [TpccConditions] says whether the tables make
/// sense afterwards. Nothing of the server is used but the clock.
package io.trencadis.cli.bench;
