package io.trencadis.sql.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemView;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/// Rows of the system relations over the [Sample], compared with what PostgreSQL 15 has after the
/// same statements. Oids of users' objects differ, of course.
class SystemCatalogTest {
  private final SystemCatalog catalog = new SystemCatalog();
  private final SampleAccess access = new SampleAccess(catalog, new CatalogAnswers(catalog));

  /// Some columns of the rows whose first one given has a value (as text), or of all rows.
  private List<String> rows(String relation, String key, String value, String... columns) {
    int dot = relation.indexOf('.');
    SystemView view =
        catalog.find(
            dot < 0 ? "pg_catalog" : relation.substring(0, dot), relation.substring(dot + 1));
    List<String> found = new ArrayList<>();
    for (Object[] row : view.rows(access)) {
      if (key == null || value.equals(text(view, row, key))) {
        StringJoiner line = new StringJoiner("|");
        for (String column : columns) {
          line.add(String.valueOf(text(view, row, column)));
        }
        found.add(line.toString());
      }
    }
    return found;
  }

  private String text(SystemView view, Object[] row, String name) {
    for (int i = 0; i < view.columns().size(); i++) {
      SystemView.ViewColumn column = view.columns().get(i);
      if (column.name().equals(name)) {
        return row[i] == null ? null : column.type().codec().format(row[i], access);
      }
    }
    throw new IllegalArgumentException(view.name() + " has no column " + name);
  }

  @Test
  void everyValueOfEveryRelationFitsItsColumn() {
    assertEquals(PgCatalog.systemRelations().size(), catalog.all().size());
    for (SystemView view : catalog.all()) {
      for (Object[] row : view.rows(access)) {
        int columns = view.columns().size();
        assertEquals(columns + (view.hasTableOid() ? 1 : 0), row.length, view.name());
        if (view.hasTableOid()) {
          assertEquals(Integer.toUnsignedLong(view.oid()), row[columns], view.name());
        }
        for (int i = 0; i < columns; i++) {
          SystemView.ViewColumn column = view.columns().get(i);
          if (row[i] != null) {
            assertNotNull(column.type().codec().format(row[i], access));
          } else {
            assertTrue(!column.notNull(), view.name() + "." + column.name());
          }
        }
      }
    }
  }

  @Test
  void isFoundByNameAndOid() {
    assertEquals(1259, catalog.find("pg_catalog", "pg_class").oid());
    assertEquals("pg_type", catalog.byOid(1247).name());
    assertEquals('v', catalog.find("information_schema", "tables").kind());
    assertNull(catalog.find("public", "pg_class"));
    assertNull(catalog.byOid(99999));
  }

  @Test
  void withoutASessionOnlyBuiltInObjectsAreThere() {
    List<Object[]> rows = new ArrayList<>();
    catalog.find("pg_catalog", "pg_tablespace").rows(EvalContext.NONE).forEach(rows::add);
    assertEquals(2, rows.size());
  }

  @Test
  void relations() {
    String[] columns = {
      "relname",
      "relkind",
      "relam",
      "relhasindex",
      "relnatts",
      "relchecks",
      "relispartition",
      "relhassubclass",
      "reltuples",
      "relpartbound"
    };
    assertEquals(
        List.of(
            "t|r|2|t|7|1|f|f|7|null",
            "t_pkey|i|403|f|1|0|f|f|7|null",
            "t_a_b_key|i|403|f|2|0|f|f|7|null",
            "t_c|i|403|f|3|0|f|f|7|null",
            "T Odd|i|403|f|1|0|f|f|7|null",
            "v|v|0|f|2|0|f|f|0|null",
            "p|p|0|f|2|0|f|t|-1|null",
            "p1|r|2|f|2|0|t|f|7|FOR VALUES FROM (MINVALUE) TO (10)",
            "p2|r|2|f|2|0|t|f|7|DEFAULT",
            "t_id_seq|S|0|f|3|0|f|f|1|null",
            "t_f_seq|S|0|f|3|0|f|f|1|null"),
        rows("pg_class", "relnamespace", "2200", columns));
    assertEquals(
        List.of("r|11|33"),
        rows("pg_class", "relname", "pg_class", "relkind", "relnamespace", "relnatts"));
  }

