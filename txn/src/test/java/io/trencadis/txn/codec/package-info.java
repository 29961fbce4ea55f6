/// Tests of the bytes that travel between nodes.
package io.trencadis.txn.codec;
