package io.trencadis.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Looks for an order of committed transactions in which they would, one after another, have
/// answered what they did and left what is there: strict serializability (Herlihy and Wing's order
/// in real time included), shown by the server's own way of running one transaction at a time.
final class SerialOrder {
  /// What says only that others were there: such a statement has done nothing, nor those between it
  /// and the ROLLBACK TO behind it.
  private static final Set<List<String>> REFUSALS =
      Set.of(List.of("40001"), List.of("40P01"), List.of("25P02"));

  private final SqlScript session;
  private final RandomTransactions made;

  /// @param session one of a server whose tables have the schema and nothing else to do
  /// @param made has made the tables
  SerialOrder(SqlScript session, RandomTransactions made) {
    this.session = session;
    this.made = made;
  }

  List<List<String>> contents() {
    return made.state().stream().map(sql -> SteppedClients.plain(session.run(sql))).toList();
  }

  /// @param contents statements that fill the empty tables as they were at first
  /// @param end what is to be in the tables at the end
  /// @return whether there is such an order
  boolean explains(
      List<String> contents, List<SteppedClients.Done> committed, List<List<String>> end) {
    session.run("begin");
    made.emptied().forEach(session::run);
    contents.forEach(session::run);
    boolean found = goOn(new ArrayList<>(committed), end, 0);
    session.run("rollback");
    return found;
  }

  private boolean goOn(List<SteppedClients.Done> left, List<List<String>> end, int depth) {
    if (left.isEmpty()) {
      return contents().equals(end);
    }
    for (int i = 0; i < left.size(); i++) {
      SteppedClients.Done next = left.get(i);
      if (left.stream().anyMatch(other -> other.ended() < next.began())) {
        continue;
      }
      session.run("savepoint n" + depth);
      if (answersTheSame(next)) {
        left.remove(i);
        if (goOn(left, end, depth + 1)) {
          return true;
        }
        left.add(i, next);
      }
      session.run("rollback to n" + depth);
    }
    return false;
  }

  private boolean answersTheSame(SteppedClients.Done transaction) {
    List<String> statements = transaction.script().statements();
    for (int i = 0; i < statements.size(); i++) {
      String sql = statements.get(i);
      List<String> answer = transaction.answers().get(i);
      boolean tellsNothing =
          sql.startsWith("begin") || sql.equals("commit") || REFUSALS.contains(answer);
      if (!tellsNothing && !SteppedClients.plain(session.run(sql)).equals(answer)) {
        return false;
      }
    }
    return true;
  }
}
