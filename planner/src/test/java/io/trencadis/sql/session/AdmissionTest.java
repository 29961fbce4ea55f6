package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who may have a session, and what it begins with.
class AdmissionTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript admin = new SqlScript(engine);

  private SqlScript login(String user, int processId, String... options) {
    return new SqlScript(
        engine.open(
            options.length == 0
                ? Map.of("user", user, "database", "postgres")
                : Map.of("user", user, "database", "postgres", options[0], options[1]),
            processId,
            Endpoints.NONE));
  }

  private String refused(String user, int processId) {
    SqlException refusal = assertThrows(SqlException.class, () -> login(user, processId));
    assertTrue(refusal.fatal());
    return refusal.state().code() + " " + refusal.getMessage();
  }

  @Test
  void rolesWithoutLoginAreTurnedAway() {
    admin.run("CREATE ROLE r");
    assertEquals("28000 role \"r\" is not permitted to log in", refused("r", 2));
    assertEquals("28000 role \"nobody\" does not exist", refused("nobody", 2));
    admin.run("ALTER ROLE r LOGIN");
    assertEquals(List.of("r|r"), login("r", 2).run("SELECT current_user, session_user"));
  }

  @Test
  void aRoleHasNoMoreConnectionsThanItsLimit() {
    admin.run("CREATE USER r CONNECTION LIMIT 1");
    SqlScript first = login("r", 2);
    assertEquals("53300 too many connections for role \"r\"", refused("r", 3));
    first.session().close();
    login("r", 4).session().close();
  }

  @Test
  void connectingIsAPrivilege() {
    admin.run("CREATE USER r");
    admin.run("REVOKE CONNECT ON DATABASE postgres FROM public");
    assertEquals("42501 permission denied for database \"postgres\"", refused("r", 2));
    admin.run("GRANT CONNECT ON DATABASE postgres TO r");
    login("r", 2).session().close();
  }

  @Test
  void sessionsBeginWithTheMostSpecialSetting() {
    admin.run("CREATE USER r");
    admin.run("CREATE USER s");
    admin.run("ALTER ROLE ALL SET work_mem = '1MB'");
    admin.run("ALTER ROLE ALL SET statement_timeout = '1h'");
    admin.run("ALTER DATABASE postgres SET work_mem = '2MB'");
    admin.run("ALTER ROLE r SET work_mem = '3MB'");
    assertEquals(List.of("3MB"), login("r", 2).run("SHOW work_mem"));
    assertEquals(List.of("2MB"), login("s", 3).run("SHOW work_mem"));
    assertEquals(List.of("1h"), login("s", 4).run("SHOW statement_timeout"));
    admin.run("ALTER ROLE r IN DATABASE postgres SET work_mem = '4MB'");
    assertEquals(List.of("4MB"), login("r", 5).run("SHOW work_mem"));
    assertEquals(List.of("5MB"), login("r", 6, "work_mem", "5MB").run("SHOW work_mem"));
    SqlScript session = login("r", 7);
    session.run("SET work_mem = '6MB'");
    session.run("RESET work_mem");
    assertEquals(List.of("4MB"), session.run("SHOW work_mem"));
  }

  @Test
  void aPasswordIsGoodUntilItsTime() {
    admin.run("CREATE USER r PASSWORD 'verifier' VALID UNTIL '2001-01-01'");
    assertNull(engine.credentials("r").passwordVerifier());
    admin.run("ALTER USER r VALID UNTIL 'infinity'");
    assertNotNull(engine.credentials("r").passwordVerifier());
  }

  @Test
  void othersAreCancelledByMembersAlone() {
    admin.run("CREATE USER r");
    admin.run("CREATE USER s");
    SqlScript session = login("r", 2);
    login("s", 3);
    assertEquals(
        List.of("ERROR 42501: must be a superuser to cancel superuser query"),
        session.run("SELECT pg_cancel_backend(1)"));
    assertEquals(
        List.of("ERROR 42501: must be a superuser to terminate superuser process"),
        session.run("SELECT pg_terminate_backend(1)"));
    assertEquals(
        List.of(
            "ERROR 42501: must be a member of the role whose query is being canceled or member of"
                + " pg_signal_backend"),
        session.run("SELECT pg_cancel_backend(3)"));
    admin.run("GRANT pg_signal_backend TO r");
    assertEquals(List.of("t"), session.run("SELECT pg_cancel_backend(3)"));
  }

  @Test
  void whatOthersRunIsNotForEverybody() {
    admin.run("CREATE USER r");
    SqlScript session = login("r", 2);
    String query = "SELECT query FROM pg_stat_activity WHERE pid = 1";
    assertEquals(List.of("<insufficient privilege>"), session.run(query));
    admin.run("GRANT pg_monitor TO r");
    assertEquals(List.of("GRANT pg_monitor TO r"), session.run(query));
  }

  @Test
  void whatARoleMayDoIsAskedAgainAfterEachChange() {
    admin.run("CREATE USER r");
    admin.run("CREATE TABLE t (a int PRIMARY KEY)");
    SqlScript session = login("r", 2);
    String query = "SELECT a FROM t WHERE a = 1";
    List<String> denied = List.of("ERROR 42501: permission denied for table t");
    assertEquals(denied, session.run(query));
    admin.run("GRANT SELECT ON t TO r");
    assertEquals(List.of(), session.run(query));
    admin.run("REVOKE SELECT ON t FROM r");
    assertEquals(denied, session.run(query));
    admin.run("ALTER ROLE r SUPERUSER");
    assertEquals(List.of(), session.run(query));
    admin.run("ALTER ROLE r NOSUPERUSER");
    assertEquals(denied, session.run(query));
    assertEquals(List.of(), admin.run(query));
  }
}
