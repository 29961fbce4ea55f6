/// The node's write-ahead log: one for all shards, fsynced once for many transactions. Start at
/// [WriteAheadLog]; the bytes are described in `docs/storage-format.md`.
///
/// A *record* is bytes that its writer understands. A *position* is an offset in the endless file
/// that the *segments* are pieces of. A *fragment* is as much of a record as one segment takes. A
/// *group* is what one fsync covers. A *generation* is the time between two openings of the log.
///
/// [Fragment] is the layout of records, [SegmentHeader] that of a segment's beginning, [Segments]
/// makes and reuses files, [Recovery] reads them. Nothing here knows of transactions or shards; it
/// is driven either by its own thread or, step by step, by a simulation.
package io.trencadis.storage.log;
