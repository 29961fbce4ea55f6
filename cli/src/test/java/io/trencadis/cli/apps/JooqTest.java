package io.trencadis.cli.apps;

import static org.jooq.impl.DSL.arrayAgg;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbArrayAgg;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static org.jooq.impl.SQLDataType.JSONB;
import static org.jooq.impl.SQLDataType.NUMERIC;
import static org.jooq.impl.SQLDataType.UUID;
import static org.jooq.impl.SQLDataType.VARCHAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.cli.RunningServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jooq.meta.Database;
import org.jooq.meta.jaxb.CatalogMappingType;
import org.jooq.meta.jaxb.SchemaMappingType;
import org.jooq.meta.postgres.PostgresDatabase;
import org.junit.jupiter.api.Test;

/// jOOQ: its DDL, its queries, its batches and transactions, and the reader of the catalog that its
/// code generator uses.
class JooqTest {
  private static final Table<Record> ITEMS = table(name("shop", "items"));
  private static final Field<Integer> ID = field(name("shop", "items", "id"), INTEGER);
  private static final Field<String> NAME = field(name("shop", "items", "name"), VARCHAR);
  private static final Field<BigDecimal> PRICE = field(name("shop", "items", "price"), NUMERIC);
  private static final Field<Integer> KIND = field(name("shop", "items", "kind"), INTEGER);

  @Test
  void buildsAndReadsWhatItReadsFromPostgres() throws SQLException {
    try (RunningServer server = RunningServer.start()) {
      exercise("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres");
    }
  }

