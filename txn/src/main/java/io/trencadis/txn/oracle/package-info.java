/// The timestamp oracle: one order for all. A timestamp is issued after it is asked for, never
/// fetched ahead and never handed on, because the argument for strict serializability rests on
/// exactly that.
package io.trencadis.txn.oracle;
