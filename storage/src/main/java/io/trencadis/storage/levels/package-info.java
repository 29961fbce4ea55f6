/// A node's shards on three levels: memtable, base tree, version store. Start at [NodeStorage];
/// [LevelledStore] is what it hands out for each shard, and [Flush] moves memtables down.
///
/// A read asks the memtable, the one being flushed, the base tree, then the chain of older
/// versions. A flush writes version store, then base tree, then drops the memtable, so a reader
/// that goes the other way misses nothing. Durability between flushes is the log's; positions in it
/// come and go here as numbers.
package io.trencadis.storage.levels;
