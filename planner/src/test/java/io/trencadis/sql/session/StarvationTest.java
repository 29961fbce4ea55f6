package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import io.trencadis.txn.IsolationLevel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Somebody changes what a transaction has read each time before it commits: it would fail for
/// ever, if it did not lock what it reads after three attempts.
class StarvationTest {
  private final Node node = new Node(Outside.real(), 4);
  private LocalSqlEngine engine;
  private boolean armed;
  private int changes;
  private int heldOff;

  /// A gateway whose transactions let somebody else change a row right before they commit.
  private Gateway disturbed() {
    return (Gateway)
        Proxy.newProxyInstance(
            Gateway.class.getClassLoader(),
            new Class<?>[] {Gateway.class},
            (_, method, args) -> {
              Object result = invoke(node, method, args);
              return method.getName().equals("begin")
                      && args[0] == IsolationLevel.SERIALIZABLE
                      && !(boolean) args[1]
                  ? disturbed((Transaction) result)
                  : result;
            });
  }

  private Transaction disturbed(Transaction transaction) {
    return (Transaction)
        Proxy.newProxyInstance(
            Transaction.class.getClassLoader(),
            new Class<?>[] {Transaction.class},
            (_, method, args) -> {
              if (method.getName().equals("commit") && armed) {
                change();
              }
              return invoke(transaction, method, args);
            });
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] args)
      throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /// Changes what is in every row of `u`, but for its sign.
  private void change() {
    armed = false;
    SqlScript other = new SqlScript(engine, 2);
    other.run("set lock_timeout = 20");
    List<String> answer = other.run("update u set v = v + 1");
    other.session().close();
    if (answer.equals(List.of("UPDATE 2"))) {
      changes++;
    } else {
      assertEquals(List.of("ERROR 55P03: canceling statement due to lock timeout"), answer);
      heldOff++;
    }
    armed = true;
  }

  private SqlScript start() {
    SystemCatalog catalog = new SystemCatalog();
    engine =
        new LocalSqlEngine(
            disturbed(),
            Outside.real(),
            new SettingsRegistry(Map.of("TimeZone", "UTC")),
            catalog,
            new CatalogAnswers(catalog),
            password -> password,
            null);
    SqlScript session = new SqlScript(engine, 1);
    session.run("create table t (id int primary key, v int)");
    session.run("create table u (id int primary key, v int)");
    session.run("insert into t values (1, 0)");
    session.run("insert into u values (1, 1), (2, 2)");
    return session;
  }

  @Test
  void aTransactionCommitsWithItsFourthAttempt() {
    SqlScript session = start();
    session.run("begin");
    assertEquals(List.of("t"), session.run("select v > 0 from u where id = 1"));
    session.run("update t set v = 7 where id = 1");
    armed = true;
    assertEquals(List.of("COMMIT"), session.run("commit"));
    armed = false;
    assertEquals(3, changes);
    assertEquals(1, heldOff);
    assertEquals(List.of("7"), session.run("select v from t"));
  }

  @Test
  void aLoneStatementThatScansDoes() {
    SqlScript session = start();
    armed = true;
    assertEquals(List.of("UPDATE 1"), session.run("update t set v = (select count(v) from u)"));
    armed = false;
    assertEquals(3, changes);
    assertEquals(1, heldOff);
    assertEquals(List.of("2"), session.run("select v from t"));
  }

  @Test
  void othersAreNotLocked() {
    SqlScript session = start();
    session.run("begin");
    session.run("select v from u");
    armed = true;
    change();
    assertEquals(1, changes);
    session.run("rollback");
  }
}