  static void exercise(String url) throws SQLException {
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
      DSLContext jooq = DSL.using(connection, SQLDialect.POSTGRES);
      create(jooq);
      queries(jooq);
      transactions(jooq);
      catalog(jooq);
      jooq.dropSchema("shop").cascade().execute();
    }
  }

  private static void create(DSLContext jooq) {
    jooq.createSchema("shop").execute();
    jooq.execute("create type shop.mood as enum ('sad', 'fine')");
    jooq.execute("create domain shop.positive as int check (value > 0)");
    jooq.createTable(name("shop", "kinds"))
        .column("id", INTEGER.identity(true))
        .column("word", VARCHAR(20).nullable(false))
        .constraints(DSL.primaryKey("id"), DSL.unique("word"))
        .execute();
    jooq.createTableIfNotExists(ITEMS)
        .column("id", INTEGER.nullable(false))
        .column("name", VARCHAR(40).nullable(false).defaultValue(inline("none")))
        .column("price", NUMERIC(10, 2))
        .column("kind", INTEGER)
        .column("key", UUID)
        .column("extra", JSONB)
        .constraints(
            DSL.constraint("items_pk").primaryKey("id"),
            DSL.constraint("items_kind")
                .foreignKey("kind")
                .references(name("shop", "kinds"), name("id"))
                .onDeleteCascade(),
            DSL.constraint("items_price")
                .check(field("price", NUMERIC).gt(inline(BigDecimal.ZERO))))
        .execute();
    jooq.createIndex("items_name").on(ITEMS, NAME.asc(), PRICE.desc()).execute();
    jooq.createView(name("shop", "dear"), name("id"))
        .as(select(ID).from(ITEMS).where(PRICE.gt(BigDecimal.TEN)))
        .execute();
    jooq.createSequence(name("shop", "numbers")).startWith(10).execute();
    jooq.alterTable(ITEMS).addColumn("mood", VARCHAR(5)).execute();
    jooq.execute("comment on table shop.items is 'what is sold'");
  }

  private static void queries(DSLContext jooq) {
    jooq.execute("insert into shop.kinds (word) values ('lamp'), ('chair')");
    assertEquals(
        List.of(1, 2, 3),
        jooq.insertInto(ITEMS, ID, NAME, PRICE, KIND)
            .values(1, "one", new BigDecimal("5.25"), 1)
            .values(2, "two", new BigDecimal("15"), 2)
            .values(3, "three", null, 1)
            .returning(ID)
            .fetch(ID));
    assertEquals(
        "two!",
        jooq.insertInto(ITEMS, ID, NAME)
            .values(2, "two!")
            .onConflict(ID)
            .doUpdate()
            .set(NAME, excluded(NAME))
            .returning(NAME)
            .fetchSingle(NAME));
    var number = rowNumber().over().partitionBy(KIND).orderBy(ID.desc());
    assertEquals(
        "1:2 2:1 3:1",
        jooq.select(ID, number).from(ITEMS).orderBy(ID).fetch().stream()
            .map(r -> r.value1() + ":" + r.value2())
            .collect(Collectors.joining(" ")));
    var totals =
        name("totals")
            .fields("kind", "total")
            .as(select(KIND, sum(PRICE)).from(ITEMS).groupBy(KIND));
    assertEquals(
        List.of(new BigDecimal("5.25"), new BigDecimal("15.00")),
        jooq.with(totals)
            .select(totals.field("total", NUMERIC))
            .from(totals)
            .orderBy(totals.field("kind"))
            .fetch(0, BigDecimal.class));
    assertEquals(
        List.of("one", "three"),
        List.of(
            jooq.select(arrayAgg(NAME).orderBy(ID))
                .from(ITEMS)
                .where(KIND.eq(1))
                .fetchSingle()
                .value1()));
    assertEquals(
        "[1, 3]",
        jooq.select(jsonbArrayAgg(ID).orderBy(ID))
            .from(ITEMS)
            .where(KIND.eq(1))
            .fetchSingle()
            .value1()
            .data());
    assertEquals(
        2,
        jooq.fetchCount(
            jooq.selectFrom(ITEMS).where(row(KIND, ID).in(List.of(row(1, 1), row(1, 3))))));
    assertEquals(
        List.of("one/lamp", "two!/chair"),
        jooq.select(NAME.concat("/").concat(field(name("k", "word"), VARCHAR)))
            .from(ITEMS)
            .join(table(name("shop", "kinds")).as("k"))
            .on(field(name("k", "id"), INTEGER).eq(KIND))
            .where(PRICE.isNotNull())
            .orderBy(ID)
            .fetch(0, String.class));
    assertEquals(
        List.of(1, 2, 3, 4),
        jooq.withRecursive("t", "n")
            .as(
                select(val(1))
                    .unionAll(
                        select(field("n", INTEGER).plus(1))
                            .from(table("t"))
                            .where(field("n", INTEGER).lt(4))))
            .select(field("n", INTEGER))
            .from(table("t"))
            .fetch(0, Integer.class));
    assertEquals(
        List.of(2),
        jooq.select(ID)
            .from(ITEMS)
            .orderBy(PRICE.desc().nullsLast(), ID)
            .limit(1)
            .offset(0)
            .forUpdate()
            .skipLocked()
            .fetch(ID));
    assertEquals(
        "lamp:2 chair:1",
        jooq
            .select(field(name("k", "word"), VARCHAR), DSL.multisetAgg(ID).as("ids"))
            .from(table(name("shop", "kinds")).as("k"))
            .join(ITEMS)
            .on(field(name("k", "id"), INTEGER).eq(KIND))
            .groupBy(field(name("k", "word")))
            .orderBy(field(name("k", "word")).desc())
            .fetch()
            .stream()
            .map(r -> r.value1() + ":" + ((Result<?>) r.value2()).size())
            .collect(Collectors.joining(" ")));
    assertEquals(10L, jooq.nextval(DSL.sequence(name("shop", "numbers"), BIGINT)));
    assertEquals(
        List.of(1, 1),
        java.util.Arrays.stream(
                jooq.batch(
                        jooq.update(ITEMS).set(PRICE, new BigDecimal("6")).where(ID.eq(1)),
                        jooq.deleteFrom(ITEMS).where(ID.eq(3)))
                    .execute())
            .boxed()
            .toList());
    assertEquals(
        1,
        jooq.mergeInto(ITEMS)
            .using(select(val(1).as("x")).asTable("s"))
            .on(ID.eq(field(name("s", "x"), INTEGER)))
            .whenMatchedThenUpdate()
            .set(field(name("name"), VARCHAR), "merged")
            .execute());
  }

  private static void transactions(DSLContext jooq) {
    assertThrows(
        IntegrityConstraintViolationException.class,
        () ->
            jooq.transaction(
                outer -> {
                  outer.dsl().deleteFrom(ITEMS).execute();
                  assertThrows(
                      IllegalStateException.class,
                      () ->
                          outer
                              .dsl()
                              .transaction(
                                  inner -> {
                                    inner.dsl().execute("delete from shop.kinds");
                                    throw new IllegalStateException("back to the savepoint");
                                  }));
                  assertEquals(2, outer.dsl().fetchCount(table(name("shop", "kinds"))));
                  outer.dsl().insertInto(ITEMS, ID, NAME, KIND).values(9, "lost", 4711).execute();
                }));
    assertEquals(2, jooq.select(count()).from(ITEMS).fetchSingle().value1());
  }

  /// What the code generator reads.
  private static void catalog(DSLContext jooq) {
    assertEquals(
        List.of("dear", "items", "kinds"),
        jooq.meta().getSchemas("shop").getFirst().getTables().stream()
            .map(Table::getName)
            .sorted()
            .toList());
    try (Database database = new PostgresDatabase()) {
      database.setConnection(jooq.configuration().connectionProvider().acquire());
      database.setConfiguredCatalogs(
          List.of(
              new CatalogMappingType()
                  .withInputCatalog("")
                  .withSchemata(new SchemaMappingType().withInputSchema("shop"))));
      database.setConfiguredSchemata(List.of(new SchemaMappingType().withInputSchema("shop")));
      database.setIncludes(new String[] {".*"});
      database.setExcludes(new String[0]);
      database.setIncludeTables(true);
      database.setIncludeIndexes(true);
      database.setIncludeRoutines(true);
      database.setIncludeSequences(true);
      database.setIncludeDomains(true);
      database.setIncludeUDTs(true);
      database.setIncludePrimaryKeys(true);
      database.setIncludeUniqueKeys(true);
      database.setIncludeForeignKeys(true);
      database.setIncludeCheckConstraints(true);
      var schema = database.getSchema("shop");
      assertEquals(
          List.of("dear", "items", "kinds"),
          database.getTables(schema).stream().map(t -> t.getName()).sorted().toList());
      var items = database.getTable(schema, "items");
      assertEquals("what is sold", items.getComment());
      assertEquals(
          "id:integer:false name:character varying:false price:numeric:true kind:integer:true key:uuid:true extra:jsonb:true mood:character varying:true",
          items.getColumns().stream()
              .map(c -> c.getName() + ":" + c.getType().getType() + ":" + c.getType().isNullable())
              .collect(Collectors.joining(" ")));
      assertEquals("items_pk", items.getPrimaryKey().getName());
      assertEquals("items_kind", items.getForeignKeys().getFirst().getName());
      assertEquals("kinds", items.getForeignKeys().getFirst().getReferencedTable().getName());
      assertEquals(
          List.of("items_price"),
          items.getCheckConstraints().stream().map(c -> c.getName()).toList());
      assertEquals(
          List.of("items_name"), items.getIndexes().stream().map(i -> i.getName()).toList());
      assertEquals(
          List.of("mood"), database.getEnums(schema).stream().map(e -> e.getName()).toList());
      assertEquals(List.of("sad", "fine"), database.getEnum(schema, "mood").getLiterals());
      assertEquals(
          List.of("positive"), database.getDomains(schema).stream().map(d -> d.getName()).toList());
      assertEquals(
          List.of("numbers"),
          database.getSequences(schema).stream().map(s -> s.getName()).toList());
      assertEquals(List.of(), database.getRoutines(schema).stream().map(r -> r.getName()).toList());
      assertEquals(List.of(), database.getUDTs(schema));
    }
  }
}
