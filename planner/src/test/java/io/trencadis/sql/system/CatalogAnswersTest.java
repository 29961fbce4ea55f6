package io.trencadis.sql.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.Builtins;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The catalog functions over the [Sample]. Texts are those that PostgreSQL 15 prints after the
/// same statements, but for check constraints, which it prints out of its own tree.
class CatalogAnswersTest {
  private final SystemCatalog views = new SystemCatalog();
  private final CatalogAnswers answers = new CatalogAnswers(views);
  private final SampleAccess access = new SampleAccess(views, answers);

  private Object call(String prosrc, Object... args) {
    return answers.call(prosrc, args, access);
  }

  private static Long oid(int oid) {
    return (long) oid;
  }

  @Test
  void definitionsOfIndexes() {
    assertEquals(
        "CREATE UNIQUE INDEX t_a_b_key ON public.t USING btree (a, b)",
        call("pg_get_indexdef", oid(Sample.T_A_B_KEY)));
    assertEquals(
        "CREATE INDEX t_c ON public.t USING btree (c DESC, e) INCLUDE (b)",
        call("pg_get_indexdef", oid(Sample.T_C)));
    assertEquals(
        "CREATE UNIQUE INDEX \"T Odd\" ON public.t USING btree (e NULLS FIRST)",
        call("pg_get_indexdef", oid(Sample.T_ODD)));
    assertEquals("e", call("pg_get_indexdef_ext", oid(Sample.T_C), 2, true));
    assertEquals("b", call("pg_get_indexdef_ext", oid(Sample.T_C), 3, true));
    assertEquals("", call("pg_get_indexdef_ext", oid(Sample.T_C), 4, true));
    assertNull(call("pg_get_indexdef", 1L));
  }

  @Test
  void definitionsOfConstraintsAndPartitions() {
    assertEquals("PRIMARY KEY (id)", call("pg_get_constraintdef", oid(Sample.T_PKEY + 1)));
    assertEquals("UNIQUE (a, b)", call("pg_get_constraintdef", oid(Sample.T_A_B_KEY + 1)));
    assertEquals("CHECK ((b > (0)::numeric))", call("pg_get_constraintdef", oid(Sample.CHECK)));
    assertEquals(
        "CHECK (b > 0::numeric)", call("pg_get_constraintdef_ext", oid(Sample.CHECK), true));
    assertEquals("RANGE (k)", call("pg_get_partkeydef", oid(Sample.P)));
    assertNull(call("pg_get_partkeydef", oid(Sample.T)));
    assertEquals(
        "((k IS NOT NULL) AND (k < 10))", call("pg_get_partition_constraintdef", oid(Sample.P1)));
    assertEquals(oid(Sample.P), call("pg_partition_root", oid(Sample.P1)));
    assertNull(call("pg_partition_root", oid(Sample.T)));
    assertEquals(
        List.of(oid(Sample.P1), oid(Sample.P)), call("pg_partition_ancestors", oid(Sample.P1)));
    assertEquals(3, ((List<?>) call("pg_partition_tree", oid(Sample.P))).size());
  }

  @Test
  void sequencesOfColumns() {
    assertEquals("public.t_id_seq", call("pg_get_serial_sequence", "t", "id"));
    assertEquals("public.t_f_seq", call("pg_get_serial_sequence", "public.t", "f"));
    assertNull(call("pg_get_serial_sequence", "t", "a"));
    SqlException column =
        assertThrows(SqlException.class, () -> call("pg_get_serial_sequence", "t", "zz"));
    assertEquals("column \"zz\" of relation \"t\" does not exist", column.getMessage());
    SqlException table =
        assertThrows(SqlException.class, () -> call("pg_get_serial_sequence", "tt", "zz"));
    assertEquals("relation \"tt\" does not exist", table.getMessage());
  }

  @Test
  void visibility() {
    assertEquals(true, call("pg_table_is_visible", oid(Sample.T)));
    assertEquals(true, call("pg_table_is_visible", oid(Sample.T_ODD)));
    assertEquals(false, call("pg_table_is_visible", oid(Sample.Q)));
    assertEquals(true, call("pg_table_is_visible", 1259L));
    assertNull(call("pg_table_is_visible", 999_999L));
    assertEquals(true, call("pg_type_is_visible", 23L));
    assertEquals(true, call("pg_function_is_visible", 1397L));
  }

