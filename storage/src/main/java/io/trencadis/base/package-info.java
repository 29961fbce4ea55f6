/// The vocabulary that every module shares: SQL states and the one exception, timestamps, byte
/// readers and writers, and the few interfaces to the outside (clock, timers, disk, chance).
///
/// It depends on nothing, holds no state, and everything may use it. It must never learn of SQL,
/// shards or sockets.
package io.trencadis.base;
