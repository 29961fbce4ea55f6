package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// When a transaction's modes may be set; the texts are those of PostgreSQL 15.
class TransactionModesTest {
  private final SqlScript ann = new SqlScript(SqlScript.engine());

  private void refuses(String text, String... statements) {
    for (int i = 0; i < statements.length - 1; i++) {
      ann.run(statements[i]);
    }
    assertEquals(List.of("ERROR 25001: " + text), ann.run(statements[statements.length - 1]));
    ann.run("ROLLBACK");
  }

  @Test
  void notAfterTheFirstQuery() {
    refuses(
        "SET TRANSACTION ISOLATION LEVEL must be called before any query",
        "BEGIN ISOLATION LEVEL READ UNCOMMITTED",
        "SELECT 1",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    refuses(
        "transaction read-write mode must be set before any query",
        "BEGIN READ ONLY",
        "SELECT 1",
        "SET TRANSACTION READ WRITE");
    refuses(
        "SET TRANSACTION [NOT] DEFERRABLE must be called before any query",
        "BEGIN",
        "SELECT 1",
        "SET TRANSACTION DEFERRABLE");
  }

  @Test
  void notBehindASavepoint() {
    refuses(
        "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction",
        "BEGIN",
        "SAVEPOINT a",
        "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
    refuses(
        "cannot set transaction read-write mode inside a read-only transaction",
        "BEGIN READ ONLY",
        "SAVEPOINT a",
        "SET TRANSACTION READ WRITE");
  }

  @Test
  void readUncommittedIsShownAsItWasSet() {
    ann.run("BEGIN ISOLATION LEVEL READ UNCOMMITTED");
    assertEquals(List.of("read uncommitted"), ann.run("SHOW transaction_isolation"));
    ann.run("COMMIT");
    ann.run(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ UNCOMMITTED, READ ONLY,"
            + " DEFERRABLE");
    assertEquals(List.of("read uncommitted"), ann.run("SHOW default_transaction_isolation"));
    assertEquals(List.of("on"), ann.run("SHOW default_transaction_read_only"));
    assertEquals(List.of("on"), ann.run("SHOW default_transaction_deferrable"));
  }
}
