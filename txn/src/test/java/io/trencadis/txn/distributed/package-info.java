/// The machines for several logs, one at a time; all together they run in the simulated cluster.
package io.trencadis.txn.distributed;
