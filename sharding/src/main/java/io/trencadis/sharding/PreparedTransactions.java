package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.txn.GlobalName;
import java.util.List;
import java.util.function.Consumer;

/// The transactions that are prepared by name (PostgreSQL 15 manual, PREPARE TRANSACTION): they
/// belong to no session any more, survive the process, and end when some session says so.
/// Thread-safe. Its methods may wait for other nodes: not for a thread that may not.
public interface PreparedTransactions {
  /// One that is prepared.
  ///
  /// @param transaction its id
  record View(long transaction, GlobalName name) {}

  /// All that are prepared now, in the order of their preparation.
  List<View> list();

  /// Prepares a transaction, which is over for its session then, whatever the outcome.
  ///
  /// @param most how many there may be at a time
  /// @throws SqlException 42710 if the name is taken, 53200 if there are too many, 40001 if
  ///   something it read has changed, and what the log says if it has no room; then the transaction
  ///   has been rolled back. 08007 if nobody can say for now whether it is prepared
  void prepare(Transaction transaction, GlobalName name, int most);

  /// Commits one that is prepared, or rolls it back. Durable when it returns.
  ///
  /// @param check throws if the caller may not; called before anything is done
  /// @throws SqlException 42704 if there is none of that name, 55000 if another session is at it,
  ///   and what the log says if it has no room: then it is prepared as before. 08007 if nobody can
  ///   say for now whether it has ended
  void finish(String gid, boolean commit, Consumer<GlobalName> check);
}
