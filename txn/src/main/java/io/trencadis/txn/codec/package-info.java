/// The bytes of what travels between nodes and stands in their replicated logs: messages, requests,
/// replies and records. All integers big-endian; lists after their length; a length of -1 is null.
/// A reader that meets what it does not know throws, and never guesses.
package io.trencadis.txn.codec;
