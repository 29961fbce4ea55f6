package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Colocation;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.Relocation;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ALTER TABLE … MOVE PARTITION by itself: the rows go to new relations while others use the table.
///
/// First it is committed where they are on their way to; that step waits for the table's lock, so
/// that from then on everybody who changes a row changes it there, too. Then the rows that are
/// there are written there, a batch at a time, each locked against changes meanwhile. A last short
/// step, under the table's lock again, makes that the place where they are. Whoever has a plan from
/// before is refused and makes another. If it fails in the middle, the rows stay where they were.
///
/// Confined to the session's thread.
final class PartitionMove {
  private static final Logger log = LoggerFactory.getLogger(PartitionMove.class);

  private static final int MOST_ROUNDS = 20;

  private final LocalSession session;
  private final StatementExecutor executor;
  private final SchemaCommands schema;
  private final OnlineSteps steps;

  PartitionMove(
      LocalSession session,
      TransactionControl transactions,
      StatementExecutor executor,
      SchemaCommands schema) {
    this.session = session;
    this.executor = executor;
    this.schema = schema;
    this.steps = new OnlineSteps(session, transactions, executor);
  }

  /// Runs the statement, and after it for each table that is colocated with the one it names, and
  /// returns its tag. What was done before one of them fails stays done, and is passed over when
  /// the statement is given again.
  ///
  /// @throws SqlException 55006 where the table is being moved already, or was changed too often
  ///   meanwhile
  String run(Statement.AlterTable alter) {
    if (!(session.names().findRelation(alter.name()) instanceof TableDescriptor named)) {
      return schema.inOneStep(alter);
    }
    List<TableDescriptor> others = Colocation.alike(session.names().catalog(), named);
    String tag = run(alter, named);
    for (TableDescriptor other : others) {
      if (session.names().catalog().byOid(other.schemaOid()) instanceof SchemaDescriptor schema) {
        QualifiedName name =
            new QualifiedName(List.of(schema.name(), other.name()), alter.name().pos());
        run(alter.of(name), other);
      }
    }
    return tag;
  }

  private String run(Statement.AlterTable alter, TableDescriptor named) {
    MoveProgress progress =
        new MoveProgress(session.processId(), session.names().databaseOid(), named.oid());
    if (session.engine().moves().putIfAbsent(named.oid(), progress) != null) {
      throw inUse(named, "is being moved by another session");
    }
    Relocation begun = null;
    try {
      for (int round = 1; ; round++) {
        String tag = begin(alter);
        TableDescriptor table = session.names().catalog().table(named.oid());
        begun = table == null ? null : table.relocation();
        if (begun == null) {
          return tag;
        }
        steps.commit();
        progress.begins(session.engine().statistics().count(named.oid()));
        if (move(table.oid(), begun, progress)) {
          begun = null;
          return tag;
        }
        // Its columns, indexes or place were changed: another try, where the statement still means
        // the same.
        requireSamePlace(table, round);
      }
    } finally {
      if (begun != null) {
        giveUp(named.oid(), begun.relationId());
      }
      session.engine().moves().remove(named.oid());
    }
  }

  /// Does the first step, again where it has met others' locks crosswise.
  private String begin(Statement.AlterTable alter) {
    for (int tries = 1; ; tries++) {
      try {
        return schema.beside(alter);
      } catch (SqlException e) {
        OnlineSteps.requireWorthAnotherTry(e, tries);
        steps.abandon();
      }
      session.interrupts().check();
    }
  }

  private void requireSamePlace(TableDescriptor before, int round) {
    TableDescriptor now = session.engine().catalogStore().latest().table(before.oid());
    PlacementDescriptor place = now == null ? null : now.placement();
    if (!before.placement().equals(place) || round > MOST_ROUNDS) {
      throw inUse(before, "was changed while it was moved");
    }
  }

  private static SqlException inUse(TableDescriptor table, String why) {
    return new SqlException(SqlState.OBJECT_IN_USE, "table \"" + table.name() + "\" " + why)
        .hint("Try again.");
  }

  /// @return false where the relocation was ended by another change of the table
  private boolean move(int tableOid, Relocation begun, MoveProgress progress) {
    TableWalk walk = null;
    int tries = 0;
    long rate = session.settings().getInt("trencadis.move_rate") * 1024L;
    while (walk == null || !walk.done()) {
      session.interrupts().check();
      long since = session.engine().outside().clock().nanoTime();
      long before = walk == null ? 0 : walk.bytes();
      try {
        TableDescriptor now = session.engine().catalogStore().latest().table(tableOid);
        if (now == null || !isOf(now, begun)) {
          return false;
        }
        walk = walk == null ? new TableWalk(session, executor, now) : walk;
        walk.batch(now, (writer, _, key, row) -> writer.relocate(key, row));
        tries = 0;
      } catch (RuntimeException e) {
        OnlineSteps.requireWorthAnotherTry(e, ++tries);
        continue;
      }
      progress.copied(walk.rows(), walk.bytes());
      rest(rate, walk.bytes() - before, session.engine().outside().clock().nanoTime() - since);
    }
    progress.ends();
    boolean[] done = {false};
    steps.step(
        () ->
            schema.onRelocations(
                relocations -> done[0] = relocations.finish(tableOid, begun.relationId())));
    return done[0];
  }

  private static boolean isOf(TableDescriptor table, Relocation begun) {
    return table.relocation() != null && table.relocation().relationId() == begun.relationId();
  }

  /// Keeps to `rate`.
  ///
  /// @param rate bytes a second; 0 for as many as there can be
  private void rest(long rate, long copied, long nanos) {
    if (rate > 0) {
      long due = copied * TimeUnit.SECONDS.toNanos(1) / rate - nanos;
      if (due > 0) {
        session.context().sleepMicros(TimeUnit.NANOSECONDS.toMicros(due));
      }
    }
  }

  /// Others need not change rows in two places any more.
  ///
  /// @return whether that was possible
  boolean giveUp(int tableOid, int relationId) {
    try {
      steps.abandon();
      steps.step(
          () -> schema.onRelocations(relocations -> relocations.giveUp(tableOid, relationId)));
      return true;
    } catch (RuntimeException e) {
      // The session is being ended, or the cluster cannot commit now: AbandonedMoves does it later.
      log.debug("rows of table {} are still written in two places", tableOid, e);
      return false;
    }
  }
}
