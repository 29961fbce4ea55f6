/// Work that is done where rows are, instead of sending the rows: a *fragment* is what a statement
/// wants computed of a range of one relation's rows at each of several shards. Start at
/// [FragmentServer], which a node has for the others; [FragmentEngine] is who understands a
/// fragment's program, which is bytes here.
///
/// A gateway asks for a fragment piece by piece ([FragmentRequest], [FragmentAnswer]). A piece
/// takes no longer than a moment and gives no more than a message holds, and says where the next
/// one begins: nothing of a fragment is left at a node between two pieces but what it has made of
/// the program, which it may forget. So whoever stops asking has cancelled it, a lost message is
/// asked for again, and a new leader goes on where the old one was.
///
/// An *exchange* does keep something ([ExchangeServer]): the rows of two fragments that nodes send
/// each other, to be joined, as long as a gateway speaks of it.
package io.trencadis.sharding.fragment;
