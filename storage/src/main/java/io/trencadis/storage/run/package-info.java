/// Runs: what a large transaction has written at one shard, sorted, in a file of its own, before
/// anybody knows whether it will commit. A transaction that commits names its runs in its record of
/// the log, and they become a level of their own until a flush has merged them into the base tree;
/// one that aborts leaves nothing but files to delete. Start at [RunDirectory]. The format is in
/// `docs/storage-format.md`.
///
/// This is the bulk-load path of log-structured stores: the data is written once to a sorted file
/// and once to the tree, never to the log (O'Neil et al., *The Log-Structured Merge-Tree*, 1996).
package io.trencadis.storage.run;