  @Test
  void columns() {
    assertEquals(
        List.of(
            "id|23|4|1|-1|t|t|",
            "a|25|-1|2|-1|t|t|",
            "b|1700|-1|3|655366|f|f|",
            "c|1043|-1|4|24|f|f|",
            "e|23|4|5|-1|f|f|",
            "f|23|4|6|-1|t|f|a",
            "........pg.dropped.7........|0|0|7|-1|f|f|"),
        rows(
            "pg_attribute",
            "attrelid",
            Integer.toString(Sample.T),
            "attname",
            "atttypid",
            "attlen",
            "attnum",
            "atttypmod",
            "attnotnull",
            "atthasdef",
            "attidentity"));
    assertEquals(
        List.of("c|1", "e|2", "b|3"),
        rows("pg_attribute", "attrelid", Integer.toString(Sample.T_C), "attname", "attnum"));
    assertEquals(
        List.of("1|nextval('t_id_seq'::regclass)", "2|'x'::text"),
        rows("pg_attrdef", "adrelid", Integer.toString(Sample.T), "adnum", "adbin"));
  }

  @Test
  void indexesAndConstraints() {
    assertEquals(
        List.of(
            "1|1|t|t|1|0|1978|0",
            "2|2|t|f|2 3|100 0|3126 3125|0 0",
            "3|2|f|f|4 5 3|100 0|3126 1978|3 0",
            "1|1|t|f|5|0|1978|2"),
        rows(
            "pg_index",
            "indrelid",
            Integer.toString(Sample.T),
            "indnatts",
            "indnkeyatts",
            "indisunique",
            "indisprimary",
            "indkey",
            "indcollation",
            "indclass",
            "indoption"));
    assertEquals(
        List.of("t_b_check|c|{3}|0", "t_pkey|p|{1}|16401", "t_a_b_key|u|{2,3}|16403"),
        rows(
            "pg_constraint",
            "conrelid",
            Integer.toString(Sample.T),
            "conname",
            "contype",
            "conkey",
            "conindid"));
    assertEquals(
        List.of("r|1|16411|1|1978|0"),
        rows(
            "pg_partitioned_table",
            "partrelid",
            Integer.toString(Sample.P),
            "partstrat",
            "partnatts",
            "partdefid",
            "partattrs",
            "partclass",
            "partcollation"));
    assertEquals(
        List.of("16410|16409|1", "16411|16409|1"),
        rows("pg_inherits", null, null, "inhrelid", "inhparent", "inhseqno"));
  }

  @Test
  void ownedSequences() {
    assertEquals(
        List.of("2615|2200|0|n", "1259|16400|1|a"),
        rows(
            "pg_depend",
            "objid",
            Integer.toString(Sample.ID_SEQ),
            "refclassid",
            "refobjid",
            "refobjsubid",
            "deptype"));
    assertEquals(
        List.of("t_id_seq|postgres|integer|1|41", "t_f_seq|postgres|integer|1|null"),
        rows(
            "pg_sequences",
            "schemaname",
            "public",
            "sequencename",
            "sequenceowner",
            "data_type",
            "increment_by",
            "last_value"));
  }

  @Test
  void typesAndFunctions() {
    assertEquals(
        List.of("int4|4|t|b|N|1007|int4in|int4out|-|i|p"),
        rows(
            "pg_type",
            "oid",
            "23",
            "typname",
            "typlen",
            "typbyval",
            "typtype",
            "typcategory",
            "typarray",
            "typinput",
            "typoutput",
            "typanalyze",
            "typalign",
            "typstorage"));
    assertEquals(
        List.of("c|C|16400|record_in"),
        rows("pg_type", "typname", "t", "typtype", "typcategory", "typrelid", "typinput"));
    assertEquals(
        List.of("substr|25|25 23 23|i|12|text_substr"),
        rows(
            "pg_proc",
            "oid",
            "877",
            "proname",
            "prorettype",
            "proargtypes",
            "provolatile",
            "prolang",
            "prosrc"));
    assertEquals(
        List.of("n|array_agg_transfn|array_agg_finalfn|t|2281"),
        rows(
            "pg_aggregate",
            "aggtransfn",
            "array_agg_transfn",
            "aggkind",
            "aggtransfn",
            "aggfinalfn",
            "aggfinalextra",
            "aggtranstype"));
  }

