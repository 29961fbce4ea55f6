/// Tests of logs that several nodes hold.
package io.trencadis.sharding.raft;
