package io.trencadis.sql.catalog;

import java.util.List;

/// How a partitioned table (one with `PARTITION OF` children) assigns rows to its partitions.
///
/// @param strategy 'h' hash, 'l' list, 'r' range, as in `pg_partitioned_table.partstrat`
/// @param columns numbers of the partition key's columns
public record Partitioning(char strategy, List<Integer> columns) {}
