/// The data rules of TPC-C (TPC Benchmark C, revision 5.11), the first part of a benchmark kit that
/// is to run against any PostgreSQL-compatible server. No command uses this package yet.
package io.trencadis.cli.bench;
