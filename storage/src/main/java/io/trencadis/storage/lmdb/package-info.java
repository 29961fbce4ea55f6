/// LMDB through the JDK's foreign function and memory API (JEP 454).
///
/// A thin binding of what the base tree uses, with LMDB's own names, flags and error codes
/// ([lmdb.tech/doc](http://www.lmdb.tech/doc/)). The reason it exists is the start of a node: it
/// makes code at run time for one single shape of call (see [io.trencadis.storage.lmdb.Lmdb]), a
/// tenth of what a general binding costs before the first page is read. The native library itself
/// comes from the artifact `org.lmdbjava:native`.
///
/// Nothing here knows what keys and values mean.
package io.trencadis.storage.lmdb;
