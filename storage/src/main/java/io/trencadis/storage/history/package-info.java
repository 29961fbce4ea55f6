/// Superseded versions that an open snapshot or `AS OF SYSTEM TIME` may still read, kept outside
/// the base tree so that they never bloat it. Start at [History]; [VersionStore] is the map behind
/// it, off heap in [OffHeapVersions] and on heap in [HeapVersions].
///
/// All of it is lost with the process; the *history floor*, below which no read is answered, rises
/// to cover that and every cut. Chronicle Map ends here.
package io.trencadis.storage.history;
