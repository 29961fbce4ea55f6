package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.List;
import java.util.Set;

/// Runs the statements that are not planned: transaction control, settings, cursors, DDL, COPY,
/// EXPLAIN. Each family has a class of its own; this one finds it. Confined to the session's
/// thread.
final class UtilityCommands {
  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;
  private final SettingCommands settings;
  private final CursorCommands cursors;
  private final PreparedCommands prepared;
  private final ExplainCommand explain;
  private final CopyCommand copy;
  private final SchemaCommands schema;
  private final TwoPhaseCommands twoPhase;
  private final CallCommand calls;

  /// What a utility statement answers.
  ///
  /// @param columns null where it gives no rows
  /// @param tag null where the answer was completed already
  record Result(List<ResultColumn> columns, List<Object[]> rows, String tag) {
    static Result tag(String tag) {
      return new Result(null, List.of(), tag);
    }
  }

  UtilityCommands(
      LocalSession session, TransactionControl transactions, StatementExecutor executor) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
    this.settings = new SettingCommands(session, transactions);
    this.cursors = new CursorCommands(session, transactions, executor);
    this.prepared = new PreparedCommands(session, executor);
    this.explain = new ExplainCommand(session, executor);
    this.copy = new CopyCommand(session, transactions, executor);
    this.schema = new SchemaCommands(session, transactions, executor);
    this.twoPhase = new TwoPhaseCommands(session, transactions);
    this.calls = new CallCommand(session, executor, this);
  }

  CursorCommands cursors() {
    return cursors;
  }

  CallCommand calls() {
    return calls;
  }

  SchemaCommands schema() {
    return schema;
  }

  static ResultColumn textColumn(String name) {
    return new ResultColumn(name, Types.TEXT, -1, 0, 0);
  }

  /// The columns that a utility statement will answer with, or null.
  List<ResultColumn> columns(Statement statement) {
    return switch (statement) {
      case Statement.ShowVariable show -> settings.columns(show);
      case Statement.Explain explained -> explain.columns(explained);
      case Statement.Fetch fetch -> fetch.move() ? null : cursors.columns(fetch.cursor());
      case Statement.Execute execute -> prepared.columns(execute);
      case Statement.Call call -> calls.columns(call, new int[0]);
      default -> null;
    };
  }

  /// @param simple whether the statement came as a simple query
  Result run(Portal portal, ResponseSink sink, boolean simple) {
    Statement statement = portal.statement().statement();
    return switch (statement) {
      case Statement.Begin begin -> {
        transactions.begin(begin.modes(), sink);
        yield Result.tag(begin.start() ? "START TRANSACTION" : "BEGIN");
      }
      case Statement.Commit commit -> {
        session.closeTransactionPortals();
        yield Result.tag(transactions.commit(commit.chain(), sink));
      }
      case Statement.Rollback rollback -> {
        session.closeTransactionPortals();
        yield Result.tag(transactions.rollback(rollback.chain(), sink));
      }
      case Statement.Savepoint savepoint -> {
        transactions.savepoint(savepoint.name(), Set.copyOf(session.portals().values()));
        yield Result.tag("SAVEPOINT");
      }
      case Statement.Release release -> {
        transactions.release(release.name());
        yield Result.tag("RELEASE");
      }
      case Statement.RollbackTo rollback -> {
        session.keepPortals(transactions.rollbackTo(rollback.name()));
        yield Result.tag("ROLLBACK");
      }
      case Statement.Call call -> calls.call(call, portal);
      case Statement.Do block -> {
        calls.run(block);
        yield Result.tag("DO");
      }
      case Statement.PrepareTransaction prepare -> twoPhase.prepare(prepare.gid(), sink);
      case Statement.CommitPrepared commit -> twoPhase.finish(commit.gid(), true);
      case Statement.RollbackPrepared rollback -> twoPhase.finish(rollback.gid(), false);
      case Statement.SetTransaction set -> settings.setTransaction(set, sink);
      case Statement.SetVariable set -> settings.set(set, sink);
      case Statement.SetFromCurrent _ ->
          throw SqlException.notSupported("SET ... FROM CURRENT").at(statement.pos());
      case Statement.ResetVariable reset -> settings.reset(reset);
      case Statement.AlterSystem alter -> {
        requireNoBlock("ALTER SYSTEM");
        yield new SystemSettings(session).alter(alter);
      }
      case Statement.ShowVariable show -> settings.show(show);
      case Statement.Discard discard -> settings.discard(discard);
      case Statement.SetConstraints set -> setConstraints(set, sink);
      case Statement.Prepare prepare -> prepared.prepare(prepare);
      case Statement.Execute execute -> prepared.execute(execute, sink);
      case Statement.Deallocate deallocate -> prepared.deallocate(deallocate);
      case Statement.DeclareCursor declare -> cursors.declare(declare);
      case Statement.Fetch fetch -> cursors.fetch(fetch);
      case Statement.ClosePortal close -> cursors.close(close);
      case Statement.Explain explained -> explain.run(explained, portal);
      case Statement.Vacuum vacuum -> {
        VacuumOptions options = VacuumOptions.of(vacuum);
        VacuumTargets.requireNoColumns(vacuum, options);
        requireNoBlock("VACUUM");
        options.requireConsistent();
        List<Integer> analyzed = VacuumTargets.of(session, vacuum, options);
        if (options.analyze()) {
          schema.analyze(vacuum.tables().isEmpty() ? null : analyzed);
        }
        yield Result.tag("VACUUM");
      }
      case Statement.Analyze analyze -> {
        VacuumOptions.require(analyze);
        List<Integer> analyzed = VacuumTargets.of(session, analyze);
        schema.analyze(analyze.tables().isEmpty() ? null : analyzed);
        yield Result.tag("ANALYZE");
      }
      case Statement.Checkpoint _ -> checkpoint();
      case Statement.Reindex reindex -> {
        if (MaintenanceTargets.concurrently(reindex)) {
          requireNoBlock("REINDEX CONCURRENTLY");
        }
        MaintenanceTargets.require(session.names(), reindex);
        if (MaintenanceTargets.isPartitioned(session.names(), reindex)) {
          requireNoBlock("REINDEX " + reindex.kind().toUpperCase(java.util.Locale.ROOT));
        }
        new Reindexing(session, transactions, executor, schema).run(reindex);
        yield Result.tag("REINDEX");
      }
      case Statement.Cluster cluster -> {
        requireIndex(cluster);
        yield Result.tag("CLUSTER");
      }
      case Statement.LockTable lock -> lockTable(lock);
      case Statement.Copy copied -> copy.run(copied, sink);
      case Statement.Unlisten unlisten -> {
        session.notifications().unlisten(unlisten.channel());
        yield Result.tag("UNLISTEN");
      }
      case Statement.Listen listen -> {
        session.notifications().listen(listen.channel());
        yield Result.tag("LISTEN");
      }
      case Statement.Notify notify -> {
        session.notifications().notify(notify.channel(), notify.payload());
        yield Result.tag("NOTIFY");
      }
      case Statement.Unsupported unsupported ->
          throw SqlException.notSupported(unsupported.what()).at(unsupported.pos());
      default -> {
        requireWritable(statement);
        yield Result.tag(schema.run(statement, sink));
      }
    };
  }

  private Result setConstraints(Statement.SetConstraints set, ResponseSink sink) {
    if (!transactions.inBlock()) {
      sink.notice(
          Notice.warning(
              SqlState.NO_ACTIVE_SQL_TRANSACTION,
              "SET CONSTRAINTS can only be used in transaction blocks"));
    }
    DeferredConstraints deferred = transactions.deferred();
    deferred.set(set, session.names().catalog(), session.names().databaseOid());
    if (!set.deferred() && !deferred.isEmpty()) {
      executor.inStatement(
          false,
          store -> {
            deferred.runDue(executor.execution(new Object[0], store));
            return null;
          });
    }
    return Result.tag("SET CONSTRAINTS");
  }

  private Result checkpoint() {
    if (!session.rights().roles().has(session.currentUser().oid(), PredefinedRoles.CHECKPOINT)) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
    }
    try {
      session.engine().gateway().checkpoint();
    } catch (InterruptedException e) {
      session.interrupts().check();
    }
    return Result.tag("CHECKPOINT");
  }

  private void requireWritable(Statement statement) {
    if (session.settings().getBoolean("transaction_read_only")) {
      throw StatementExecutor.readOnly(CommandNames.of(statement));
    }
  }

  private void requireMayLock(TableDescriptor table, RelationLock mode) {
    long wanted =
        switch (mode) {
          case ACCESS_SHARE -> Privilege.SELECT.bit();
          case ROW_EXCLUSIVE ->
              Privilege.INSERT.bit()
                  | Privilege.UPDATE.bit()
                  | Privilege.DELETE.bit()
                  | Privilege.TRUNCATE.bit();
          default -> Privilege.UPDATE.bit() | Privilege.DELETE.bit() | Privilege.TRUNCATE.bit();
        };
    Target target = Target.of(table);
    long held = session.rights().privileges(session.currentUser().oid(), target);
    if ((held & wanted) == 0) {
      throw Rights.denied(target);
    }
  }

  private void requireNoBlock(String what) {
    if (transactions.inBlock()) {
      throw new SqlException(
          SqlState.ACTIVE_SQL_TRANSACTION, what + " cannot run inside a transaction block");
    }
  }

  /// Rows have no physical order that CLUSTER could change; what it names has to be there.
  private void requireIndex(Statement.Cluster cluster) {
    if (cluster.table() == null) {
      requireNoBlock("CLUSTER");
      return;
    }
    var table = session.names().table(cluster.table());
    if (cluster.index() != null
        && table.indexes().stream().noneMatch(i -> i.name().equals(cluster.index()))) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "index \"" + cluster.index() + "\" for table \"" + table.name() + "\" does not exist");
    }
  }

  private Result lockTable(Statement.LockTable lock) {
    if (!transactions.inBlock()) {
      throw new SqlException(
          SqlState.NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    }
    RelationLock mode =
        RelationLock.valueOf(lock.mode().replace(' ', '_').toUpperCase(java.util.Locale.ROOT));
    for (var name : lock.names()) {
      requireMayLock(session.names().table(name), mode);
      executor.inStatement(
          false,
          store -> {
            schema
                .locks()
                .hold(
                    store,
                    session.names().table(name),
                    mode,
                    lock.nowait() ? LockWait.NOWAIT : LockWait.WAIT,
                    lock.only());
            return null;
          });
    }
    return Result.tag("LOCK TABLE");
  }
}
