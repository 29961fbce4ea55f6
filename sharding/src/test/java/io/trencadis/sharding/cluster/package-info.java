/// Tests of whole clusters in one process.
package io.trencadis.sharding.cluster;