  @Test
  void rolesHideTheirPasswords() {
    assertEquals(
        List.of("postgres|t|t|********", "grp|f|f|********", "joe|f|t|********"),
        rows("pg_roles", null, null, "rolname", "rolsuper", "rolcanlogin", "rolpassword").stream()
            .filter(row -> !row.startsWith("pg_"))
            .toList());
    assertEquals(
        List.of("16416|16417|f"),
        rows("pg_auth_members", null, null, "roleid", "member", "admin_option").stream()
            .filter(row -> row.startsWith("164"))
            .toList());
    assertEquals(List.of("{16417}"), rows("pg_group", "groname", "grp", "grolist"));
  }

  @Test
  void settingsAndActivity() {
    assertEquals(
        List.of("work_mem|4096|kB|user|integer|64|2147483647|4096"),
        rows(
            "pg_settings",
            "name",
            "work_mem",
            "name",
            "setting",
            "unit",
            "context",
            "vartype",
            "min_val",
            "max_val",
            "boot_val"));
    assertEquals(List.of(), rows("pg_settings", "name", "session_authorization", "name"));
    assertEquals(
        List.of("7|postgres|Client|ClientRead|idle|select 1|client backend"),
        rows(
            "pg_stat_activity",
            null,
            null,
            "pid",
            "usename",
            "wait_event_type",
            "wait_event",
            "state",
            "query",
            "backend_type"));
    assertEquals(
        List.of("s1|{integer}"),
        rows("pg_prepared_statements", null, null, "name", "parameter_types"));
    assertEquals(List.of("7"), rows("pg_stat_user_tables", "relname", "t", "n_live_tup"));
  }

  @Test
  void informationSchemaOfColumns() {
    assertEquals(
        List.of(
            "id|1|nextval('t_id_seq'::regclass)|NO|integer|null|32|0|int4|NO|null",
            "a|2|'x'::text|NO|text|null|null|null|text|NO|null",
            "b|3|null|YES|numeric|null|10|2|numeric|NO|null",
            "c|4|null|YES|character varying|20|null|null|varchar|NO|null",
            "e|5|null|YES|integer|null|32|0|int4|NO|null",
            "f|6|null|NO|integer|null|32|0|int4|YES|ALWAYS"),
        rows(
            "information_schema.columns",
            "table_name",
            "t",
            "column_name",
            "ordinal_position",
            "column_default",
            "is_nullable",
            "data_type",
            "character_maximum_length",
            "numeric_precision",
            "numeric_scale",
            "udt_name",
            "is_identity",
            "identity_generation"));
    assertEquals(
        List.of("ARRAY|_int4"),
        rows("information_schema.columns", "table_name", "q", "data_type", "udt_name"));
  }

  @Test
  void informationSchemaOfTablesAndConstraints() {
    assertEquals(
        List.of("t|BASE TABLE", "v|VIEW", "p|BASE TABLE", "p1|BASE TABLE", "p2|BASE TABLE"),
        rows("information_schema.tables", "table_schema", "public", "table_name", "table_type"));
    assertEquals(
        List.of(
            "t_pkey|PRIMARY KEY|null",
            "t_a_b_key|UNIQUE|YES",
            "t_b_check|CHECK|null",
            "2200_16400_1_not_null|CHECK|null",
            "2200_16400_2_not_null|CHECK|null",
            "2200_16400_6_not_null|CHECK|null"),
        rows(
            "information_schema.table_constraints",
            "table_name",
            "t",
            "constraint_name",
            "constraint_type",
            "nulls_distinct"));
    assertEquals(
        List.of("t_pkey|id|1", "t_a_b_key|a|1", "t_a_b_key|b|2"),
        rows(
            "information_schema.key_column_usage",
            "table_name",
            "t",
            "constraint_name",
            "column_name",
            "ordinal_position"));
    assertEquals(
        List.of("((b > (0)::numeric))"),
        rows(
            "information_schema.check_constraints",
            "constraint_name",
            "t_b_check",
            "check_clause"));
    assertEquals(
        List.of("t_id_seq|integer|1|2147483647|NO"),
        rows(
            "information_schema.sequences",
            null,
            null,
            "sequence_name",
            "data_type",
            "start_value",
            "maximum_value",
            "cycle_option"));
  }
}
