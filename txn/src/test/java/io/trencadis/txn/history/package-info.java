/// Judges what clients saw: [History] says what happened, [HistoryChecker] whether some order of
/// the transactions, one by one and in real time, explains it.
package io.trencadis.txn.history;
