package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// PREPARE TRANSACTION between sessions, roles and databases; what is expected was seen at
/// PostgreSQL 15, but where a comment says otherwise.
class PreparedTransactionsTest {
  private static LocalSqlEngine engine(String most) {
    SystemCatalog catalog = new SystemCatalog();
    return new LocalSqlEngine(
        new Node(Outside.real(), 4),
        Outside.real(),
        new SettingsRegistry(Map.of("TimeZone", "UTC", "max_prepared_transactions", most)),
        catalog,
        new CatalogAnswers(catalog),
        password -> password,
        null);
  }

  private static List<String> prepare(SqlScript session, String gid) {
    session.run("begin");
    return session.run("prepare transaction '" + gid + "'");
  }

  @Test
  void itOutlivesItsSessionAndAnotherEndsIt() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create table t (id int primary key)");
    one.run("begin");
    one.run("insert into t values (1)");
    assertEquals(List.of("PREPARE TRANSACTION"), one.run("prepare transaction 'a'"));
    one.session().close();
    assertEquals(List.of(), two.run("select * from t"));
    assertEquals(List.of("COMMIT PREPARED"), two.run("commit prepared 'a'"));
    assertEquals(List.of("1"), two.run("select * from t"));
  }

  @Test
  void whatItHasReadDoesNotChangeBeforeItsEnd() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create table t (id int primary key, v int)");
    one.run("insert into t values (1, 1), (2, 2)");
    one.run("begin isolation level serializable");
    assertEquals(List.of("1"), one.run("select v from t where id = 1"));
    assertEquals(List.of("0"), one.run("select count(*) from t where id > 10"));
    one.run("update t set v = 5 where id = 2");
    assertEquals(List.of("PREPARE TRANSACTION"), one.run("prepare transaction 'r'"));

    // PostgreSQL lets these go on, and fails one of the two only where they close a circle.
    two.run("set lock_timeout = 50");
    String timeout = "ERROR 55P03: canceling statement due to lock timeout";
    assertEquals(List.of(timeout), two.run("update t set v = 7 where id = 1"));
    assertEquals(List.of(timeout), two.run("insert into t values (11, 0)"));
    assertEquals(List.of("INSERT 0 1"), two.run("insert into t values (5, 0)"));
    assertEquals(List.of("1|1", "2|2", "5|0"), two.run("select * from t order by id"));

    assertEquals(List.of("ROLLBACK PREPARED"), two.run("rollback prepared 'r'"));
    assertEquals(List.of("UPDATE 1"), two.run("update t set v = 7 where id = 1"));
    assertEquals(List.of("INSERT 0 1"), two.run("insert into t values (11, 0)"));
  }

  @Test
  void aChangeOfSchemaWaitsForIt() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create table t (id int primary key)");
    one.run("create table u (id int primary key)");
    one.run("begin");
    one.run("select * from t");
    one.run("insert into u values (1)");
    assertEquals(List.of("PREPARE TRANSACTION"), one.run("prepare transaction 's'"));
    two.run("set lock_timeout = 50");
    String timeout = "ERROR 55P03: canceling statement due to lock timeout";
    assertEquals(List.of(timeout), two.run("alter table t add column v int"));
    assertEquals(List.of(timeout), two.run("drop table u"));
    assertEquals(List.of("COMMIT PREPARED"), two.run("commit prepared 's'"));
    assertEquals(List.of("ALTER TABLE"), two.run("alter table t add column v int"));
    assertEquals(List.of("DROP TABLE"), two.run("drop table u"));
  }

  /// Somebody who had written what it has read, before it was prepared, waits when he commits.
  @Test
  void whoWroteBeforeWaitsWithHisCommit() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create table t (id int primary key, v int)");
    one.run("create table u (id int primary key, v int)");
    one.run("insert into t values (1, 1)");
    two.run("begin");
    assertEquals(List.of("UPDATE 1"), two.run("update t set v = 2"));
    one.run("begin");
    assertEquals(List.of("1"), one.run("select v from t"));
    one.run("insert into u values (1, 1)");
    assertEquals(List.of("PREPARE TRANSACTION"), one.run("prepare transaction 'r'"));
    two.run("set lock_timeout = 50");
    assertEquals(
        List.of("ERROR 55P03: canceling statement due to lock timeout"), two.run("commit"));
    assertEquals(List.of("1"), two.run("select v from t"));
    // He has been rolled back, and holds nothing.
    assertEquals(List.of("COMMIT PREPARED"), two.run("commit prepared 'r'"));
    assertEquals(List.of("UPDATE 1"), two.run("update t set v = 3"));

    // With a change of the schema as well he fails at once: planning would wait for him.
    two.run("begin");
    two.run("update t set v = 4");
    two.run("alter table u add column w int");
    one.run("begin");
    assertEquals(List.of("3"), one.run("select v from t"));
    one.run("insert into t values (9, 9)");
    assertEquals(List.of("PREPARE TRANSACTION"), one.run("prepare transaction 'r'"));
    assertEquals(
        List.of(
            "ERROR 40001: could not serialize access due to read/write dependencies among"
                + " transactions"),
        two.run("commit"));
    assertEquals(List.of("ROLLBACK PREPARED"), one.run("rollback prepared 'r'"));
    assertEquals(List.of("1|3"), one.run("select * from t"));
  }

  @Test
  void onlyItsOwnerEndsItInItsDatabase() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript owner = new SqlScript(engine, 1);
    owner.run("create role bob login");
    owner.run("create database other");
    prepare(owner, "x");
    SqlScript bob =
        new SqlScript(
            engine, SqlScript.Shown.DETAILS, Map.of("user", "bob", "database", "postgres"), 2);
    List<String> denied =
        List.of(
            "ERROR 42501: permission denied to finish prepared transaction",
            "HINT: Must be superuser or the user that prepared the transaction.");
    assertEquals(denied, bob.run("commit prepared 'x'"));
    assertEquals(denied, bob.run("rollback prepared 'x'"));
    SqlScript other =
        new SqlScript(
            engine, SqlScript.Shown.DETAILS, Map.of("user", "postgres", "database", "other"), 3);
    assertEquals(
        List.of(
            "ERROR 0A000: prepared transaction belongs to another database",
            "HINT: Connect to the database where the transaction was prepared to finish it."),
        other.run("commit prepared 'x'"));
    assertEquals(List.of("PREPARE TRANSACTION"), prepare(bob, "bobs"));
    assertEquals(
        List.of("x|postgres|postgres", "bobs|bob|postgres"),
        owner.run("select gid, owner, database from pg_prepared_xacts order by owner desc"));
    assertEquals(List.of("ROLLBACK PREPARED"), bob.run("rollback prepared 'bobs'"));

    assertEquals(List.of("PREPARE TRANSACTION"), prepare(other, "there"));
    other.session().close();
    SqlScript dropper =
        new SqlScript(engine, SqlScript.Shown.DETAILS, Map.of("user", "postgres"), 4);
    assertEquals(
        List.of(
            "ERROR 55006: database \"other\" is being accessed by other users",
            "DETAIL: There is 1 prepared transaction using the database."),
        dropper.run("drop database other"));
  }

  @Test
  void thereIsAMostOfThem() {
    SqlScript session =
        new SqlScript(engine("2"), SqlScript.Shown.DETAILS, Map.of("user", "postgres"), 1);
    assertEquals(List.of("PREPARE TRANSACTION"), prepare(session, "a"));
    assertEquals(List.of("PREPARE TRANSACTION"), prepare(session, "b"));
    assertEquals(
        List.of(
            "ERROR 53200: maximum number of prepared transactions reached",
            "HINT: Increase max_prepared_transactions (currently 2)."),
        prepare(session, "c"));
    assertEquals(List.of("ROLLBACK PREPARED"), session.run("rollback prepared 'a'"));
    assertEquals(List.of("PREPARE TRANSACTION"), prepare(session, "c"));
  }

  @Test
  void withoutAnyAllowedItIsRefused() {
    SqlScript session =
        new SqlScript(engine("0"), SqlScript.Shown.DETAILS, Map.of("user", "postgres"), 1);
    assertEquals(
        List.of(
            "ERROR 55000: prepared transactions are disabled",
            "HINT: Set max_prepared_transactions to a nonzero value."),
        prepare(session, "a"));
    assertEquals(SqlSession.TransactionStatus.IDLE, session.session().status());
  }

  @Test
  void statementsThatComeTogetherAreABlock() {
    SqlScript session = new SqlScript(SqlScript.engine(), 1);
    session.run("create table t (id int primary key)");
    assertEquals(
        List.of(
            "INSERT 0 1",
            "WARNING: there is no transaction in progress",
            "PREPARE TRANSACTION",
            "2"),
        session.run("insert into t values (5); prepare transaction 'ab'; select 2"));
    assertEquals(
        List.of("ERROR 25001: COMMIT PREPARED cannot run inside a transaction block"),
        session.run("commit prepared 'ab'; select 3"));
    assertEquals(List.of("COMMIT PREPARED"), session.run("commit prepared 'ab'"));
    assertEquals(List.of("5"), session.run("select * from t"));
  }

  @Test
  void itsLocksAreListedWithoutAProcess() {
    SqlScript session = new SqlScript(SqlScript.engine(), 1);
    session.run("create table t (id int primary key)");
    session.run("begin");
    session.run("insert into t values (1)");
    session.run("prepare transaction 'l'");
    assertEquals(
        List.of("relation|t|RowExclusiveLock|t", "transactionid||ExclusiveLock|t"),
        session.run(
            "select locktype, relation::regclass, mode, granted from pg_locks where pid is null"
                + " order by 1"));
    assertEquals(
        List.of("1"),
        session.run(
            "select count(*) from pg_locks l join pg_prepared_xacts p"
                + " on l.transactionid = p.transaction"));
    session.run("commit prepared 'l'");
    assertEquals(List.of("0"), session.run("select count(*) from pg_locks where pid is null"));
  }

  /// Ours, not PostgreSQL's: what is not built says so, and the transaction is rolled back.
  @Test
  void schemaChangesAndAdvisoryLocksAreRefused() {
    SqlScript session = new SqlScript(SqlScript.engine(), 1);
    session.run("begin");
    session.run("create table t (id int)");
    assertEquals(
        List.of(
            "ERROR 0A000: PREPARE TRANSACTION of a transaction that has changed schema is not"
                + " supported yet"),
        session.run("prepare transaction 'ddl'"));
    assertEquals(List.of("0"), session.run("select count(*) from pg_tables where tablename = 't'"));
    session.run("begin");
    session.run("select pg_advisory_xact_lock(1)");
    assertEquals(
        List.of(
            "ERROR 0A000: PREPARE TRANSACTION of a transaction that has taken advisory locks is not"
                + " supported yet"),
        session.run("prepare transaction 'adv'"));
    assertEquals(List.of(), session.run("select gid from pg_prepared_xacts"));
  }
}
