/// The bytes of keys and rows. Start at [KeyWriter] and [RowWriter].
///
/// Keys are order-preserving: comparing two keys as unsigned bytes gives the order of the values
/// they were made from. Rows are compact and need not be ordered, but one column can be read
/// without decoding the others. What a value *is* (its SQL type) is not known here: the types say
/// which put method fits them.
package io.trencadis.storage.encoding;