  private String named(PgType type, long oid) {
    return type.codec().format(oid, access);
  }

  private Object read(PgType type, String text) {
    return type.codec().parse(text, -1, access);
  }

  @Test
  void regTypesPrintNames() {
    assertEquals("t", named(Types.REGCLASS, Sample.T));
    assertEquals("other.q", named(Types.REGCLASS, Sample.Q));
    assertEquals("\"T Odd\"", named(Types.REGCLASS, Sample.T_ODD));
    assertEquals("pg_class", named(Types.REGCLASS, 1259));
    assertEquals("999999", named(Types.REGCLASS, 999_999));
    assertEquals("t", named(Types.REGTYPE, Oids.rowType(Sample.T)));
    assertEquals("integer", named(Types.REGTYPE, 23));
    assertEquals("other", named(Types.REGNAMESPACE, Sample.OTHER));
    assertEquals("joe", named(Types.REGROLE, Sample.JOE));
    assertEquals("pg_catalog.abs", named(Types.REGPROC, 1397));
    assertEquals("abs(integer)", named(Types.REGPROCEDURE, 1397));
    assertEquals("=(integer,integer)", named(Types.REGOPERATOR, 96));
  }

  @Test
  void regTypesReadNames() {
    assertEquals(oid(Sample.T), read(Types.REGCLASS, "t"));
    assertEquals(oid(Sample.T_ODD), read(Types.REGCLASS, "public.\"T Odd\""));
    assertEquals(1259L, read(Types.REGCLASS, "pg_class"));
    assertEquals(oid(Sample.JOE), read(Types.REGROLE, "joe"));
    assertEquals(23L, read(Types.REGTYPE, "integer"));
    assertEquals(oid(Oids.rowType(Sample.T)), read(Types.REGTYPE, "t"));
    assertEquals(1397L, read(Types.REGPROCEDURE, "abs(int)"));
    SqlException missing = assertThrows(SqlException.class, () -> read(Types.REGCLASS, "q"));
    assertEquals("relation \"q\" does not exist", missing.getMessage());
    SqlException ambiguous = assertThrows(SqlException.class, () -> read(Types.REGPROC, "abs"));
    assertEquals("more than one function named \"abs\"", ambiguous.getMessage());
    assertNull(call("to_regclass", "nope"));
    assertEquals(oid(Sample.Q), call("to_regclass", "other.q"));
    assertNull(call("to_regproc", "abs"));
  }

  @Test
  void privileges() {
    assertEquals(true, call("has_table_privilege_name", "t", "select"));
    assertEquals(false, call("has_table_privilege_name_name", "joe", "t", "select"));
    assertEquals(true, call("has_table_privilege_name_name", "joe", "pg_class", "select"));
    assertEquals(false, call("has_table_privilege_name_name", "joe", "pg_class", "insert"));
    assertNull(call("has_table_privilege_id", 999_999L, "select"));
    assertEquals(true, call("pg_has_role_name_name", "joe", "grp", "member"));
    assertEquals(false, call("pg_has_role_name_name", "grp", "joe", "member"));
    SqlException unknown =
        assertThrows(SqlException.class, () -> call("has_table_privilege_name", "t", "foo"));
    assertEquals("unrecognized privilege type: \"foo\"", unknown.getMessage());
  }

  @Test
  void sizesAreEstimates() {
    assertEquals(700L, call("pg_table_size", oid(Sample.T)));
    assertEquals(2100L, call("pg_indexes_size", oid(Sample.T)));
    assertEquals(2800L, call("pg_total_relation_size", oid(Sample.T)));
    assertNull(call("pg_relation_size", 999_999L, "main"));
  }

  @Test
  void cancellingNobodyWarns() {
    assertEquals(true, call("pg_cancel_backend", 7));
    assertEquals(false, call("pg_terminate_backend", 8));
    assertEquals(List.of("WARNING: PID 8 is not a PostgreSQL backend process"), access.notices);
  }

  @Test
  void othersAreRefusedByName() {
    SqlException refused = assertThrows(SqlException.class, () -> call("pg_export_snapshot"));
    assertEquals(SqlState.FEATURE_NOT_SUPPORTED, refused.state());
    assertEquals("unknown (OID=99)", call("pg_get_userbyid", 99L));
    assertEquals(true, Builtins.catalogFunctions().contains("pg_get_userbyid"));
  }
}
