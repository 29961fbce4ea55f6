/// Files, as everything of ours that keeps bytes sees them: log segments, manifest, lock file,
/// spill, backup. Start at [Disk]; [RealDisk] is the operating system's.
///
/// What was written is safe only after [DiskFile#force], and a name only after
/// [Disk#syncDirectory]; the tests' twin loses all else when its power goes. LMDB does its own
/// input and output. Nothing here knows what the bytes mean.
package io.trencadis.storage.disk;
