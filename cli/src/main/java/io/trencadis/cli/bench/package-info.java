/// `trencadis bench`: kits of benchmarks, the first of TPC-C (TPC Benchmark C, revision 5.11) for
/// any PostgreSQL-compatible server. [TpccCommand] is its start: [TpccLoader] fills the tables of
/// [TpccSchema], terminals run the [TpccTransactions] on HikariCP's connections, [TpccConditions]
/// says whether the tables make sense afterwards.
///
/// [PgbenchCommand] does the same with pgbench's tables and transactions. Both run them by
/// [Terminals], which also asks the server what it has sent and written meanwhile.
///
/// And one of TPC-H (revision 3.0.1): [TpchCommand] loads [TpchRows] by [TpchLoader], and [TpchRun]
/// runs the [TpchQueries], on two servers in turn if asked. Nothing of the server is used but the
/// clock.
package io.trencadis.cli.bench;
